"""Where events come from that are not written on the order itself."""

from odoo import api, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        left = self.filtered(
            lambda one: one.state == "done" and one.picking_type_code == "outgoing" and one.sale_ids
        )
        for picking in left:
            self.env["base.automation"]._retail_event("order_shipped", picking.sale_ids, picking.id)
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # whoever books payments need not work on orders
        self.sudo().invoice_line_ids.sale_line_ids.order_id._note_payment()
        return result


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        # what is held on a card has not come
        paid = self.filtered(lambda one: one.state == "done")
        paid.sale_order_ids._note_payment()
        return result


class ShopPayment(models.Model):
    _inherit = "shop.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._filter_money().order_id._note_payment()
        return payments

    def write(self, vals):
        noted = self.filtered("is_noted") if "is_noted" in vals else self.browse()
        result = super().write(vals)
        noted._filter_money().order_id._note_payment()
        return result


class ShopSyncPayment(models.AbstractModel):
    _inherit = "shop.sync.payment"

    def _follow(self, shop, pairs):
        """A shop may say that an order is paid without a payment that could be noted here."""
        result = super()._follow(shop, pairs)
        self.env["sale.order"].union(*(order for order, _document in pairs))._note_payment()
        return result


class RatingRating(models.Model):
    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._tell_low()
        return ratings

    def write(self, vals):
        result = super().write(vals)
        if {"rating", "consumed"} & vals.keys():
            self._tell_low()
        return result

    def _tell_low(self):
        """Rules wait for ratings of orders up to a figure of their own."""
        Rules = self.env["base.automation"].sudo()
        for rating in self.filtered(lambda one: one.consumed and one.res_model == "sale.order"):
            order = self.env["sale.order"].browse(rating.res_id).exists()
            Rules._retail_event("low_rating", order, rating.id)
