from collections import defaultdict
from decimal import ROUND_FLOOR, Decimal

from odoo import fields, models

from ..shopapi.documents import StockLevel

#: orders of a shop in these states have not taken their goods here
UNRESERVED_STATES = ("draft", "sent")
#: what is told of a product whose stock nobody counts (services, goods without tracking)
PLENTY = Decimal(9999)


class ShopSyncStock(models.AbstractModel):
    """What a shop may sell: our stock, without the safety stock, without what it sold itself
    already.

    A shop takes goods off its own stock when an order is placed. An order that is not confirmed
    here yet (unpaid, on hold) has reserved nothing, so its goods are still free here: they are
    taken off before we tell the shop a level, or it would sell them a second time.
    """

    _name = "shop.sync.stock"
    _description = "Sending Stock to a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Send the levels of the products of these jobs; one bad level does not stop the others."""
        if shop._leads("stock") != "odoo":
            jobs._forget()
            return
        by_product = {int(job.key): job for job in jobs}
        links = self.env["shop.binding"]._by_record(shop, "variant", by_product)
        jobs.filtered(lambda job: int(job.key) not in links)._forget()
        levels = self._levels(shop, links, adapter.capabilities)
        job_of = {link.external_id: by_product[res_id] for res_id, link in links.items()}
        shop._end_transaction()
        outcomes = adapter.push_stock(levels) if levels else []
        self._remember(outcomes, levels, links, job_of, tally)

    def _levels(self, shop, links, capabilities):
        """One level for each link; a variant deleted here has nothing left to sell."""
        products = self.env["product.product"].browse(links).exists()
        quantities = self._get_quantities(shop, products)
        levels = []
        for res_id, link in links.items():
            quantity = quantities.get(res_id, Decimal(0))
            if capabilities.whole_stock:
                quantity = quantity.to_integral_value(ROUND_FLOOR)
            external, _sep, variant = link.external_id.partition("/")
            levels.append(StockLevel(product=external, variant=variant or None, quantity=quantity))
        return levels

    def _get_quantities(self, shop, products):
        """``{product id: Decimal}``: what the shop may still sell, never below zero."""
        shop_view = products.with_company(shop.company_id).with_context(
            warehouse_id=shop.warehouse_ids.ids
        )
        taken = self._get_unreserved(shop, products)
        quantities = {}
        for product in shop_view:
            own = Decimal(str(product[shop.stock_field])) if shop.warehouse_ids else Decimal(0)
            left = own - shop.stock_buffer - taken[product.id]
            if not product.is_storable:
                left = PLENTY
            # shops cannot hide a single variant: an archived one has nothing left to sell
            quantities[product.id] = max(left, Decimal(0)) if product.active else Decimal(0)
        return quantities

    def _get_unreserved(self, shop, products):
        """What was sold already although nothing is reserved for it here, by product id.

        Unconfirmed orders of this shop, its orders that could not be read in, and confirmed orders
        whose goods are not (all) reserved yet.
        """
        taken = defaultdict(Decimal)
        groups = self.env["sale.order.line"]._read_group(
            [
                ("order_id.shop_id", "=", shop.id),
                ("order_id.shop_holds_stock", "=", True),
                ("order_id.state", "in", UNRESERVED_STATES),
                ("product_id", "in", products.ids),
            ],
            ["product_id", "product_uom_id"],
            ["product_uom_qty:sum"],
        )
        for product, unit, quantity in groups:
            in_stock_unit = unit._compute_quantity(quantity, product.uom_id, round=False)
            taken[product.id] += Decimal(str(in_stock_unit))
        self._add_unread_orders(shop, taken)
        if shop.stock_field == "free_qty":
            self._add_waiting_moves(products, taken)
        return taken

    def _add_unread_orders(self, shop, taken):
        jobs = self.env["shop.job"].search(
            [("shop_id", "=", shop.id), ("kind", "=", "order"), ("state", "=", "failed")]
        )
        goods = [(key, units) for job in jobs for key, units in (job.goods or {}).items()]
        links = self.env["shop.binding"]._by_external(shop, "variant", {key for key, _u in goods})
        for key, units in goods:
            if key in links:
                taken[links[key].res_id] += Decimal(units)

    def _add_waiting_moves(self, products, taken):
        moves = self.env["stock.move"].search(
            [
                ("sale_line_id.order_id.shop_id", "!=", False),
                ("product_id", "in", products.ids),
                ("state", "in", ("confirmed", "partially_available")),
                ("move_orig_ids", "=", False),
                ("location_id.usage", "=", "internal"),
            ]
        )
        for move in moves:
            unit = move.product_id.uom_id
            held = move.product_uom._compute_quantity(move.quantity, unit, round=False)
            taken[move.product_id.id] += max(Decimal(str(move.product_qty - held)), Decimal(0))

    def _remember(self, outcomes, levels, links, job_of, tally):
        by_external = {link.external_id: link for link in links.values()}
        now = fields.Datetime.now()
        idle = self.env["shop.job"]
        for outcome, level in zip(outcomes, levels, strict=True):
            job, link = job_of[outcome.key], by_external[outcome.key]
            if outcome.error:
                job._fail(outcome.error)
                link._report_error(outcome.error)
                tally.failed["stock"] += 1
                continue
            sent = {"stock_sent": float(level.quantity), "stock_sent_at": now}
            link.write(sent | {"state": "ok", "last_error": False})
            if outcome.written:
                job._done(self.env._("%s units", level.quantity))
                tally.sent["stock"] += 1
            else:
                idle |= job
                tally.skipped["stock"] += 1
        idle._forget()
