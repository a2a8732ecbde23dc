from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestStockRules(ShopCase):
    """Which quantity a shop is offered."""

    def _rule(self, template, **values):
        return self.env["shop.stock.rule"].create(
            {"shop_id": self.shop.id, "product_tmpl_id": template.id, **values}
        )

    def _sell(self, product, quantity, confirm=True, **values):
        """An order of our own, not of the shop."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                ],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _receive(self, product, quantity):
        """Goods on their way in."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "picking_type_id": self.warehouse.in_type_id.id,
            }
        )
        move._action_confirm()
        return move

    def _stock_of(self, sku="GLASS"):
        self._sync()
        return self.simulator.stock_of(sku)

    # === SHOP ===

    def test_a_limit_hides_how_much_there_is(self):
        self._product(stock=70)
        self._product("FEW", stock=2)
        self.shop.stock_cap = 20
        self.assertEqual(self._stock_of(), 20)
        self.assertEqual(self.simulator.stock_of("FEW"), 2)

    def test_a_share_is_rounded_down_before_the_safety_stock(self):
        self._product(stock=7)
        self.shop.write({"stock_percent": 50, "stock_buffer": 1})
        self.assertEqual(self._stock_of(), 2)

    def test_settings_are_sent_at_once_and_nonsense_is_refused(self):
        self._product(stock=7)
        self.assertEqual(self._stock_of(), 7)
        self.shop.stock_cap = 3
        self.assertEqual(self._stock_of(), 3)
        for values in ({"stock_percent": 0}, {"stock_percent": 101}, {"stock_cap": -1}):
            with self.assertRaises(ValidationError):
                self.shop.write(values)

    def test_the_forecast_counts_what_comes_and_what_is_promised(self):
        product = self._product(stock=5).product_variant_ids
        self.shop.stock_field = "virtual_available"
        self._receive(product, 10)
        self._sell(product, 2)
        self.assertEqual(self._stock_of(), 13)

    def test_the_forecast_takes_off_unpaid_and_waiting_orders_once(self):
        product = self._product(stock=5).product_variant_ids
        self.shop.stock_field = "virtual_available"
        self._receive(product, 10)
        self._sync()
        unpaid = self.simulator.place_order([("GLASS", 3)], payment="ps_wirepayment")
        waiting = self._place([("GLASS", 8)], payment="ps_checkout")
        self.assertEqual(self._order(unpaid).state, "draft")
        self.assertEqual(waiting.state, "sale")
        self.assertEqual(self.simulator.stock_of("GLASS"), 4)
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_on_hand_does_not_offer_again_what_web_customers_bought(self):
        product = self._product(stock=10).product_variant_ids
        self.shop.stock_field = "qty_available"
        self._sync()
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        self._sell(product, 3)
        self.assertEqual(self._stock_of(), 6)
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.assertEqual(self._stock_of(), 6)

    def test_on_hand_counts_goods_between_two_steps_of_a_delivery_once(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._product(stock=10)
        self.shop.stock_field = "qty_available"
        self._sync()
        order = self._place([("GLASS", 4)], payment="ps_checkout")
        self.assertEqual(self._stock_of(), 6)
        for _step in range(2):
            picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))[:1]
            picking.move_ids.picked = True
            picking.button_validate()
            self.assertEqual(self._stock_of(), 6)
        self.assertEqual(order.order_line[:1].qty_delivered, 4)

    def test_pieces_of_a_unit_are_not_offered(self):
        self._product(stock=7.99)
        self.assertEqual(self._stock_of(), 7)

    def test_dozens_on_an_order_are_counted_in_the_products_unit(self):
        self._product(stock=30)
        self._sync()
        order_id = self.simulator.place_order([("GLASS", 1)], payment="ps_wirepayment")
        self._sync()
        line = self._order(order_id).order_line.filtered("product_id.is_storable")
        line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertEqual(self._stock_of(), 18)

    def test_an_unpaid_order_of_one_shop_is_not_offered_in_another(self):
        other_shop = self.enterContext(self._open_simulator())
        other = self.env["shop.shop"].create(
            {
                "name": "Second",
                "base_url": other_shop.url,
                "api_key": other_shop.api_key,
                "pricelist_id": self.pricelist.id,
                "warehouse_ids": [Command.set(self.warehouse.ids)],
                "orders_since": "2020-01-01 00:00:00",
            }
        )
        other.action_connect()
        self._product(stock=10, shop_ids=[Command.set((self.shop | other).ids)])
        (self.shop | other).action_sync_now()
        order_id = self.simulator.place_order([("GLASS", 4)], payment="ps_wirepayment")
        (self.shop | other).action_sync_now()
        self.assertEqual(other_shop.stock_of("GLASS"), 6)
        self._set_state(order_id, "cancelled")
        (self.shop | other).action_sync_now()
        self.assertEqual(other_shop.stock_of("GLASS"), 10)
        self.assertEqual(self.simulator.stock_of("GLASS"), 10)

    # === PRODUCT ===

    def test_a_product_has_its_own_limits_in_a_shop(self):
        template = self._product(stock=50)
        self._product("OTHER", stock=50)
        self.shop.stock_buffer = 2
        rule = self._rule(template, buffer=10, cap=30)
        self.assertEqual(self._stock_of(), 30)
        self.assertEqual(self.simulator.stock_of("OTHER"), 48)
        rule.cap = 0
        self.assertEqual(self._stock_of(), 40)
        rule.unlink()
        self.assertEqual(self._stock_of(), 48)

    def test_the_rule_of_a_variant_comes_before_that_of_its_product(self):
        template = self._product_with_formats(stock=50)
        second = template.product_variant_ids[1]
        self._rule(template, cap=20)
        self._rule(template, product_id=second.id, quantity_rule="fixed", fixed_quantity=99)
        self._sync()
        self.assertEqual(self.simulator.stock_of("WINE-0"), 20)
        self.assertEqual(self.simulator.stock_of("WINE-1"), 99)

    def test_a_fixed_quantity_stands_whatever_is_sold(self):
        template = self._product(stock=3)
        self._rule(template, quantity_rule="fixed", fixed_quantity=500)
        self.assertEqual(self._stock_of(), 500)
        self._place([("GLASS", 20)], payment="ps_checkout")
        self.assertEqual(self._stock_of(), 500)

    def test_one_rule_for_one_product_and_only_sensible_ones(self):
        template, other = self._product(), self._product_with_formats()
        self._rule(template)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._rule(template)
        with self.assertRaisesRegex(ValidationError, "no variant of"):
            self._rule(template, product_id=other.product_variant_ids[0].id)
        with self.assertRaisesRegex(ValidationError, "below zero"):
            self._rule(other, buffer=-1)

    def test_a_combo_is_not_sold_in_shops(self):
        part = self._product()
        combo = self.env["product.combo"].create(
            {
                "name": "Choice",
                "combo_item_ids": [Command.create({"product_id": part.product_variant_ids.id})],
            }
        )
        box = self.env["product.template"].create(
            {"name": "Box", "type": "combo", "combo_ids": [Command.set(combo.ids)]}
        )
        with self.assertRaisesRegex(ValidationError, "Sell a kit"):
            box.shop_ids = self.shop

    # === BACK-ORDERS ===

    def _can_buy(self, units, sku="GLASS"):
        try:
            self.simulator.place_order([(sku, units)])
        except ValueError:
            return False
        return True

    def test_the_shop_is_told_whether_more_may_be_sold(self):
        template = self._product(stock=1, shop_backorder="deny")
        self._sync()
        self.assertFalse(self._can_buy(2))
        template.shop_backorder = "allow"
        with self._writes(1):
            self._sync()
        link = template.product_variant_ids.shop_link_ids
        self.assertEqual(link.stock_backorder, "allow")
        self.assertTrue(self._can_buy(2))

    def test_a_product_is_given_back_to_the_shops_own_rule(self):
        template = self._product(stock=1, shop_backorder="allow")
        self._sync()
        template.shop_backorder = "shop"
        self._sync()
        self.assertFalse(template.product_variant_ids.shop_link_ids.stock_backorder)
        self.assertFalse(self._can_buy(2))
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_one_shop_may_sell_more_than_there_is_and_the_product_says_no(self):
        template = self._product(stock=1, shop_backorder="deny")
        self._rule(template, quantity_rule="shop", backorder="allow")
        self._sync()
        self.assertTrue(self._can_buy(3))

    # === RIGHTS ===

    def test_product_managers_make_rules_others_read_them(self):
        editor = new_test_user(
            self.env, "stock_editor", "base.group_user,product.group_product_manager"
        )
        employee = new_test_user(self.env, "stock_employee", "base.group_user")
        rule = self._rule(self._product(stock=9))
        rule.with_user(editor).cap = 4
        self.assertEqual(self._stock_of(), 4)
        self.assertEqual(rule.with_user(employee).cap, 4)
        with self.assertRaises(AccessError):
            rule.with_user(employee).cap = 1

    # === ALARM ===

    def _age(self, link, hours):
        link.stock_confirmed_at = fields.Datetime.now() - timedelta(hours=hours)
        self.shop.invalidate_recordset()

    def test_somebody_is_told_of_quantities_that_are_too_old(self):
        template = self._product(stock=3)
        self._sync()
        link = template.product_variant_ids.shop_link_ids
        self.assertTrue(link.stock_confirmed_at)
        self.assertFalse(self.shop.old_stock_count)
        self._age(link, 25)
        self.assertEqual(self.shop.old_stock_count, 1)
        for _time in range(2):
            self.env["shop.shop"]._cron_check_stock_age()
        self.assertEqual(len(self.shop.activity_ids), 1)
        self.assertIn("24 hours", self.shop.activity_ids.note)
        opened = self.shop.action_view_old_stock()
        self.assertEqual(self.env["shop.binding"].search(opened["domain"]), link)
        self.shop.action_compare_all()
        self._sync()
        self.env["shop.shop"]._cron_check_stock_age()
        self.assertFalse(self.shop.activity_ids)

    def test_the_alarm_has_the_hours_of_the_shop(self):
        template = self._product(stock=3)
        self._sync()
        self._age(template.product_variant_ids.shop_link_ids, 25)
        self.shop.stock_alarm_hours = 48
        self.assertFalse(self.shop.old_stock_count)
        self.shop.stock_alarm_hours = 0
        self._age(template.product_variant_ids.shop_link_ids, 9999)
        self.assertFalse(self.shop.old_stock_count)
