"""The wizard that connects a shop: every way it can fail, and the way it does not."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..wizards.shop_connect import STEPS
from .test_first_import import HeldCase


@tagged("post_install", "-at_install")
class TestShopConnect(HeldCase):
    def _wizard(self, address=None, key=None, **values):
        return self.env["shop.connect"].create(
            {
                "base_url": address or self.simulator.url,
                "api_key": key or self.simulator.api_key,
                **values,
            }
        )

    def _problem(self, address=None, key=None):
        """What the wizard says; no shop may be left behind."""
        before = self.env["shop.shop"].search_count([])
        wizard = self._wizard(address, key)
        wizard.action_probe()
        self.assertEqual(wizard.step, "address")
        self.assertEqual(self.env["shop.shop"].search_count([]), before)
        return wizard.problem

    # === ADDRESS AND KEY ===

    def test_the_way_through(self):
        self._hold(self._document("BARO", "48.80"))
        wizard = self._wizard()
        wizard.action_probe()
        self.assertFalse(wizard.problem)
        self.assertEqual(wizard.step, "codes")
        shop = wizard.shop_id
        self.assertEqual((shop.state, shop.name), ("draft", self.adapter.probe().name))
        self.assertFalse(wizard.api_key)
        self.assertEqual(shop.api_key, self.simulator.api_key)
        wizard.action_next()
        wizard.action_next()
        self.assertEqual(wizard.step, "products")
        with self._writes(0):
            wizard.action_preview()
        self.assertEqual(wizard.step, "preview")
        self.assertEqual(shop.plan_line_ids.filtered("record_name")[:1].record_name, "Wine BARO")
        action = wizard.action_start()
        self.assertEqual(action["res_id"], shop.id)
        self.assertEqual((shop.state, shop.import_total, shop.import_left), ("connected", 1, 1))
        self.assertEqual(shop.import_progress, 0)
        shop.action_sync_now()
        shop.invalidate_recordset()
        self.assertEqual((shop.import_left, shop.import_progress), (0, 100))
        self.assertEqual(
            self.env["product.product"].search([("default_code", "=", "BARO")]).shop_ids, shop
        )

    def test_what_was_entered_before_is_used_again(self):
        wizard = self._wizard(api_secret="first secret")
        wizard.action_probe()
        shop = wizard.shop_id
        self.assertEqual(shop.api_secret, "first secret")
        for typed in ("", self.simulator.api_key):
            again = self.env["shop.connect"].create(
                {"shop_id": shop.id, "base_url": shop.base_url, "api_key": typed}
            )
            again.action_probe()
            self.assertFalse(again.problem)
            self.assertEqual(
                (shop.api_key, shop.api_secret), (self.simulator.api_key, "first secret")
            )
        elsewhere = self.env["shop.connect"].create(
            {"shop_id": shop.id, "base_url": "http://127.0.0.1:9", "api_key": "K" * 32}
        )
        key, secret = elsewhere._choose_keys(["http://127.0.0.1:9"])
        self.assertEqual((key, secret), ("K" * 32, None))

    def test_addresses_as_people_type_them(self):
        for typed in ("{}/", " {} ", "{}/api", "{}/api/", "{}/it/", "{}/index.php", "{}?x=1"):
            wizard = self._wizard(typed.format(self.simulator.url))
            wizard.action_probe()
            self.assertFalse(wizard.problem, typed)
            self.assertEqual(wizard.shop_id.base_url, self.simulator.url)

    def test_an_address_without_scheme_means_https(self):
        problem = self._problem(self.simulator.host)
        self.assertIn("certificate", problem)

    def test_a_password_in_the_address_is_refused_unseen(self):
        problem = self._problem(self.simulator.url.replace("//", "//user:hunter2@"))
        self.assertIn("without user name and password", problem)
        self.assertNotIn("hunter2", problem)

    def test_an_address_that_is_none(self):
        for typed in ("my shop", "ftp://shop.example.com", "https://"):
            self.assertIn("address", self._problem(typed))

    def test_a_page_that_is_no_shop(self):
        self.simulator.fail(200, path="api", body=b"<html>Welcome</html>", times=None)
        self.assertIn("no web service of this shop system", self._problem())

    def test_a_site_without_the_web_service(self):
        self.simulator.fail(404, path="api", body=b"<html>Not here</html>", times=None)
        self.assertIn("no web service of this shop system", self._problem())

    def test_another_host_name(self):
        problem = self._problem(self.simulator.url.replace("127.0.0.1", "localhost"))
        self.assertIn("another address", problem)

    def test_a_shop_that_does_not_answer(self):
        self.assertIn("does not answer", self._problem("http://127.0.0.1:9"))

    def test_a_web_service_that_is_switched_off(self):
        body = (
            b"<prestashop><errors><error><code>22</code><message>The PrestaShop webservice is "
            b"disabled</message></error></errors></prestashop>"
        )
        self.simulator.fail(503, path="api", body=body)
        self.assertIn("switched off", self._problem())

    def test_a_wrong_key_is_told_and_not_shown(self):
        key = "NOT0THE0KEY0OF0THIS0SHOP00000001"
        problem = self._problem(key=key)
        self.assertIn("did not let us in", problem)
        self.assertNotIn(key, problem)

    def test_missing_rights_are_listed(self):
        key = "LESS0RIGHTS0KEY0LESS0RIGHTS0KEY0"
        service = self.simulator.service
        full = service.keys[self.simulator.api_key]
        methods = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
        names = [name for name in service.schema.names if name != "order_histories"]
        service.keys[key] = type(full)(rights=dict.fromkeys(names, methods))
        wizard = self._wizard(key=key)
        wizard.action_probe()
        self.assertIn("lacks rights", wizard.problem)
        self.assertEqual(wizard.missing_rights, "order_histories (GET, POST)")

    def test_every_step_can_be_shown(self):
        self._hold(self._document("BARO"))
        wizard = self._wizard()
        wizard.action_probe()
        wizard.action_preview()
        for step in STEPS:
            wizard.step = step
            form = Form(wizard, "shop_connector.shop_connect_view_form")
            self.assertEqual(form.step, step)

    # === GOING ON LATER ===

    def test_a_shop_left_on_the_way_is_gone_on_with(self):
        wizard = self._wizard()
        wizard.action_probe()
        action = wizard.shop_id.action_open_connect()
        again = self.env["shop.connect"].browse(action["res_id"])
        self.assertEqual((again.step, again.shop_id), ("codes", wizard.shop_id))
        again.action_back()
        again.action_probe()
        self.assertEqual((again.step, again.problem), ("codes", False))

    def test_the_stored_key_goes_to_no_other_address(self):
        wizard = self._wizard()
        wizard.action_probe()
        other = self.env["shop.connect"].create(
            {"shop_id": wizard.shop_id.id, "base_url": "http://127.0.0.1:9"}
        )
        other.action_probe()
        self.assertIn("enter the key", other.problem)

    def test_choices_in_the_wizard_are_the_shops(self):
        wizard = self._wizard()
        wizard.action_probe()
        row = wizard.tax_mapping_ids.filtered(lambda each: each.rate == 22)
        wizard.write(
            {
                "tax_mapping_ids": [(1, row.id, {"tax_id": self.vat10.id})],
                "confirm_rule": "never",
                "missing_here": "leave",
            }
        )
        shop = wizard.shop_id
        self.assertEqual(row.tax_id, self.vat10)
        self.assertEqual((shop.confirm_rule, shop.missing_here), ("never", "leave"))

    def test_leaving_them_alone_makes_nothing_here(self):
        self._hold(self._document("BARO"))
        wizard = self._wizard()
        wizard.action_probe()
        wizard.missing_here = "leave"
        wizard.action_preview()
        wizard.action_start()
        wizard.shop_id.action_sync_now()
        self.assertFalse(self.env["product.product"].search([("default_code", "=", "BARO")]))

    # === RIGHTS ===

    def test_a_manager_connects_and_reads_no_key(self):
        manager = new_test_user(
            self.env,
            "wizard_manager",
            "base.group_user,shop_connector.group_shop_connector_manager",
        )
        wizard = (
            self.env["shop.connect"]
            .with_user(manager)
            .create({"base_url": self.simulator.url, "api_key": self.simulator.api_key})
        )
        wizard.action_probe()
        self.assertEqual((wizard.step, wizard.has_key, wizard.api_key), ("codes", True, False))
        wizard.action_preview()
        wizard.action_start()
        self.assertEqual(wizard.shop_id.state, "connected")
        with self.assertRaises(AccessError):
            wizard.shop_id.read(["api_key"])

    def test_a_manager_moves_an_unconnected_shop_only_with_its_key_typed_again(self):
        manager = new_test_user(
            self.env,
            "wizard_mover",
            "base.group_user,shop_connector.group_shop_connector_manager",
        )
        Wizard = self.env["shop.connect"].with_user(manager)
        first = Wizard.create({"base_url": self.simulator.url, "api_key": self.simulator.api_key})
        first.action_probe()
        shop = first.shop_id
        with self._open_simulator() as other:
            again = Wizard.create({"shop_id": shop.id, "base_url": other.url})
            again.action_probe()
            self.assertIn("enter the key", again.problem)
            self.assertEqual(shop.base_url, self.simulator.url)
            with self.assertRaisesRegex(UserError, "system administrator"):
                shop.base_url = other.url
            again.api_key = other.api_key
            again.action_probe()
            self.assertFalse(again.problem)
            self.assertEqual(shop.base_url, other.url)

    def test_a_manager_connects_for_the_own_companies_only(self):
        manager = new_test_user(
            self.env,
            "wizard_stranger",
            "base.group_user,shop_connector.group_shop_connector_manager",
        )
        other = self.env["res.company"].create({"name": "Somebody Else"})
        Wizard = self.env["shop.connect"].with_user(manager)
        values = {"base_url": self.simulator.url, "api_key": self.simulator.api_key}
        with self.assertRaises(AccessError):
            Wizard.create(values | {"company_id": other.id}).action_probe()
        theirs = self.shop.copy(
            {
                "company_id": other.id,
                "channel_id": False,
                "pricelist_id": False,
                "warehouse_ids": False,
            }
        )
        theirs.api_key = "as it was"
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            Wizard.create(values | {"shop_id": theirs.id}).action_probe()
        self.assertEqual(theirs.api_key, "as it was")

    def test_a_shop_user_does_not_connect(self):
        user = new_test_user(
            self.env, "wizard_user", "base.group_user,shop_connector.group_shop_connector_user"
        )
        with self.assertRaises(AccessError):
            self.env["shop.connect"].with_user(user).create({"base_url": self.simulator.url})

    def test_a_working_shop_is_not_connected_a_second_time(self):
        with self.assertRaisesRegex(UserError, "working already"):
            self.shop.action_start()
