from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_open_desk(self):
        """Go on with this lead at the order desk."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id("retail_crm.order_desk_action")
        return {**action, "params": {"lead_id": self.id}}
