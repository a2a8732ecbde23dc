"""Stock rows: one per product and one per combination, made by the shop alone."""

from __future__ import annotations

from .multistore import MultiStore
from .store import Record


class Stock:
    """Keeps a store's rows, and the row of a product as the sum of its combinations.

    Stores that share their stock have rows of their group, in shop 0.
    """

    def __init__(self, store: MultiStore) -> None:
        self.store = store

    def owner(self) -> dict[str, int]:
        """Return whose stock the current store sells: the values that its rows have."""
        shop = self.store.current
        if self.store.shares_stock(shop):
            return {"id_shop": 0, "id_shop_group": self.store.group_of(shop)}
        return {"id_shop": shop}

    def row(self, product: int, combination: int) -> Record | None:
        """Return the row of the store; a row that a PUT moved to shop 0 is not found."""
        return self.store.first(
            "stock_availables",
            id_product=product,
            id_product_attribute=combination,
            **self.owner(),
        )

    def create(self, product: int, combination: int = 0) -> Record:
        """Make the rows of a new product or combination, one in each store; return the first."""
        rows = []
        for shop in self.store.context:
            with self.store.within([shop]):
                # stores may share their stock
                rows.append(self.row(product, combination) or self._create(product, combination))
        return rows[0]

    def _create(self, product: int, combination: int) -> Record:
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
                "out_of_stock": rule,
                **self.owner(),
            },
        )

    def refresh_sum(self, product: int) -> None:
        """Rewrite the row of a product with combinations as their sum, within the shop."""
        total = sum(
            row.number("quantity")
            for row in self.store.find("stock_availables", id_product=product, **self.owner())
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

    def share(self) -> None:
        """Let the stores of the current store's group sell from one stock from now on."""
        shop, group = self.store.current, self.store.group_of(self.store.current)
        own = self.store.find("stock_availables", id_shop=shop)
        self.store.set("shop_groups", self.store.one("shop_groups", group), share_stock=1)
        for row in own:
            self.store.set("stock_availables", row, id_shop=0, id_shop_group=group)

    def remove(self, product: int, combination: int | None = None) -> bool:
        """Delete the rows of a product, or of one combination; tell whether some were left.

        Rows that left the shop (shop 0) stay, as on the real server.
        """
        left_over = False
        for row in self.store.find("stock_availables", id_product=product):
            if combination is not None and row.number("id_product_attribute") != combination:
                continue
            if row.values["id_shop"] != "0" or row.values["id_shop_group"] != "0":
                self.store.delete("stock_availables", row.id)
            else:
                left_over = True
        if combination is not None:
            self.refresh_sum(product)
        return left_over
