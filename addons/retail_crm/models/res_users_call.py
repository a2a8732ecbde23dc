from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    retail_extension = fields.Char(
        "Extension",
        compute="_compute_retail_extension",
        compute_sudo=True,
        help="On the telephone system of the company; set up there.",
    )

    def _compute_retail_extension(self):
        lines = self.env["retail.pbx.extension"].search(
            [("user_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)]
        )
        by_user = lines.grouped("user_id")
        for user in self:
            mine = by_user.get(user, lines.browse())
            user.retail_extension = ", ".join(dict.fromkeys(mine.mapped("extension"))) or False

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "retail_extension"]
