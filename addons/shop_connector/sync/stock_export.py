from collections import defaultdict
from decimal import ROUND_FLOOR, Decimal

from odoo import fields, models

from ..shopapi.documents import StockLevel

#: orders of a shop in these states have not taken their goods here
UNRESERVED_STATES = ("draft", "sent")


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
        by_product = {int(job.key): job for job in jobs}
        links = self.env["shop.binding"]._by_record(shop, "variant", by_product)
        unlinked = jobs.filtered(lambda job: int(job.key) not in links)
        unlinked._forget()
        products = self.env["product.product"].browse(links).exists()
        levels = self._levels(shop, products, links, adapter.capabilities)
        job_of = {links[product.id].external_id: by_product[product.id] for product in products}
        (jobs - unlinked).filtered(lambda job: int(job.key) not in products._ids)._forget()
        shop._end_transaction()
        outcomes = adapter.push_stock(levels) if levels else []
        self._remember(outcomes, levels, links, job_of, tally)

    def _levels(self, shop, products, links, capabilities):
        quantities = self._get_quantities(shop, products)
        levels = []
        for product in products:
            quantity = quantities[product.id]
            if capabilities.whole_stock:
                quantity = quantity.to_integral_value(ROUND_FLOOR)
            external, _sep, variant = links[product.id].external_id.partition("/")
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
            # shops cannot hide a single variant: an archived one has nothing left to sell
            quantities[product.id] = max(left, Decimal(0)) if product.active else Decimal(0)
        return quantities

    def _get_unreserved(self, shop, products):
        """What orders of this shop took off its stock although nothing is reserved for them
        here.
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
        return taken

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
