from odoo import api, fields, models

#: whoever may read courier tasks
READERS = "retail_crm.group_retail_crm_user,retail_crm.group_courier,stock.group_stock_user"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    courier_task_ids = fields.One2many(
        "retail.courier.task", "order_id", copy=False, groups=READERS
    )
    courier_task_count = fields.Integer(
        "Courier Tasks", compute="_compute_courier_task_count", compute_sudo=True
    )
    # sudo: who may see the order sees where it goes, whoever looks after the contact
    shipping_map_url = fields.Char("Map", compute="_compute_shipping_map_url", compute_sudo=True)

    @api.depends("courier_task_ids")
    def _compute_courier_task_count(self):
        groups = self.env["retail.courier.task"]._read_group(
            [("order_id", "in", self.ids)], ["order_id"], ["__count"]
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.courier_task_count = counts.get(order.id, 0)

    @api.depends("partner_shipping_id")
    def _compute_shipping_map_url(self):
        for order in self:
            place = order.partner_shipping_id
            order.shipping_map_url = place._get_map_links()[0] if place else False

    def action_new_courier_task(self):
        """The window for a task about this order; what is known of it is filled in."""
        self.ensure_one()
        return self.env["retail.courier.task"]._get_new_action(
            {"default_order_id": self.id, "default_picking_id": self._get_leaving_picking().id}
        )

    def _get_leaving_picking(self):
        """The one transfer that still has to leave; empty when there are several or none."""
        self.ensure_one()
        # operators need no access to the warehouse's documents to send a courier
        leaving = self.sudo().picking_ids.filtered(
            lambda picking: (
                picking.picking_type_code == "outgoing" and picking.state not in ("done", "cancel")
            )
        )
        return leaving.sudo(False) if len(leaving) == 1 else leaving.browse()

    def action_open_courier_tasks(self):
        self.ensure_one()
        return self.env["retail.courier.task"]._get_list_action(
            [("order_id", "=", self.id)], {"default_order_id": self.id}
        )

    def _get_stage_after_courier(self):
        """The stage that the order goes to when its courier has done what he was to do.

        Only where the stages say so: the next one that its stage allows. Who gave the task wanted
        it, so it does not matter whether the courier might move orders.
        """
        self.ensure_one()
        if self.stage_category in ("done", "cancelled"):
            return self.env["retail.order.stage"]
        stages = self.sudo().allowed_stage_ids
        if self.stage_id.next_stage_ids:
            stages &= self.stage_id.next_stage_ids
        return stages.filtered(self._is_further)[:1]

    def _on_stage_entered(self, stage):
        """No courier goes out for a cancelled order."""
        result = super()._on_stage_entered(stage)
        if stage.category == "cancelled":
            # whoever cancels the order cancels what belongs to it
            self.sudo().courier_task_ids.action_cancel()
        return result


class StockPicking(models.Model):
    _inherit = "stock.picking"

    courier_task_ids = fields.One2many(
        "retail.courier.task", "picking_id", copy=False, groups=READERS
    )
    courier_id = fields.Many2one(
        "res.users",
        compute="_compute_courier_id",
        store=True,
        index="btree_not_null",
        help="Who takes the goods to the customer, by the latest courier task.",
    )

    @api.depends("courier_task_ids.courier_id", "courier_task_ids.state")
    def _compute_courier_id(self):
        for picking in self:
            tasks = picking.courier_task_ids.filtered(lambda each: each.state != "cancelled")
            picking.courier_id = tasks.sorted("id")[-1:].courier_id

    def action_new_courier_task(self):
        """The window for a task about this transfer; what is known of it is filled in."""
        self.ensure_one()
        return self.env["retail.courier.task"]._get_new_action({"default_picking_id": self.id})
