from odoo import models

from ..report.stock_availability import FIGURES


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_availability(self, warehouses=None):
        """Return on hand, committed, ordered ... of these products, in one query.

        The answer is ``{product: {warehouse: {figure: quantity}}}`` with the figures of
        ``stock.availability`` in the unit of the product. With ``warehouses`` each of them is there
        for every product, with zeros where nothing is; the caller answers for the right to see
        them. Without, the warehouses of the companies in the environment are there in which the
        product is or is expected, and of these only the allowed ones of the user.
        """
        given = warehouses if warehouses is not None else self.env["stock.warehouse"]
        found = {
            product: {warehouse: dict.fromkeys(FIGURES, 0.0) for warehouse in given}
            for product in self
        }
        by_id = {product._origin.id: product for product in self if product._origin.id}
        if not by_id or (warehouses is not None and not given):
            return found
        Availability = self.env["stock.availability"]
        Availability._flush_sources()
        query = Availability._availability_sql(
            product_ids=list(by_id),
            warehouse_ids=self._get_visible_warehouse_ids() if warehouses is None else given.ids,
            company_ids=self.env.companies.ids if warehouses is None else None,
        )
        for row in self.env.execute_query_dict(query):
            warehouse = self.env["stock.warehouse"].browse(row["warehouse_id"])
            figures = {name: float(row[name]) for name in FIGURES}
            found[by_id[row["product_id"]]][warehouse] = figures
        return found

    def _get_visible_warehouse_ids(self):
        """Return the ids of the warehouses the user is kept to; None for one who sees all."""
        allowed = None if self.env.su else self.env.user._get_allowed_warehouses()
        return None if allowed is None else allowed.ids
