"""A product is removed from its shop for good: asked first, done once, remembered."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .content_common import ContentCase, picture


@tagged("post_install", "-at_install")
class TestRemoval(ContentCase):
    def setUp(self):
        super().setUp()
        self.template = self._product_with_formats(stock=5)
        self.template.image_1920 = picture("red")
        self._sync()
        self.link = self._link()

    def _link(self):
        links = self.env["shop.binding"]._by_record(self.shop, "product", self.template.ids)
        return links[self.template.id]

    def _wizard(self):
        action = self.link.action_open_removal()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _held(self, sku="WINE-0"):
        try:
            return self.simulator.product_by_sku(sku)
        except KeyError:
            return None

    def test_what_is_lost_is_named_before(self):
        wizard = self._wizard()
        self.assertEqual(wizard.product_id, self.template)
        self.assertIn("Variants: 2", wizard.loss)
        self.assertIn("Pictures: 1", wizard.loss)
        self.assertIn(self.link.external_id, wizard.loss)
        self.assertTrue(self._held())

    def test_it_is_gone_there_and_stays_here(self):
        with self._writes(1):
            self._wizard().action_remove()
        self.assertIsNone(self._held())
        self.assertTrue(self.template.exists().active)
        self.assertEqual(self.link.state, "removed")
        self.assertNotIn(self.shop, self.template.shop_ids)
        self.assertFalse(self.link.can_remove)
        left = self.env["shop.binding"].search(
            [("shop_id", "=", self.shop.id), ("kind", "in", ("variant", "image", "price"))]
        )
        self.assertFalse(left)

    def test_nothing_of_it_is_sent_any_more(self):
        self._wizard().action_remove()
        self.template.name = "Renamed"
        self._stock(self.template.product_variant_ids, 9)
        with self._writes(0):
            self.shop.action_compare_all()
            figures = self._sync()
        self.assertFalse(figures["failed"])

    def test_put_back_it_gets_a_new_page(self):
        self._wizard().action_remove()
        old = self.link.external_id
        self.template.shop_ids = self.shop
        figures = self._sync()
        self.assertFalse(figures["failed"])
        self.assertTrue(self._held())
        self.assertEqual(self._link().state, "ok")
        self.assertNotEqual(self._link().external_id, old)

    def test_gone_already_counts_as_done(self):
        with self.shop._open_adapter() as adapter:
            adapter.delete_product(self.link.external_id)
        self._wizard().action_remove()
        self.assertEqual(self.link.state, "removed")

    def test_a_shop_that_does_not_answer_changes_nothing(self):
        wizard = self._wizard()
        self.simulator.fail(method="DELETE", drop=True, times=None)
        with self.assertRaises(UserError):
            wizard.action_remove()
        self.simulator.faults.clear()
        self.assertEqual(self.link.state, "ok")
        self.assertIn(self.shop, self.template.shop_ids)

    def test_a_manager_of_shops_who_edits_no_products_may(self):
        manager = new_test_user(
            self.env, "remover", "base.group_user,shop_connector.group_shop_connector_manager"
        )
        action = self.link.with_user(manager).action_open_removal()
        wizard = self.env[action["res_model"]].with_user(manager).browse(action["res_id"])
        self.assertIn("Variants: 2", wizard.loss)
        wizard.action_remove()
        self.assertEqual(self.link.state, "removed")
        self.assertIn("Deleted in", self.template.message_ids[:1].body)

    def test_only_the_manager_may(self):
        user = new_test_user(
            self.env, "only_user", "base.group_user,shop_connector.group_shop_connector_user"
        )
        with self.assertRaises(UserError):
            self.link.with_user(user).action_open_removal()
