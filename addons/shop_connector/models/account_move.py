from odoo import fields, models

#: documents a customer of a web shop may see
PUBLISHED = ("out_invoice", "out_refund")


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
        posted = super()._post(soft=soft)
        invoices = posted.filtered(lambda move: move.move_type == "out_invoice")
        # who posts an invoice need not be allowed to see the shop behind it
        orders = invoices.sudo().line_ids.sale_line_ids.order_id.filtered("shop_id")
        if orders:
            self.env["shop.payment"].sudo()._after_invoice(orders)
        posted._mark_shop_invoices()
        return posted

    def _mark_shop_invoices(self):
        """Posted invoices of web orders are shown to the customers whose shops want that."""
        # who posts an invoice need not be allowed to see the orders or the shop behind it
        moves = self.sudo().filtered(
            lambda move: move.state == "posted" and move.move_type in PUBLISHED
        )
        for move in moves:
            shops = move.invoice_line_ids.sale_line_ids.order_id.shop_id
            shops = shops.filtered(lambda shop: shop.publish_documents != "none")
            if shops:
                self.env["shop.job"]._mark("invoice", move.ids, shops)
