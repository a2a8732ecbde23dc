"""A status of a web shop stands for a stage here: either moves the other."""

from odoo import api, fields, models

from .retail_order_stage import PROGRESS, STATES


class ShopMapping(models.Model):
    _inherit = "shop.mapping"

    stage_id = fields.Many2one(
        "retail.order.stage",
        "Order Stage",
        ondelete="set null",
        index="btree_not_null",
        help="An order that gets this status in the shop goes to this stage, and an order moved to "
        "the stage here gets this status in the shop. Orders never go back that way.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_wanted_code = fields.Char(
        "Status Code the Shop Shall Have",
        readonly=True,
        copy=False,
        help="Code of the status that the stage of the order stands for and the shop is to be set.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._follow_shop_state()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("shop_state"):
            self._follow_shop_state()
        return result

    def _follow_state(self):
        result = super()._follow_state()
        self._follow_shop_state()
        return result

    def _follow_shop_state(self):
        """Put web orders where the status of their shop says, if that is further on."""
        orders = self.filtered(lambda order: order.shop_id and order.shop_state)
        if not orders:
            return
        # the statuses of a shop are nobody's secret, its other settings may be
        rows = (
            self.env["shop.mapping"]
            .sudo()
            .search(
                [
                    ("shop_id", "in", orders.shop_id.ids),
                    ("kind", "=", "order_state"),
                    ("stage_id", "!=", False),
                ]
            )
        )
        stages = {(row.shop_id, row.external_code): row.stage_id for row in rows}
        for key, alike in orders.grouped(lambda one: (one.shop_id, one.shop_state)).items():
            if stage := stages.get(key):
                alike.filtered(lambda one, to=stage: one._is_step_forward(to))._note_stage(stage)

    def _is_step_forward(self, stage):
        """Whether that stage comes later, and the order is what the stage wants it to be."""
        self.ensure_one()
        if self.state not in STATES[stage.category]:
            return False
        return self.stage_id.category in PROGRESS and self._is_further(stage)

    def _on_stage_entered(self, stage):
        result = super()._on_stage_entered(stage)
        orders = self.filtered("shop_id")
        if orders:
            orders._send_stage_to_shop(stage)
        return result

    def _send_stage_to_shop(self, stage):
        """Let the shops set the status that stands for the stage, where there is one."""
        # the statuses of a shop are nobody's secret, its other settings may be
        rows = (
            self.env["shop.mapping"]
            .sudo()
            .search([("shop_id", "in", self.shop_id.ids), ("stage_id", "=", stage.id)])
        )
        for shop, of_shop in self.grouped("shop_id").items():
            codes = rows.filtered(lambda row, shop=shop: row.shop_id == shop)
            wanted = codes[:1].external_code
            waiting = of_shop.filtered(
                lambda order, codes=codes: order.shop_state not in codes.mapped("external_code")
            )
            # an older wish would set the shop back
            (of_shop - waiting).filtered("shop_wanted_code").shop_wanted_code = False
            if wanted and waiting:
                waiting.shop_wanted_code = wanted
                self.env["shop.job"]._mark("status", waiting.ids, shop)
