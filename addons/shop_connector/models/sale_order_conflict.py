"""An order that stands differently in its shop and here: a person picks the version."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..shopapi.documents import Order
from ..shopapi.errors import ShopError
from ..sync.mappings import Mappings


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_conflict = fields.Text(
        "Differences to the Shop",
        readonly=True,
        copy=False,
        help="What stands differently here and in the web shop.",
    )
    shop_payment_ids = fields.One2many(
        "shop.payment", "order_id", "Payments in the Shop", readonly=True, copy=False
    )
    shop_cart_ids = fields.One2many("shop.cart", "order_id", readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self._tell_shop_cancelled()
        return result

    def _tell_shop_cancelled(self):
        """What is cancelled here is cancelled in the shop, unless it says so already."""
        linked = self.filtered("shop_id")
        # a salesperson need not see the mappings of a shop
        mappings = {shop: Mappings(shop) for shop in linked.shop_id.sudo()}
        for order in linked:
            held = mappings[order.shop_id.sudo()].record("order_state", order.shop_state)
            if held in ("shipped", "delivered"):
                order._tell_conflict(
                    self.env._(
                        "This order was cancelled here, but its status in the web shop is "
                        "“%s”. Settle it with the customer and in the shop.",
                        order.shop_state_name,
                    )
                )
            elif held not in ("cancelled", "refunded", "error"):
                order._send_shop_status("cancelled")

    def action_release_hold(self):
        """A person has looked at it: the order is like any other now."""
        self.write({"shop_conflict": False})
        return super().action_release_hold()

    def action_keep_ours(self):
        """The order stays as it is here, whatever the shop says."""
        for order in self.filtered("shop_conflict"):
            order.message_post(
                body=self.env._("Our version was kept; it differed from the shop's.")
            )
        self.action_release_hold()
        # the shop gets what we keep, where it takes changes
        self._mark_shop_edit()
        return True

    def action_take_shop_version(self):
        """Read the order again and make it what the shop says now."""
        self.ensure_one()
        self.check_access("write")
        document = self._fetch_from_shop()
        # taxes, addresses and mappings are not all the salesperson's to read
        order = self.sudo().with_company(self.company_id).with_context(from_shop=True)
        conflict = order.env["shop.sync.order.conflict"]
        # before, because what is wrong with the shop's version has to be told
        order.action_release_hold()
        conflict._take(order.shop_id, order, document, Mappings(order.shop_id))
        return True

    def _fetch_from_shop(self):
        """The order as the shop has it now; raises UserError when it cannot be read."""
        shop = self.shop_id.sudo()
        link = self.env["shop.binding"].sudo()._by_record(shop, "order", self.ids).get(self.id)
        if not link:
            raise UserError(self.env._("%s is not linked to an order of its shop.", self.name))
        external_id = link.external_id
        try:
            with shop._open_adapter() as adapter:
                shop._end_transaction()
                (document,) = adapter.fetch_orders([external_id])
        except ShopError as error:
            raise UserError(shop._explain(error)) from error
        if not isinstance(document, Order):
            raise UserError(shop._explain(document.error))
        return document
