"""A small world for the tests: two warehouses of one company, one of another, goods to move."""

from odoo.tests import TransactionCase

from ..report.stock_availability import FIGURES


class AvailabilityCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Cellar"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "tracking_disable": 1,
            }
        )
        cls.main = cls._warehouse_of(cls.company)
        cls.internal = cls.env["stock.warehouse"].create(
            {
                "name": "Back Room",
                "code": "INT",
                "kind": "internal",
                "company_id": cls.company.id,
            }
        )
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.partner = cls.env["res.partner"].create({"name": "Somebody"})
        cls.laptop = cls._product("Laptop")

    @classmethod
    def _warehouse_of(cls, company):
        return cls.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)

    @classmethod
    def _product(cls, name, **values):
        return cls.env["product.product"].create({"name": name, "is_storable": True, **values})

    def _move(self, product, quantity, source, target, unit=None, final=None):
        """A planned move that waits for goods."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": (unit or product.uom_id).id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "location_final_id": final.id if final else False,
                "company_id": self.company.id,
            }
        )
        move._action_confirm(merge=False)
        return move

    def _do(self, move, quantity=None):
        """Carry out a planned move; the rest, if any, stays open."""
        move.quantity = move.product_uom_qty if quantity is None else quantity
        move.picked = True
        move._action_done()

    def _stock(self, product, quantity, warehouse):
        self.env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, quantity
        )

    def _figures(self, product, warehouse):
        """The row of the view as a dictionary; zeros when there is no row."""
        self.env.invalidate_all()
        row = self.env["stock.availability"].search(
            [("product_id", "=", product.id), ("warehouse_id", "=", warehouse.id)]
        )
        self.assertLessEqual(len(row), 1)
        return {name: row[name] for name in FIGURES}

    def _assert_figures(self, product, warehouse, **expected):
        """Assert some figures of the view; the method of the product must say the same."""
        found = self._figures(product, warehouse)
        self.assertEqual({name: found[name] for name in expected}, expected)
        self.assertEqual(product._get_availability(warehouse)[product][warehouse], found)

    def _assert_like_odoo(self, products, warehouses):
        """Assert that every figure equals Odoo's own field, read with the warehouse in context."""
        found = products._get_availability(warehouses)
        for warehouse in warehouses:
            for product in products.with_context(warehouse_id=warehouse.id):
                ours = found[product][warehouse]
                for name, theirs, mine in (
                    ("on hand", product.qty_available, ours["on_hand"]),
                    ("free", product.free_qty, ours["on_hand"] - ours["reserved"]),
                    ("committed", product.outgoing_qty, ours["committed"]),
                    ("incoming", product.incoming_qty, ours["ordered"] + ours["incoming_other"]),
                    ("forecast", product.virtual_available, ours["forecast"]),
                ):
                    where = f"{name} of {product.name} in {warehouse.code}"
                    self.assertAlmostEqual(theirs, mine, places=5, msg=where)
                self.assertEqual(self._figures(product, warehouse), ours)
