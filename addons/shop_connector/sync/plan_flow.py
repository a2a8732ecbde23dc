from datetime import UTC
from types import SimpleNamespace

from odoo import models

from ..shopapi.documents import Order
from ..shopapi.errors import NotOffered
from ..shopapi.paging import chunks
from .order_lines import variant_key

#: orders looked at one by one; of a longer past only their number is told
MOST_ORDERS = 1000
ORDERS_AT_ONCE = 50


class ShopSyncPlanFlow(models.AbstractModel):
    """The part of a dry run that moves every day: stock to the shop, orders from it."""

    _name = "shop.sync.plan.flow"
    _description = "Dry Run of Stock and Orders"

    def _lines(self, shop, adapter, rows, context):
        """Lines about stock levels and orders."""
        return [
            *self._stock_lines(shop, adapter, rows, context),
            *self._order_lines(shop, adapter, rows, context),
        ]

    # === STOCK ===

    def _stock_lines(self, shop, adapter, rows, context):
        """Levels that would be changed in the shop."""
        if shop._leads("stock") != "odoo":
            return []
        try:
            held = {
                f"{level.product}/{level.variant or ''}": level.quantity
                for level in adapter.read_stock()
            }
        except NotOffered:
            # the system does not tell its stock: each level is compared when it is sent
            return []
        self._note_stock(rows, held)
        return self._changed_levels(shop, adapter, held, self._stocked(shop, context))

    def _note_stock(self, rows, held):
        """What the shop shows of a product that would be made here: it may begin with that."""
        by_product = {}
        for key, quantity in held.items():
            product, _sep, variant = key.partition("/")
            by_product.setdefault(product, {})[variant] = str(quantity)
        for row in rows:
            row["stock"] = by_product.get(row["external_id"], {})

    def _changed_levels(self, shop, adapter, held, products):
        """A line for each level that is another one in the shop."""
        new = {"stock_confirmed_at": False, "stock_backorder": False, "stock_expected": 0.0}
        links = {
            product.id: SimpleNamespace(external_id=external, **new)
            for external, product in products.items()
        }
        levels = self.env["shop.sync.stock.levels"]
        lines = []
        for external, level in levels._get_levels(shop, links, adapter.capabilities).items():
            if held.get(external, 0) == level.quantity:
                continue
            product = products[external]
            lines.append(
                {
                    "direction": "out",
                    "kind": "stock",
                    "action": "update",
                    "res_model": "product.product",
                    "res_id": product.id,
                    "record_name": product.display_name,
                    "external_id": external,
                    "field": self.env._("Stock"),
                    "before": f"{held.get(external, 0):f}",
                    "after": f"{level.quantity:f}",
                }
            )
        return lines

    def _stocked(self, shop, context):
        """``{id in the shop: product}`` of what is linked or would be."""
        products = dict(context.variants)
        links = self.env["shop.binding"].search(
            [("shop_id", "=", shop.id), ("kind", "=", "variant")]
        )
        Product = self.env["product.product"]
        products |= {link.external_id: Product.browse(link.res_id) for link in links}
        existing = Product.union(*products.values()).exists()
        return {key: product for key, product in products.items() if product in existing}

    # === ORDERS ===

    def _order_lines(self, shop, adapter, rows, context):
        """Orders that would be read in, and their customers."""
        since = shop.orders_since and shop.orders_since.replace(tzinfo=UTC)
        shop._end_transaction()
        stamps = [
            stamp
            for stamp in adapter.changed_orders(None)
            if not since or not stamp.placed_at or stamp.placed_at >= since
        ]
        known = self.env["shop.binding"]._by_external(
            shop, "order", [stamp.external_id for stamp in stamps]
        )
        wanted = [stamp.external_id for stamp in stamps if stamp.external_id not in known]
        planned = {row["external_id"] for row in rows if row["action"] in ("link", "create")}
        lines = []
        for page in chunks(wanted[-MOST_ORDERS:], ORDERS_AT_ONCE):
            shop._end_transaction()
            documents = adapter.fetch_orders(page)
            lines += self._lines_of_orders(shop, page, documents, planned, context)
        if len(wanted) > MOST_ORDERS:
            lines.append(
                _order(self.env._("%(count)s older orders", count=len(wanted) - MOST_ORDERS), False)
            )
        return lines

    def _lines_of_orders(self, shop, page, documents, planned, context):
        orders = [document for document in documents if isinstance(document, Order)]
        found = self.env["shop.sync.order.lines"]._find_products(shop, orders)
        customers = self.env["shop.sync.partner"]._find_customers(shop, orders)
        lines = []
        for external_id, document in zip(page, documents, strict=True):
            if not isinstance(document, Order):
                lines.append(
                    _order(f"#{external_id}", external_id) | {"problem": str(document.error)}
                )
                continue
            lines.append(self._one_order(document, found, planned, context))
            key = self.env["shop.sync.partner"]._customer_key(document)
            if key not in customers and key not in context.customers:
                context.customers.add(key)
                lines.append(
                    {
                        "direction": "in",
                        "kind": "customer",
                        "action": "create",
                        "record_name": _name_of(document.customer),
                        "after": document.customer.email,
                    }
                )
        return lines

    def _one_order(self, document, found, planned, context):
        state = context.mappings.row("order_state", document.state)
        currency = context.mappings.row("currency", document.currency)
        amount = f"{document.total_gross:.2f} {currency.iso_code if currency else ''}".strip()
        problems = [
            self.env._("“%(name)s” is not known here", name=line.name)
            for line in document.lines
            if variant_key(line) not in found and line.product not in planned
        ]
        if not currency or not currency.pricelist_id:
            problems.append(self.env._("there is no price list in its currency"))
        if not state or not state.meaning:
            problems.append(self.env._("its status has no meaning yet"))
        return _order(document.reference, document.external_id) | {
            "after": ", ".join(filter(None, [amount, state.name if state else ""])),
            "problem": "; ".join(problems) or False,
        }


def _order(name, external_id):
    return {
        "direction": "in",
        "kind": "order",
        "action": "create",
        "record_name": name,
        "external_id": external_id,
    }


def _name_of(party):
    return party.company or " ".join(filter(None, [party.first_name, party.last_name]))
