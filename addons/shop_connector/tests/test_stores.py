from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestStores(ShopCase):
    """Two stores of one PrestaShop are two shops here, and nothing of them mixes."""

    def setUp(self):
        super().setUp()
        self.outlet_id = self.simulator.add_store("Outlet")
        self.shop.action_connect()
        self.outlet = self.env["shop.shop"].create(
            {
                "name": "Outlet",
                "base_url": self.simulator.url,
                "api_key": self.simulator.api_key,
                "pricelist_id": self.pricelist.id,
                "warehouse_ids": [Command.set(self.warehouse.ids)],
                "orders_since": "2020-01-01 00:00:00",
            }
        )
        self.outlet.action_connect()
        self.outlet.store_id = self._store(self.outlet, "Outlet")
        self.assertEqual(self.outlet.state, "draft")
        self.outlet.action_connect()

    def _store(self, shop, name):
        return shop.store_mapping_ids.filtered(lambda row: row.name == name)

    def _sync_both(self):
        self.shop.action_sync_now()
        self.outlet.action_sync_now()

    def test_stores_are_listed_and_offered(self):
        self.assertEqual(self.shop.store_mapping_ids.mapped("name"), ["Enoteca Colline", "Outlet"])
        self.assertTrue(self.shop.has_stores)
        self.assertFalse(self.shop.store_id)
        self.assertEqual(self.outlet.store_code, str(self.outlet_id))

    def test_products_and_stock_of_two_stores_do_not_mix(self):
        self._product("MAIN", stock=5)
        self._product("OUT", stock=7, shop_ids=[Command.set(self.outlet.ids)])
        self._product("BOTH", stock=9, shop_ids=[Command.set((self.shop | self.outlet).ids)])
        self._sync_both()
        self.assertEqual(self.simulator.stock_of("MAIN"), 5)
        self.assertEqual(self.simulator.stock_of("BOTH"), 9)
        with self.assertRaises(KeyError):
            self.simulator.product_by_sku("OUT")
        with self.simulator.in_store(self.outlet_id):
            self.assertEqual(self.simulator.stock_of("OUT"), 7)
            self.assertEqual(self.simulator.stock_of("BOTH"), 9)
            with self.assertRaises(KeyError):
                self.simulator.product_by_sku("MAIN")

    def test_each_shop_reads_the_orders_of_its_store(self):
        self._product("BOTH", stock=9, shop_ids=[Command.set((self.shop | self.outlet).ids)])
        self._sync_both()
        main = self.simulator.place_order([("BOTH", 1)])
        with self.simulator.in_store(self.outlet_id):
            other = self.simulator.place_order([("BOTH", 2)])
        self._sync_both()
        orders = self.env["sale.order"].search([("shop_id", "in", (self.shop | self.outlet).ids)])
        self.assertEqual(len(orders), 2)
        links = self.env["shop.binding"].search([("kind", "=", "order")])
        self.assertEqual(
            {(link.shop_id, link.external_id) for link in links},
            {(self.shop, str(main)), (self.outlet, str(other))},
        )
        # both sell from one warehouse: the second one knows of the first one's order already
        self.assertEqual(self.simulator.stock_of("BOTH"), 8)
        with self.simulator.in_store(self.outlet_id):
            self.assertEqual(self.simulator.stock_of("BOTH"), 6)

    def test_an_order_is_placed_in_its_own_store(self):
        product = self._product("OUT", stock=7, shop_ids=[Command.set(self.outlet.ids)])
        self._sync_both()
        customer = self.env["res.partner"].create(
            {
                "name": "Maria Rossi",
                "email": "maria@shop.example",
                "street": "Via Roma 1",
                "zip": "37100",
                "city": "Verona",
                "country_id": self.italy.id,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "channel_id": self.outlet.channel_id.id,
                "pricelist_id": self.pricelist.id,
                "order_line": [Command.create({"product_id": product.product_variant_ids.id})],
            }
        )
        order.action_confirm()
        order.action_place_in_shop()
        self.outlet.action_sync_now()
        self.assertEqual(order.shop_id, self.outlet, order.shop_notice)
        carts = self.simulator.shop.store.tables["carts"]
        placed = [cart for cart in carts.values() if cart.number("id_customer")]
        self.assertEqual({str(cart.values["id_shop"]) for cart in placed}, {str(self.outlet_id)})

    def test_a_store_in_use_is_not_changed(self):
        self._product("OUT", stock=7, shop_ids=[Command.set(self.outlet.ids)])
        self.outlet.action_sync_now()
        with self.assertRaises(UserError):
            self.outlet.store_id = False

    def test_a_store_of_another_shop_is_refused(self):
        with self.assertRaises(ValidationError):
            self.outlet.store_id = self._store(self.shop, "Outlet")

    def test_a_key_for_one_store_only_is_refused_with_a_sentence(self):
        service = self.simulator.service
        key = service.keys[self.simulator.api_key]
        service.keys[self.simulator.api_key] = type(key)(stores=frozenset({1}))
        with self.assertRaisesRegex(UserError, "not good for this store"):
            self.outlet.action_connect()
