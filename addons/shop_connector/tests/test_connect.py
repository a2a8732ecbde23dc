from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestConnect(ShopCase):
    def test_connecting_reads_the_shops_codes_and_proposes_mappings(self):
        shop = self.shop
        self.assertEqual(shop.state, "connected")
        self.assertEqual(shop.shop_version, self.simulator.version)
        self.assertEqual(shop.shop_timezone, "Europe/Rome")
        self.assertEqual(shop.currency_id, self.euro)
        languages = {row.iso_code[:2]: row.lang_id.code for row in shop.language_mapping_ids}
        self.assertEqual(languages["it"], "it_IT")
        self.assertEqual(languages["hu"], "hu_HU")
        self.assertEqual(languages["en"], "en_US")
        rates = {row.rate: row.tax_id for row in shop.tax_mapping_ids}
        self.assertEqual(rates[22.0], self.vat22)
        self.assertEqual(rates[10.0], self.vat10)
        meanings = set(shop.order_state_mapping_ids.mapped("meaning"))
        self.assertLessEqual(
            {"waiting", "paid", "shipped", "delivered", "cancelled", "error"}, meanings
        )

    def test_connecting_again_keeps_what_a_person_chose(self):
        row = self.shop.order_state_mapping_ids[0]
        row.meaning = "other"
        tax_row = self.shop.tax_mapping_ids.filtered(lambda r: r.tax_id == self.vat10)
        tax_row.tax_id = self.vat22
        self.shop.action_connect()
        self.assertEqual(row.meaning, "other")
        self.assertEqual(tax_row.tax_id, self.vat22)

    def test_each_shop_gets_its_own_sales_channel(self):
        self.assertEqual(self.shop.channel_id.name, "Cellar Online")
        self.assertEqual(self.shop.channel_id.channel_type, "web")

    def test_a_wrong_key_is_told_when_connecting(self):
        self.shop.api_key = "WRONG" * 6 + "XX"
        with self.assertRaisesRegex(UserError, "did not let us in"):
            self.shop.action_connect()

    def test_a_shop_that_is_down_is_told_when_connecting(self):
        self.shop.action_disconnect()
        self.shop.base_url = "http://127.0.0.1:9"
        with self.assertRaisesRegex(UserError, "does not answer"):
            self.shop.action_connect()

    def test_an_address_without_scheme_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "https://"):
            self.shop.base_url = "shop.example.com"

    def test_no_key_is_told(self):
        self.shop.api_key = False
        with self.assertRaisesRegex(UserError, "No API key"):
            self.shop.action_connect()

    def test_two_languages_of_a_shop_cannot_share_one_of_ours(self):
        rows = self.shop.language_mapping_ids
        with self.assertRaises(ValidationError):
            rows[0].lang_id = rows[1].lang_id

    def test_a_shop_with_orders_is_archived_not_deleted(self):
        self.env["sale.order"].create(
            {"partner_id": self.env.user.partner_id.id, "shop_id": self.shop.id}
        )
        with self.assertRaisesRegex(UserError, "Archive"):
            self.shop.unlink()

    def test_disconnecting_puts_the_scheduled_action_to_sleep(self):
        self.assertTrue(self.shop.cron_id.active)
        self.shop.action_disconnect()
        self.assertFalse(self.shop.cron_id.active)
        with self.assertRaisesRegex(UserError, "Connect the shop"):
            self.shop.action_sync_now()

    def test_a_deleted_shop_takes_its_scheduled_action_along(self):
        cron = self.shop.cron_id
        self.shop.unlink()
        self.assertFalse(cron.exists())

    def test_a_password_in_the_address_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "without user name and password"):
            self.shop.base_url = "https://user:secret@shop.example.com"

    def test_two_shops_on_one_channel_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to the web shop Cellar Online"):
            self.env["shop.shop"].create(
                {
                    "name": "Outlet",
                    "base_url": "https://outlet.example.com",
                    "channel_id": self.shop.channel_id.id,
                }
            )

    def test_a_mapped_tax_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "stands for the tax .* of the web shop Cellar"):
            self.vat22.unlink()

    def test_a_shop_with_links_stays_in_its_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._product(stock=1)
        self._sync()
        with self.assertRaisesRegex(UserError, "has products or orders"):
            self.shop.company_id = other

    def test_a_fresh_shop_moves_to_another_company_and_forgets_the_first_ones_records(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.shop.action_disconnect()
        self.shop.company_id = other
        self.assertEqual(self.shop.channel_id.company_id, other)
        self.assertFalse(self.shop.tax_mapping_ids.tax_id)
        self.assertFalse(self.shop.warehouse_ids)
