from odoo import api, fields, models


class RetailAnonymize(models.TransientModel):
    _name = "retail.anonymize"
    _description = "Anonymize Customer"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    obstacles = fields.Text(compute="_compute_obstacles")
    invoice_count = fields.Integer("Invoices", compute="_compute_obstacles")

    @api.depends("partner_id")
    def _compute_obstacles(self):
        for wizard in self:
            partner = wizard.partner_id
            wizard.obstacles = "\n".join(partner._get_privacy_obstacles()) if partner else False
            # sudo: how many there are, not what they say
            wizard.invoice_count = (
                self.env["account.move"]
                .sudo()
                .search_count(
                    [
                        ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                        ("state", "=", "posted"),
                    ]
                )
            )

    def action_anonymize(self):
        """Do it and go back to the customers."""
        self.partner_id._anonymize()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.res_partner_action_customer"
        )
        return action | {"target": "main"}
