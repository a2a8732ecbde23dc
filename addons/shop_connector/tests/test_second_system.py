import base64
import hashlib
import hmac
import json
from pathlib import Path

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from ..shopapi.registry import simulator_class
from .common import ShopCase

ADDON = Path(__file__).parents[1]
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSu"
    "QmCC"
)


class OtherSystemCase(ShopCase):
    """A shop of another system than the other tests use: OAuth, secrets, webhooks of its own."""

    system = "woocommerce"

    def _state(self, external_id):
        return self.simulator.order(external_id)["status"]


@tagged("post_install", "-at_install")
class TestSecondSystem(OtherSystemCase):
    def test_products_variants_pictures_and_stock_go_out(self):
        glass = self._product("GLASS", price=10.0, stock=7, image_1920=PIXEL)
        self._product_with_formats("WINE", stock=3)
        figures = self._sync()
        self.assertFalse(figures["failed"], self.env["shop.job"].search([]).mapped("error"))
        held = self.simulator.product_by_sku("GLASS")
        self.assertEqual((held["name"], held["regular_price"]), ("Product GLASS", "12.20"))
        self.assertEqual(self.simulator.stock_of("GLASS"), 7)
        self.assertEqual(len(held["images"]), 1)
        variant = self.simulator.product_by_sku("WINE-1")
        self.assertEqual((variant["regular_price"], variant["stock_quantity"]), ("71.50", 3))
        # nothing changed, nothing is sent
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()
        glass.list_price = 20
        with self._writes(1):
            self._sync()
        self.assertEqual(self.simulator.product_by_sku("GLASS")["regular_price"], "24.40")

    def test_stock_changes_in_one_call(self):
        templates = self.env["product.template"]
        for number in range(3):
            templates |= self._product(f"G{number}", stock=5)
        self._sync()
        self._stock(templates.product_variant_ids, 9)
        with self._writes(1):
            self._sync()
        self.assertEqual([self.simulator.stock_of(f"G{n}") for n in range(3)], [9, 9, 9])

    def test_an_order_comes_in_and_its_status_goes_out(self):
        self._product("GLASS", price=10.0, stock=9)
        self._sync()
        number = self.simulator.place_order(
            [("GLASS", 2)],
            {"email": "anna@shop.example", "company": "Verdi srl", "vat_number": "IT00743110157"},
            payment="cod",
            voucher="wine10",
        )
        self._sync()
        order = self._order(number)
        total = self.simulator.order(number)
        shown = sum(
            (line["total"] for line in total["line_items"]),
            start=total["shipping_lines"][0]["total"],
        )
        self.assertAlmostEqual(order.amount_untaxed, float(shown), places=2)
        self.assertEqual(order.partner_id.commercial_partner_id.vat, "IT00743110157")
        self.assertEqual(order.channel_id, self.shop.channel_id)
        if order.state != "sale":
            order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.carrier_tracking_ref = "LAMPO-1"
        order.picking_ids.button_validate()
        self._sync()
        self.assertEqual(self._state(number), "completed")
        (parcels,) = (
            item["value"]
            for item in self.simulator.order(number)["meta_data"]
            if item["key"] == "_wc_shipment_tracking_items"
        )
        self.assertEqual([each["tracking_number"] for each in parcels], ["LAMPO-1"])
        # what the shop sold is not offered again
        self.assertEqual(self.simulator.stock_of("GLASS"), 7)

    def test_cancelled_in_the_shop_is_cancelled_here(self):
        self._product("GLASS", stock=9)
        self._sync()
        number = self.simulator.place_order([("GLASS", 2)])
        self._sync()
        self.simulator.set_order_state(number, "cancelled")
        self._sync()
        self.assertEqual(self._order(number).state, "cancel")

    def test_a_first_import_makes_the_products_here(self):
        routes = self.simulator.routes
        with self.simulator.lock:
            for sku, price in (("TZ-1", "12.20"), ("TZ-2", "24.40")):
                routes.products.create(
                    {
                        "name": f"Tazza & piattino {sku}",
                        "sku": sku,
                        "regular_price": price,
                        "manage_stock": True,
                        "stock_quantity": 4,
                    }
                )
        self.shop.write({"state": "draft", "missing_here": "create"})
        self.shop.action_start()
        self._sync()
        found = self.env["product.template"].search([("default_code", "in", ("TZ-1", "TZ-2"))])
        self.assertEqual(
            sorted(found.mapped("name")), ["Tazza & piattino TZ-1", "Tazza & piattino TZ-2"]
        )
        self.assertEqual(sorted(found.mapped("list_price")), [10.0, 20.0])

    def test_without_the_application_password_only_pictures_wait(self):
        self.shop.media_login = False
        self._product("GLASS", image_1920=PIXEL)
        self._sync()
        self.assertTrue(self.simulator.product_by_sku("GLASS"))
        self.assertIn("application password", self._failed("product").error)

    def test_webhooks_are_made_and_repaired(self):
        self._sync()
        made = self.simulator.shop.webhooks
        topics = {row["topic"] for row in made.values()}
        self.assertTrue({"order.created", "order.updated", "product.updated"} <= topics)
        self.assertEqual({row["delivery_url"] for row in made.values()}, {self.shop.hint_url})
        self.assertEqual({row["secret"] for row in made.values()}, {self.shop.sudo().hint_secret})
        first = next(iter(made.values()))
        first["status"] = "disabled"
        with self._writes(1):
            self.shop.action_ensure_hooks()
        self.assertEqual(first["status"], "active")
        self.shop.action_new_hint_secret()
        self._sync()
        self.assertEqual({row["secret"] for row in made.values()}, {self.shop.sudo().hint_secret})
        self.assertEqual(len(made), len(topics))

    def test_a_key_that_may_only_read_says_so_and_orders_come_all_the_same(self):
        self._product("GLASS", stock=5)
        self._sync()
        self.shop.write(
            {
                "api_key": self.simulator.read_only_key,
                "hooks_checked_at": False,
                "state": "connected",
            }
        )
        self.simulator.shop.webhooks.clear()
        number = self.simulator.place_order([("GLASS", 1)])
        self._sync()
        self.assertTrue(self._order(number))
        self.assertIn("write", self.shop.hook_problem)

    def test_a_copied_database_forgets_all_that_opens_the_shop(self):
        self.env.flush_all()
        with file_open("shop_connector/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.shop.invalidate_recordset()
        shop = self.shop.sudo()
        self.assertFalse(shop.api_key or shop.api_secret or shop.media_login or shop.hint_secret)

    def test_the_engine_knows_no_system_by_name(self):
        for folder in ("models", "sync"):
            for path in (ADDON / folder).rglob("*.py"):
                text = path.read_text(encoding="utf-8").lower()
                for name in ("prestashop", "woocommerce"):
                    self.assertNotIn(name, text, f"{path.name} names {name}")


@tagged("post_install", "-at_install")
class TestConnectSecondSystem(OtherSystemCase):
    def test_the_wizard_connects_with_key_and_secret(self):
        wizard = self.env["shop.connect"].create(
            {
                "system": "woocommerce",
                "base_url": f"{self.simulator.url}/wp-admin/",
                "api_key": self.simulator.api_key,
                "api_secret": self.simulator.api_secret,
                "media_login": self.simulator.media_login,
            }
        )
        self.assertTrue(wizard.needs_secret and wizard.needs_media_login)
        wizard.action_probe()
        self.assertFalse(wizard.problem)
        self.assertEqual(wizard.step, "codes")
        shop = wizard.shop_id.sudo()
        self.assertEqual(shop.name, "Bottega Prova")
        self.assertEqual(shop.api_secret, self.simulator.api_secret)
        self.assertEqual(shop.media_login, self.simulator.media_login)
        self.assertFalse(wizard.api_secret or wizard.media_login)
        # once more, with the secrets that are kept
        wizard.action_back()
        wizard.action_probe()
        self.assertFalse(wizard.problem)
        rates = {row.external_code: row.rate for row in shop.tax_mapping_ids}
        self.assertEqual((rates["standard"], rates["ridotta-10"]), (22, 10))

    def test_a_wrong_secret_is_told(self):
        wizard = self.env["shop.connect"].create(
            {
                "system": "woocommerce",
                "base_url": self.simulator.url,
                "api_key": self.simulator.api_key,
                "api_secret": "cs_wrong",
            }
        )
        wizard.action_probe()
        self.assertEqual(wizard.step, "address")
        self.assertIn("did not let us in", wizard.problem)


@tagged("post_install", "-at_install")
class TestSecondSystemHints(OtherSystemCase, HttpCase):
    def _call(self, content, topic="order.updated", secret=None, **headers):
        body = json.dumps(content).encode() if isinstance(content, dict) else content
        made = hmac.new((secret or self.shop.hint_secret).encode(), body, hashlib.sha256)
        return self.url_open(
            f"/shop_connector/hint/{self.shop.id}",
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-WC-Webhook-Topic": topic,
                "X-WC-Webhook-Signature": base64.b64encode(made.digest()).decode(),
                **headers,
            },
        )

    def test_a_signed_call_marks_its_order(self):
        answer = self._call({"id": 17, "status": "processing", "note": "x" * 100_000})
        self.assertEqual(answer.status_code, 202)
        jobs = self.env["shop.job"].search([("shop_id", "=", self.shop.id), ("kind", "=", "order")])
        self.assertEqual(jobs.mapped("key"), ["17"])

    def test_a_forged_call_is_refused_and_the_ping_is_welcome(self):
        self.assertEqual(self._call({"id": 17}, secret="wrong").status_code, 401)
        ping = self._call(b"webhook_id=3", **{"Content-Type": "application/x-www-form-urlencoded"})
        self.assertIn(ping.status_code, (200, 202))

    def test_two_shops_of_two_systems_sell_one_stock(self):
        other = self.enterContext(self._open_other())
        second = self.env["shop.shop"].create(
            {
                "name": "Second Shop",
                "system": "prestashop",
                "base_url": other.url,
                "api_key": other.api_key,
                "pricelist_id": self.pricelist.id,
                "warehouse_ids": [Command.set(self.warehouse.ids)],
                "orders_since": "2020-01-01 00:00:00",
            }
        )
        second.action_connect()
        shops = self.shop | second
        self._product("GLASS", stock=10, shop_ids=[Command.set(shops.ids)])
        shops.action_sync_now()
        self.assertEqual((self.simulator.stock_of("GLASS"), other.stock_of("GLASS")), (10, 10))
        self.simulator.place_order([("GLASS", 2)], payment="cod")
        other.place_order([("GLASS", 3)], payment="ps_checkout")
        for _round in range(2):
            shops.action_sync_now()
        orders = self.env["sale.order"].search([("shop_id", "in", shops.ids)])
        self.assertEqual(set(orders.shop_id), set(shops))
        self.assertEqual((self.simulator.stock_of("GLASS"), other.stock_of("GLASS")), (5, 5))

    @classmethod
    def _open_other(cls):
        return simulator_class("prestashop")(seed="demo")
