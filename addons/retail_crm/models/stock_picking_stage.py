from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self.sale_ids._follow_delivery()
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _follow_delivery(self):
        """All goods have left: the order is on its way; over the counter it is at its end."""
        # the storekeeper need not be allowed to work on orders
        left = self.sudo().filtered(
            lambda order: (
                order.delivery_status == "full"
                and order.stage_category in ("new", "approval", "assembly")
            )
        )
        for company, orders in left.grouped("company_id").items():
            stages = self.env["retail.order.stage"]
            handed_over = orders.filtered(
                lambda order: order.document_type_id.movement_trigger == "confirm"
            )
            handed_over._note_stage(stages._get_first(("done",), company))
            (orders - handed_over)._note_stage(stages._get_first(("delivery", "done"), company))

    def write(self, vals):
        result = super().write(vals)
        if vals.get("delivered_at"):
            for company, orders in self.grouped("company_id").items():
                arrived = orders.filtered(
                    lambda order: order.state == "sale" and order.stage_category != "done"
                )
                arrived._note_stage(self.env["retail.order.stage"]._get_first(("done",), company))
        return result
