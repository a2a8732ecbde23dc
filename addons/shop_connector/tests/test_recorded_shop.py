from odoo.fields import Command
from odoo.tests import tagged

from ..shopapi.registry import simulator_class
from .common import ShopCase

#: order in the recorded shop -> its total; 4 is in forint
TOTALS = {
    "1": 97.00, "2": 46.00, "3": 82.31, "4": 25591.22, "5": 100.05, "6": 127.00, "7": 135.00,
    "8": 22.00, "9": 337.79, "10": 156.15, "11": 31.00, "12": 28.95, "13": 106.85, "14": 48.00,
    "15": 14.98, "16": 47.00, "17": 523.80,
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecordedShop(ShopCase):
    """The first import of the shop whose exchanges were recorded."""

    @classmethod
    def _open_simulator(cls):
        return simulator_class(cls.system)(seed="recorded")

    def setUp(self):
        super().setUp()
        forint = self.env.ref("base.HUF")
        forint.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Forint", "currency_id": forint.id, "company_id": self.company.id}
        )
        self.shop.action_connect()
        rows = self.shop.currency_mapping_ids.filtered(lambda row: row.iso_code == "HUF")
        rows.pricelist_id = pricelist
        self.shop.write({"orders_since": "2020-01-01 00:00:00", "order_cursor": False})
        self._make_products()

    def _make_products(self):
        """Every product that was sold, by the code its row has."""
        store = self.simulator.shop.store
        taxes = {"1": self.vat22, "2": self.vat10}
        sold = {
            row.values["product_reference"]: taxes[row.values["id_tax_rules_group"]]
            for row in store.all("order_details")
        }
        self.env["product.product"].create(
            [
                {"name": sku, "default_code": sku, "taxes_id": [Command.set(tax.ids)]}
                for sku, tax in sold.items()
            ]
        )

    def _orders(self):
        links = self.env["shop.binding"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", "order")]
        )
        return {link.external_id: self.env["sale.order"].browse(link.res_id) for link in links}

    def test_every_order_comes_once_with_its_total(self):
        self._sync()
        orders = self._orders()
        self.assertEqual(set(orders), set(TOTALS))
        self.assertFalse(self._failed("order"))
        self.assertEqual({key: order.amount_total for key, order in orders.items()}, TOTALS)
        self.assertEqual({order.shop_hold_reason for order in orders.values()}, {False})
        self.assertEqual(orders["4"].currency_id.name, "HUF")

    def test_every_order_has_the_status_it_had(self):
        self._sync()
        states = {key: order.state for key, order in self._orders().items()}
        confirmed = {key for key, state in states.items() if state == "sale"}
        # 1 and 9 wait for the transfer, 8 and 14 were paid wrongly, 11 is paid at the door
        paid = {"2", "3", "4", "5", "10", "12", "13", "15", "16", "17"}
        self.assertEqual(confirmed & {"1", "7", "8", "9", "14"}, set())
        self.assertEqual(confirmed - {"11"}, paid)
        self.assertEqual(states["6"], "cancel")

    def test_a_second_import_brings_nothing_new(self):
        self._sync()
        before = {key: (order.id, order.write_date) for key, order in self._orders().items()}
        self.shop.order_cursor = False
        self._sync()
        after = {key: (order.id, order.write_date) for key, order in self._orders().items()}
        self.assertEqual(after, before)
        self.assertEqual(
            self.env["sale.order"].search_count([("shop_id", "=", self.shop.id)]), len(TOTALS)
        )
