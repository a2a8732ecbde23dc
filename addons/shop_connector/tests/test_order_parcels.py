from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestOrderParcels(ShopCase):
    """Every delivery of an order is a parcel with its own number, and the status follows."""

    def setUp(self):
        super().setUp()
        self._product(stock=50)
        self._sync()
        self.order = self._place([("GLASS", 4)], payment="ps_checkout")
        link = self.env["shop.binding"]._by_record(self.shop, "order", self.order.ids)
        self.external = int(link[self.order.id].external_id)

    def _deliver(self, picking, quantity, tracking=False):
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.carrier_tracking_ref = tracking
        picking._action_done()
        return self.env["stock.picking"].search([("backorder_id", "=", picking.id)])

    def test_two_parcels_have_two_numbers_and_two_statuses(self):
        rest = self._deliver(self.order.picking_ids, 1, "T-1")
        self._sync()
        self.assertEqual(
            (self._parcels_of(self.external), self._meaning_of(self.external)),
            (["T-1"], "processing"),
        )
        self._deliver(rest, 3, "T-2")
        self._sync()
        self.assertEqual(
            (self._parcels_of(self.external), self._meaning_of(self.external)),
            (["T-1", "T-2"], "shipped"),
        )
        self.assertEqual(self.simulator.shop.mails, [])
        with self._writes(0):
            self._sync()

    def test_a_status_for_part_of_the_goods_is_used_where_there_is_one(self):
        row = self.shop.order_state_mapping_ids.filtered(lambda r: r.external_code == "9")
        row.meaning = "partial"
        self._deliver(self.order.picking_ids, 1)
        self._sync()
        self.assertEqual(self._meaning_of(self.external), "partial")

    def test_a_corrected_number_replaces_the_wrong_one(self):
        first = self.order.picking_ids
        rest = self._deliver(first, 1, "WRONG")
        self._deliver(rest, 3, "T-2")
        self._sync()
        first.carrier_tracking_ref = "T-1"
        self._sync()
        self.assertEqual(self._parcels_of(self.external), ["T-1", "T-2"])
        first.carrier_tracking_ref = False
        self._sync()
        self.assertEqual(self._parcels_of(self.external), ["", "T-2"])

    def test_a_number_that_comes_later(self):
        self._deliver(self.order.picking_ids, 4)
        self._sync()
        self.assertEqual(
            (self._parcels_of(self.external), self._meaning_of(self.external)), ([""], "shipped")
        )
        self.order.picking_ids.carrier_tracking_ref = "T-1"
        with self._writes(1):
            self._sync()
        self.assertEqual(self._parcels_of(self.external), ["T-1"])

    def test_an_answer_lost_makes_no_second_parcel(self):
        rest = self._deliver(self.order.picking_ids, 1, "T-1")
        self._sync()
        self._deliver(rest, 3, "T-2")
        self.simulator.fail(method="POST", path="order_carriers", drop=True, after_work=True)
        self._sync()
        self.env["shop.job"].search([("kind", "=", "shipment")]).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(
            (self._parcels_of(self.external), self._meaning_of(self.external)),
            (["T-1", "T-2"], "shipped"),
        )

    def test_a_return_does_not_un_ship(self):
        self._deliver(self.order.picking_ids, 4, "T-1")
        self._sync()
        picking = self.order.picking_ids
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.quantity = 2
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back._action_done()
        picking.carrier_tracking_ref = "T-9"
        self._sync()
        self.assertEqual(
            (self._parcels_of(self.external), self._meaning_of(self.external)), (["T-9"], "shipped")
        )


@tagged("post_install", "-at_install")
class TestOrderDocuments(ShopCase):
    """The customer finds invoices and delivery notes from the shop's own account, each once."""

    def setUp(self):
        super().setUp()
        self._product(stock=50)
        self._sync()
        self.shop.publish_documents = "all"
        self.order = self._place([("GLASS", 2)], payment="ps_checkout")

    def _messages(self):
        rows = self.simulator.shop.store.all("customer_messages")
        return [(row.values["message"], row.values["private"]) for row in rows]

    def _invoice(self):
        picking = self.order.picking_ids
        picking.move_ids.picked = True
        picking._action_done()
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def test_invoice_and_delivery_note_are_told_once_with_their_links(self):
        invoice = self._invoice()
        figures = self._sync()["sent"]
        self.assertEqual((figures["invoice"], figures["delivery_note"]), (1, 1))
        messages = self._messages()
        self.assertEqual(len(messages), 2)
        self.assertTrue(all(private == "0" for _text, private in messages))
        text = "\n".join(text for text, _private in messages)
        self.assertIn(invoice.access_token, text)
        self.assertIn(f"/my/picking/pdf/{self.order.picking_ids.id}?access_token=", text)
        self.env["shop.job"]._mark("invoice", invoice.ids, self.shop)
        with self._writes(0):
            self._sync()

    def test_only_invoices_or_nothing(self):
        self.shop.publish_documents = "invoices"
        self._invoice()
        self._sync()
        self.assertEqual(len(self._messages()), 1)

    def test_nothing_unless_asked(self):
        self.shop.publish_documents = "none"
        self._invoice()
        self._sync()
        self.assertEqual(self._messages(), [])

    def test_an_answer_lost_makes_no_second_message(self):
        self.shop.publish_documents = "invoices"
        self._invoice()
        path = "customer_messages"
        self.simulator.fail(method="POST", path=path, drop=True, after_work=True)
        self._sync()
        self.env["shop.job"].search([("kind", "=", "invoice")]).due_at = "2020-01-01"
        self._sync()
        self.assertEqual(len(self._messages()), 1)

    def test_the_exchanges_of_an_order_are_one_button_away(self):
        self._invoice()
        self._sync()
        action = self.order.action_view_shop_jobs()
        kinds = self.env["shop.job"].search(action["domain"]).mapped("kind")
        self.assertEqual(set(kinds), {"order", "shipment", "invoice", "delivery_note"})
