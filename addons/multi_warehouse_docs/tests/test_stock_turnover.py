from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_stock_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestStockTurnover(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laptop.write({"list_price": 100, "standard_price": 60})

    def _row(self, product=None, warehouse=None):
        self.env.invalidate_all()
        row = self.env["stock.turnover"].search(
            [
                ("product_id", "=", (product or self.laptop).id),
                ("warehouse_id", "=", (warehouse or self.main).id),
            ]
        )
        self.assertLessEqual(len(row), 1)
        return row

    def test_index_is_sold_divided_by_the_average_stock(self):
        self._bought(10, 730)
        self._sold(5, 182.5)
        row = self._row()
        self.assertEqual((row.on_hand, row.sold, row.sold_value), (5, 5, 500))
        self.assertAlmostEqual(row.average_stock, 7.5, places=2)
        self.assertAlmostEqual(row.turnover_index, 0.67, places=2)
        self.assertAlmostEqual(row.days_of_stock, 365)
        self.assertEqual(row.stock_value, 300)
        self.assertEqual(row.last_sale.date(), self._sale_date())

    def _sale_date(self):
        return (
            self.env["stock.move"]
            .search(
                [("product_id", "=", self.laptop.id), ("location_dest_id", "=", self.customers.id)]
            )
            .date.date()
        )

    def test_only_the_last_year_and_only_customers_count_as_sold(self):
        self._bought(20, 800)
        self._sold(3, 400)
        self._sold(4, 30)
        self._moved(self.laptop, 1, self.customers, self.main.lot_stock_id, 20)
        self._moved(self.laptop, 2, self.main.lot_stock_id, self.internal.lot_stock_id, 10)
        self._moved(self.laptop, 1, self.main.lot_stock_id, self.suppliers, 5)
        self.assertEqual((self._row().sold, self._row().on_hand), (3, 11))
        self.assertEqual(self._row(warehouse=self.internal).sold, 0)

    def test_what_stands_and_what_to_dispose_of(self):
        expected = {}
        for name, bought, sold, movement in (
            ("seller", 500, 10, "moving"),
            ("slow", 500, 200, "slow"),
            ("dead", 800, 400, "dead"),
            ("never sold, old", 400, None, "dead"),
            ("never sold, new", 20, None, "moving"),
        ):
            product = self._product(name)
            self._bought(10, bought, product)
            if sold:
                self._sold(1, sold, product)
            expected[product] = movement
        for product, movement in expected.items():
            self.assertEqual(self._row(product).movement, movement, product.name)
        # midnight may have passed since the transaction began
        self.assertIn(self._row([*expected][3]).idle_days, (399, 400))

    def test_thresholds_of_the_company_and_of_a_warehouse(self):
        for warehouse in (self.main, self.internal):
            self._bought(10, 200, warehouse=warehouse)
            self._sold(1, 100, warehouse=warehouse)
        self.assertEqual(self._row().movement, "moving")
        self.company.stock_slow_days = 90
        self.assertEqual(self._row().movement, "slow")
        self.internal.write({"slow_days": 30, "dead_days": 60})
        self.assertEqual(self._row(warehouse=self.internal).movement, "dead")
        self.assertEqual(self._row().movement, "slow")

    def test_classes_of_value_sold_in_each_warehouse(self):
        names = []
        for value in (600, 200, 100, 60, 40):
            product = self._product(f"worth {value}", list_price=value)
            self._bought(2, 20, product)
            self._sold(1, 10, product)
            names.append(product)
        unsold = self._product("unsold")
        self._bought(1, 10, unsold)
        classes = [self._row(product).abc_class for product in (*names, unsold)]
        self.assertEqual(classes, ["a", "a", "b", "b", "c", "c"])
        self.company.stock_abc_a = 50
        self.assertEqual(self._row(names[1]).abc_class, "b")

    def test_prices_are_those_of_the_orders(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._bought(30, 30)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "warehouse_id": self.main.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.laptop.id,
                            "product_uom_qty": 2,
                            "product_uom_id": dozen.id,
                            "price_unit": 600,
                            "tax_ids": False,
                            "discount": 50,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self._do(order.picking_ids.move_ids)
        self.assertEqual((self._row().sold, self._row().sold_value), (24, 600))

    def test_settings_that_contradict_each_other_are_refused(self):
        for values in ({"stock_slow_days": 400}, {"stock_abc_a": 99}, {"stock_dead_days": 0}):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.company.write(values)

    def test_the_screens(self):
        with Form(self.env["res.config.settings"]) as settings:
            settings.stock_slow_days = 100
        self.assertEqual(self.company.stock_slow_days, 100)
        self._bought(5, 10)
        row = self._row()
        history = self.env["stock.ledger.line"].search(row.action_view_ledger()["domain"])
        self.assertEqual(history.balance, 5)
        groups = self.env["stock.turnover"]._read_group(
            [("product_id", "=", self.laptop.id)], ["movement"], ["on_hand:sum", "sold_value:sum"]
        )
        self.assertEqual(groups, [("moving", 5, 0)])

    def test_cost_is_for_stock_managers(self):
        self._bought(5, 10)
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        user = new_test_user(
            self.env, "stockman", "base.group_user,stock.group_stock_user", **company
        )
        Turnover = self.env["stock.turnover"].with_user(user)
        self.assertNotIn("stock_value", Turnover.fields_get())
        rows = Turnover.with_context(allowed_company_ids=self.company.ids).search(
            [("product_id", "=", self.laptop.id)]
        )
        self.assertEqual(rows.on_hand, 5)
