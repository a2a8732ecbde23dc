import re

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..sync.mappings import Mappings
from .test_money import TRANSFER, MoneyCase


@tagged("post_install", "-at_install")
class TestOrderQuestions(MoneyCase):
    """What has to be decided about an order stands on it until it is decided."""

    def _says(self, meaning):
        self.simulator.clock.advance(5)
        self._set_state(self.order_id, meaning)
        self._sync()

    def _lose(self, sku):
        """A product of the shop that nothing here stands for."""
        product = self.env["product.product"].search([("default_code", "=", sku)])
        product.product_tmpl_id.shop_ids = [Command.clear()]
        product.default_code = f"{sku}-RENAMED"
        Binding = self.env["shop.binding"]
        Binding._by_record(self.shop, "variant", product.ids)[product.id].unlink()

    def _unmap(self, meaning):
        rows = self.shop.order_state_mapping_ids
        code = rows.filtered(lambda row: row.meaning == meaning)[0].external_code
        rows.filtered(lambda row: row.external_code == code).unlink()
        return code

    # === REASONS ===

    def test_a_new_status_does_not_hide_an_unknown_product(self):
        self._lose("CORK")
        order = self._buy(payment=TRANSFER)
        code = self._unmap("processing")
        self.simulator.set_order_state(self.order_id, code)
        self._sync()
        self.assertIn("SKU CORK", order.shop_hold_reason)
        self.assertIn("is new", order.shop_hold_reason)
        self._sync()
        self.assertEqual(order.shop_hold_reason.count("is new"), 1)

    def test_an_edit_in_the_shop_asks_again_what_is_still_open(self):
        self._lose("CORK")
        order = self._buy(payment=TRANSFER)
        code = self._unmap("processing")
        self.simulator.set_order_state(self.order_id, code)
        self._sync()
        self.simulator.clock.advance(5)
        self.simulator.edit_order(self.order_id, {0: 3})
        self._sync()
        self.assertIn("SKU CORK", order.shop_hold_reason)
        self.assertIn("is new", order.shop_hold_reason)

    def test_new_differences_take_the_place_of_the_old_ones_only(self):
        order = self._buy(payment=TRANSFER)
        order.shop_hold_reason = "Ask Maria first"
        glass = order.order_line.filtered(lambda line: line.product_id == self.glass)
        glass.product_uom_qty = 5
        for quantity in (7, 8):
            self.simulator.clock.advance(5)
            self.simulator.edit_order(self.order_id, {1: quantity})
            self._sync()
        self.assertIn("Ask Maria first", order.shop_hold_reason)
        self.assertIn("2 here, 8 in the shop", order.shop_hold_reason)
        self.assertNotIn("7 in the shop", order.shop_hold_reason)
        order.action_keep_ours()
        self.assertFalse(order.shop_hold_reason)

    def test_settling_does_not_let_an_unknown_product_through(self):
        self._lose("CORK")
        order = self._buy(payment=TRANSFER)
        order.action_release_hold()
        self._says("paid")
        self.assertEqual(order.state, "draft")
        self.assertIn("choose the product that was sold", order.shop_hold_reason)
        self.assertFalse(self._failed("order"))
        with self.assertRaisesRegex(UserError, "choose the product that was sold"):
            order.action_confirm()

    # === CURRENCY ===

    def _pricelist_in_forint(self):
        forint = self.env.ref("base.HUF")
        forint.active = True
        return self.env["product.pricelist"].create(
            {"name": "Forint", "currency_id": forint.id, "company_id": self.company.id}
        )

    def _row(self):
        return self.shop.currency_mapping_ids.filtered(lambda each: each.iso_code == "HUF")

    def test_forints_are_not_confirmed_as_euro(self):
        order = self._buy(currency="HUF")
        self.assertEqual(order.currency_id, self.euro)
        self.assertEqual(order.shop_currency, "HUF")
        self.simulator.clock.advance(5)
        self.simulator.edit_order(self.order_id, {0: 3})
        self._sync()
        self.assertEqual(order.state, "draft")
        self.assertIn("no price list in HUF", order.shop_hold_reason)
        order.action_release_hold()
        with self.assertRaisesRegex(UserError, "sold in HUF and stands here in EUR"):
            order.action_confirm()

    def test_a_price_list_mapped_later_puts_it_right(self):
        order = self._buy(currency="HUF")
        total = order.amount_total
        money = order.activity_schedule(
            "shop_connector.mail_activity_decision", summary="Money of a web order"
        )
        pricelist = self._pricelist_in_forint()
        self._row().pricelist_id = pricelist
        self._sync()
        self.assertEqual(order.pricelist_id, pricelist)
        self.assertEqual(order.currency_id.name, "HUF")
        self.assertEqual(order.amount_total, total)
        self.assertFalse(order.shop_hold_reason)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.activity_ids, money)

    def test_amounts_a_person_converted_may_be_confirmed(self):
        order = self._buy(currency="HUF")
        order.order_line = [
            Command.update(line.id, {"price_unit": line.price_unit / 400})
            for line in order.order_line
        ]
        order.action_release_hold()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    # === WORDS ===

    def test_amounts_are_written_as_amounts(self):
        order = self._buy(payment=TRANSFER)
        document = self._document()
        problems = []
        order.order_line[0].product_uom_qty = 40
        self.env["shop.sync.order"]._check_total(order, document, Mappings(self.shop), problems)
        (text,) = problems
        self.assertIn(order.currency_id.format(order.shop_total), text)
        self.assertIn(order.currency_id.format(order.amount_total), text)
        self.assertFalse(re.search(r"\dE\+", text))

    def _document(self):
        with self.shop._open_adapter() as adapter:
            (document,) = adapter.fetch_orders([str(self.order_id)])
        return document

    # === NOTE ===

    def test_the_customers_note_is_no_term_of_ours(self):
        self.env["ir.config_parameter"].sudo().set_param("account.use_invoice_terms", True)
        self.company.terms_type = "plain"
        self.company.invoice_terms = "<p>Goods travel at our risk</p>"
        order = self._buy(note="Ring twice\n<b>please</b>", gift=True, gift_message="Auguri")
        self.assertEqual(order.customer_note, "Ring twice\n<b>please</b>\nGift message: Auguri")
        self.assertIn("Goods travel at our risk", order.note)
        self.assertNotIn("Ring", order.note)
        self.assertEqual(order.picking_ids.customer_note, order.customer_note)
        said = order.message_ids.filtered(lambda each: "Ring twice" in each.body)
        self.assertEqual(len(said), 1)
        self.assertEqual(said.author_id, order.partner_id)
        self.assertIn("&lt;b&gt;", said.body)
        self._sync()
        self.assertEqual(len(order.message_ids & said), 1)

    def test_an_order_of_before_notes_were_kept_gets_its_note_without_a_word(self):
        order = self._buy(note="Ring twice")
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)[order.id]
        link.sent = {key: value for key, value in link.sent.items() if key != "note"}
        order.customer_note = False
        before = order.message_ids
        for _time in range(2):
            self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
            self._sync()
        self.assertEqual(order.customer_note, "Ring twice")
        self.assertEqual(order.message_ids, before)

    def test_a_note_changed_in_the_shop_is_changed_here(self):
        order = self._buy(gift=True, gift_message="Auguri")
        store = self.simulator.shop.store
        self.simulator.clock.advance(5)
        store.set("orders", store.get("orders", self.order_id), gift_message="Buon Natale")
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
        self._sync()
        self.assertEqual(order.customer_note, "Gift message: Buon Natale")
        # what was deleted here stays deleted
        order.customer_note = False
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
        self._sync()
        self.assertFalse(order.customer_note)
