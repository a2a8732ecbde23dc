from odoo import models

#: orders of which goods were called off in this transaction
CALLED_OFF = "retail_crm.called_off"


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self.sale_ids._follow_delivery()
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_cancel(self):
        """Where the rest is called off (a backorder, a shorter line), all goods may have left."""
        orders = self.sale_line_id.order_id
        result = super()._action_cancel()
        orders._follow_delivery_later()
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _follow_delivery_later(self):
        """Follow at the end of the transaction: moves are called off on the way to others too."""
        data = self.env.cr.precommit.data
        if self and CALLED_OFF not in data:
            data[CALLED_OFF] = set()
            self.env.cr.precommit.add(self.browse()._follow_called_off)
        data.get(CALLED_OFF, set()).update(self.ids)

    def _follow_called_off(self):
        called_off = self.env.cr.precommit.data.pop(CALLED_OFF, set())
        self.browse(called_off).exists()._follow_delivery()

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
