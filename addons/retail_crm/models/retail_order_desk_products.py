"""What the desk offers: products with this customer's price, what is free, what stands in."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .retail_order_desk import HITS


class RetailOrderDesk(models.AbstractModel):
    _inherit = "retail.order.desk"

    @api.model
    def find_products(self, text, partner_id, channel_id=False, order_id=False):
        """Return products by first letters, reference or barcode, with this customer's price."""
        products = self._search_products((text or "").strip())
        order = self._get_order_or_new(order_id, partner_id, channel_id)
        return self._describe_products(products, order)

    def _search_products(self, text):
        Product = self.env["product.product"]
        sold = Domain("sale_ok", "=", True)
        if not text:
            return Product
        code = Domain("default_code", "=ilike", text) | Domain("barcode", "=", text)
        found = Product.search(sold & code, limit=HITS)
        if found:
            return found
        words = Domain.AND([Domain("display_name", "ilike", word) for word in text.split()])
        found = Product.search(sold & words, limit=4 * HITS)
        start = text.casefold()
        return found.sorted(
            lambda product: (
                not (product.default_code or "").casefold().startswith(start),
                not product.name.casefold().startswith(start),
            )
        )[:HITS]

    def _describe_products(self, products, order):
        prices = order.pricelist_id._get_products_price(
            products, quantity=1.0, currency=order.currency_id, date=order.date_order
        )
        stock = self._get_stock(products, order)
        last = self._get_last_prices(products, order)
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "barcode": product.barcode or "",
                "price": prices[product.id],
                "currency_id": order.currency_id.id,
                "unit": product.uom_id.name,
                **stock[product],
                **last.get(product, {"last_price": False, "last_date": False}),
            }
            for product in products
        ]

    def _get_stock(self, products, order):
        """Return for each product what every warehouse has free; goods without stock have none.

        ``free`` counts only the warehouse of the order, from which it will be delivered.
        """
        stored = products.filtered("is_storable")
        availability = stored._get_availability()
        found = {}
        for product in products:
            rows = availability.get(product, {})
            places = [
                {"id": place.id, "name": place.name, "free": figures["available"]}
                for place, figures in rows.items()
                if place.company_id == order.company_id
            ]
            own = [row["free"] for row in places if row["id"] == order.warehouse_id.id]
            found[product] = {
                "is_stored": product.is_storable,
                "stock": sorted(places, key=lambda row: row["name"]),
                "free": sum(own),
            }
        return found

    def _get_last_prices(self, products, order):
        """Return what the customer paid for each product, discounted, the last time before."""
        if not products:
            return {}
        Line = self.env["sale.order.line"]
        rows = Line._read_group(
            [
                ("order_partner_id", "child_of", order.partner_id.commercial_partner_id.id),
                ("product_id", "in", products.ids),
                ("state", "=", "sale"),
                ("order_id", "!=", order._origin.id),
            ],
            ["product_id"],
            ["id:max"],
        )
        lines = Line.browse(line_id for _product, line_id in rows)
        return {
            line.product_id: {
                "last_price": self._get_discounted_price(line, order.currency_id),
                "last_date": line.order_id.date_order,
            }
            for line in lines
        }

    def _get_discounted_price(self, line, currency):
        """Return what one piece in the product's own unit cost on the line."""
        price = line.product_uom_id._compute_price(
            line.price_unit * (1 - line.discount / 100), line.product_id.uom_id
        )
        order = line.order_id
        return line.currency_id._convert(price, currency, order.company_id, order.date_order)

    @api.model
    def find_substitutes(self, line_id):
        """Return what can be sold instead of a line's product, what is there first."""
        line = self.env["sale.order.line"].browse(line_id)
        products = line.product_id._get_substitutes()
        if not products:
            raise UserError(
                self.env._(
                    "Nothing is known to stand in for %s. Name its substitutes on the product.",
                    line.product_id.display_name,
                )
            )
        rows = self._describe_products(products[:HITS], line.order_id)
        return sorted(rows, key=lambda row: row["is_stored"] and row["free"] <= 0)
