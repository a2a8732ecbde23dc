from collections import defaultdict
from decimal import ROUND_DOWN, ROUND_FLOOR, Decimal

from odoo import models
from odoo.fields import Domain

from ..models.sale_order_cancelled import UNSETTLED
from ..shopapi.documents import StockLevel

#: orders that have not taken their goods here
UNRESERVED = Domain("state", "in", ("draft", "sent")) | UNSETTLED
#: moves that are still to be made
OPEN_STATES = ("waiting", "confirmed", "partially_available", "assigned")
#: what is told of a product whose stock nobody counts (services, goods without tracking)
PLENTY = Decimal(9999)
ZERO = Decimal(0)
_BACKORDERS = {"allow": True, "deny": False}


def exact(number):
    """A quantity of the database as a decimal, without the noise of floating point."""
    return Decimal(str(round(number, 6)))


class ShopSyncStockLevels(models.AbstractModel):
    """What a shop may sell: our stock, without the safety stock, without what shops sold already.

    A shop takes goods off its own stock when an order is placed. An order that is not confirmed
    here yet (unpaid, on hold) has reserved nothing, so its goods are still free here: they are
    taken off before we tell the shop a level, or it would sell them a second time. The same holds
    for the orders of other shops that are served from the same warehouses.
    """

    _name = "shop.sync.stock.levels"
    _description = "Stock Levels of a Web Shop"

    def _get_levels(self, shop, links, capabilities):
        """``{external id: StockLevel}`` for links by product id.

        Shops cannot hide a single variant: one that is archived or deleted here has nothing left.
        """
        active = self._get_products(links)
        left = self._get_left(shop, active)
        rules = self.env["shop.stock.rule"]._by_product(shop, active)
        offered = self._offer_by_rule(shop)
        templates = {product.id: product.product_tmpl_id for product in active}
        levels = {}
        for res_id, link in links.items():
            product, rule = templates.get(res_id), rules.get(res_id)
            quantity = offered(left.get(res_id), rule) if product else ZERO
            if capabilities.whole_stock:
                quantity = quantity.to_integral_value(ROUND_FLOOR)
            backorder = self._backorder(product, rule) if capabilities.backorders else None
            is_watched = res_id in left and link.stock_confirmed_at
            external, _sep, variant = link.external_id.partition("/")
            levels[link.external_id] = StockLevel(
                product=external,
                variant=variant or None,
                quantity=quantity,
                backorder=backorder,
                reset_backorder=backorder is None and bool(link.stock_backorder),
                expected=exact(link.stock_expected) if is_watched else None,
            )
        return levels

    def _get_products(self, ids):
        """The products with these ids that are there and active, with what is needed of them."""
        products = self.env["product.product"].search_fetch(
            [("id", "in", list(ids)), ("active", "=", True)], ["product_tmpl_id"], order="id"
        )
        # only this: a product has texts in every language, which take longer than all the rest
        products.product_tmpl_id.fetch(["is_storable", "shop_backorder", "uom_id"])
        return products

    # === RULES ===

    def _offer_by_rule(self, shop):
        """A function: what is left of a product (None: nobody counts it), its rule -> a level.

        That is what the shop is told, never below zero.
        """
        percent = shop.stock_percent
        limits = Decimal(shop.stock_buffer), Decimal(shop.stock_cap)
        # pieces smaller than units know are not there; all units share one precision
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        step = Decimal(1).scaleb(-digits)

        def offered(left, rule):
            if rule and rule.quantity_rule == "fixed":
                return exact(rule.fixed_quantity)
            if left is None:
                return PLENTY
            own = rule and rule.quantity_rule == "own"
            buffer, cap = (exact(rule.buffer), exact(rule.cap)) if own else limits
            quantity = left * percent / 100 - buffer
            if cap:
                quantity = min(quantity, cap)
            return max(quantity.quantize(step, ROUND_DOWN), ZERO)

        return offered

    def _backorder(self, product, rule):
        """Whether more may be sold than there is; None = as the shop itself is set.

        ``product``: the template, or nothing when it is gone.
        """
        if not product:
            return None
        choice = rule.backorder if rule and rule.backorder != "product" else product.shop_backorder
        return _BACKORDERS.get(choice)

    # === QUANTITIES ===

    def _get_left(self, shop, products):
        """``{product id: Decimal}``: what is there to be sold; products nobody counts are left out.

        Extended where stock is something else than what lies on a shelf (kits).
        """
        counted = products.filtered(lambda product: product.product_tmpl_id.is_storable)
        if not shop.warehouse_ids:
            return dict.fromkeys(counted.ids, ZERO)
        taken = self._get_unconfirmed(shop)
        for product_id, units in self._get_promised(shop, counted).items():
            taken[product_id] += units
        view = counted.with_company(shop.company_id).with_context(
            warehouse_id=shop.warehouse_ids.ids
        )
        # what the fields themselves are made of, without filling the cache with five figures each
        figures = view._compute_quantities_dict(None, None, None)
        return {
            product_id: exact(held[shop.stock_field]) - taken.get(product_id, ZERO)
            for product_id, held in figures.items()
        }

    def _get_unconfirmed(self, shop):
        """Units by product id that shops sold in orders that reserved nothing here.

        They are unconfirmed orders that leave from this shop's warehouses, cancelled ones that
        are not settled with their shop, and orders that could not be read in.
        """
        taken = defaultdict(Decimal)
        groups = self.env["sale.order.line"]._read_group(
            [
                ("order_id.shop_id", "!=", False),
                ("order_id.shop_holds_stock", "=", True),
                ("order_id.warehouse_id", "in", shop.warehouse_ids.ids),
                ("product_id", "!=", False),
                ("order_id", "any", UNRESERVED),
            ],
            ["product_id", "product_uom_id"],
            ["product_uom_qty:sum"],
        )
        for product, unit, quantity in groups:
            taken[product.id] += exact(
                unit._compute_quantity(quantity, product.uom_id, round=False)
            )
        self._add_unread_orders(shop, taken)
        return taken

    def _add_unread_orders(self, shop, taken):
        jobs = self.env["shop.job"].search(
            # also while it waits to be tried again
            [("goods", "!=", False), ("kind", "=", "order"), ("state", "!=", "done")]
        )
        for other, unread in jobs.grouped("shop_id").items():
            if other.warehouse_ids[:1] not in shop.warehouse_ids:
                continue
            goods = [(key, units) for job in unread for key, units in (job.goods or {}).items()]
            links = self.env["shop.binding"]._by_external(
                other, "variant", {key for key, _units in goods}
            )
            for key, units in goods:
                if key in links:
                    taken[links[key].res_id] += Decimal(units)

    def _get_promised(self, shop, products):
        """Units by product id that confirmed web orders need and the figure shown still counts.

        Free to use: what they wait for. On hand: everything that has not left yet. The forecast
        takes promised goods off by itself.
        """
        promised = defaultdict(Decimal)
        if shop.stock_field == "virtual_available":
            return promised
        waits = shop.stock_field == "free_qty"
        domain = [
            ("sale_line_id.order_id.shop_id", "!=", False),
            ("product_id", "in", products.ids),
            ("location_id.warehouse_id", "in", shop.warehouse_ids.ids),
        ]
        if waits:
            domain += [
                ("state", "in", ("confirmed", "partially_available")),
                ("move_orig_ids", "=", False),
                ("location_id.usage", "=", "internal"),
            ]
        else:
            # the last known move of each chain: to the customer, or one whose next is not made yet
            domain += [
                ("state", "in", OPEN_STATES),
                "|",
                ("location_dest_id.usage", "=", "customer"),
                "&",
                ("move_dest_ids", "=", False),
                ("location_final_id.usage", "=", "customer"),
            ]
        for move in self.env["stock.move"].search(domain):
            unit = move.product_id.uom_id
            held = move.product_uom._compute_quantity(move.quantity, unit, round=False)
            needed = move.product_qty - held if waits else move.product_qty
            promised[move.product_id.id] += max(exact(needed), ZERO)
        return promised
