from odoo import api, fields, models


class ShopMapping(models.Model):
    _inherit = "shop.mapping"

    journal_id = fields.Many2one(
        "account.journal",
        ondelete="restrict",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash', 'credit')), ('company_id', '=', company_id)]",
        help="Payments made in the shop with this method are booked here.",
    )
    is_needed = fields.Boolean(
        readonly=True, help="Something waits until a record is chosen for this code."
    )

    @api.depends("is_needed")
    def _compute_is_missing(self):
        result = super()._compute_is_missing()
        for mapping in self.filtered(lambda row: row.kind == "payment"):
            mapping.is_missing = mapping.active and mapping.is_needed and not mapping.journal_id
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("journal_id"):
            # whoever maps a shop's codes need not be allowed to book
            self.env["shop.payment"].sudo()._after_journal(self.sudo())
        return result
