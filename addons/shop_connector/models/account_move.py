from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        index="btree_not_null",
        check_company=True,
        help="The sales channel of the order behind this invoice.",
    )

    def _post(self, soft=True):
        """What a web shop was paid or has paid back waits for the invoice of its order."""
        posted = super()._post(soft)
        invoices = posted.filtered(lambda move: move.move_type == "out_invoice")
        # who posts an invoice need not be allowed to see the shop behind it
        orders = invoices.sudo().line_ids.sale_line_ids.order_id.filtered("shop_id")
        if orders:
            self.env["shop.payment"].sudo()._after_invoice(orders)
        return posted
