from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """The screen asks the server to call only where somebody there calls."""
        info = super().session_info()
        user = self.env.user
        if user._is_internal() and user.has_group("retail_crm.group_retail_crm_user"):
            line = self.env["retail.call"]._get_extension(user, self.env.company)
            info["retail_calls_out"] = bool(line)
        return info
