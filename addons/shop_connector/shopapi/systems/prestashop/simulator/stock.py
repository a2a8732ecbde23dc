"""Stock rows: one per product and one per combination, made by the shop alone."""

from __future__ import annotations

from .store import Record, Store


class Stock:
    """Keeps the rows of shop 1, and the row of a product as the sum of its combinations."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def row(self, product: int, combination: int) -> Record | None:
        """Return the row of the shop; a row that a PUT moved to shop 0 is not found."""
        return self.store.first(
            "stock_availables", id_product=product, id_product_attribute=combination, id_shop=1
        )

    def create(self, product: int, combination: int = 0) -> Record:
        """Make the row of a new product or combination."""
        rule = 2
        if combination:
            parent = self.row(product, 0)
            rule = parent.number("out_of_stock") if parent else 0
        return self._add(product, combination, rule)

    def _add(self, product: int, combination: int, rule: int) -> Record:
        return self.store.add(
            "stock_availables",
            {
                "id_product": product,
                "id_product_attribute": combination,
                "id_shop": 1,
                "out_of_stock": rule,
            },
        )

    def refresh_sum(self, product: int) -> None:
        """Rewrite the row of a product with combinations as their sum, within the shop."""
        total = sum(
            row.number("quantity")
            for row in self.store.find("stock_availables", id_product=product, id_shop=1)
            if row.number("id_product_attribute")
        )
        parent = self.row(product, 0) or self._add(product, 0, 0)
        self.store.set("stock_availables", parent, quantity=total)

    def move(self, product: int, combination: int, quantity: int) -> None:
        """Add pieces to a row, or with a negative number take them; deleted goods are skipped."""
        row = self.row(product, combination)
        if row is None:
            return
        self.store.set("stock_availables", row, quantity=row.number("quantity") + quantity)
        if combination:
            self.refresh_sum(product)

    def remove(self, product: int, combination: int | None = None) -> bool:
        """Delete the rows of a product, or of one combination; tell whether some were left.

        Rows that left the shop (shop 0) stay, as on the real server.
        """
        left_over = False
        for row in self.store.find("stock_availables", id_product=product):
            if combination is not None and row.number("id_product_attribute") != combination:
                continue
            if row.values["id_shop"] == "1":
                self.store.delete("stock_availables", row.id)
            else:
                left_over = True
        if combination is not None:
            self.refresh_sum(product)
        return left_over
