from odoo import api, models
from odoo.exceptions import UserError


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mapped(self):
        """A tax that stands for one of a web shop is not taken away under its orders."""
        # whoever keeps the taxes need not see the shops
        row = self.env["shop.mapping"].sudo().search([("tax_id", "in", self.ids)], limit=1)
        if row:
            raise UserError(
                self.env._(
                    "%(tax)s stands for the tax “%(theirs)s” of the web shop %(shop)s. Choose "
                    "another one there first, page Mappings, Taxes.",
                    tax=row.tax_id.name,
                    theirs=row.name,
                    shop=row.shop_id.name,
                )
            )
