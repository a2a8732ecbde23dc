from odoo import models
from odoo.tools import SQL

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
        Availability = self.env["stock.availability"]
        found = {product: {} for product in self}
        by_id = {product._origin.id: found[product] for product in self if product._origin.id}
        if by_id and (warehouses is None or warehouses):
            Availability._flush_sources()
            rows = Availability._availability_sql(
                product_ids=list(by_id),
                warehouse_ids=self._get_visible_warehouse_ids()
                if warehouses is None
                else warehouses.ids,
                company_ids=self.env.companies.ids if warehouses is None else None,
            )
            self._fill_figures(by_id, rows)
        for each in found.values():
            for warehouse in warehouses or ():
                if warehouse not in each:
                    each[warehouse] = dict.fromkeys(FIGURES, 0.0)
        return found

    def _fill_figures(self, by_id, rows):
        """Enter the rows of a query of ``stock.availability`` into ``{product id: {...}}``."""
        # as float8: a numeric of PostgreSQL is converted one by one in Python
        figures = SQL(", ").join(SQL("%s::float8", SQL.identifier(name)) for name in FIGURES)
        query = SQL("SELECT product_id, warehouse_id, %s FROM (%s) AS availability", figures, rows)
        records = {}
        for product_id, warehouse_id, *values in self.env.execute_query(query):
            if warehouse_id not in records:
                records[warehouse_id] = self.env["stock.warehouse"].browse(warehouse_id)
            by_id[product_id][records[warehouse_id]] = dict(zip(FIGURES, values, strict=True))

    def _get_visible_warehouse_ids(self):
        """Return the ids of the warehouses the user is kept to; None for one who sees all."""
        allowed = None if self.env.su else self.env.user._get_allowed_warehouses()
        return None if allowed is None else allowed.ids
