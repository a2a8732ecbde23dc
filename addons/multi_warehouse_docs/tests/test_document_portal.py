"""My Delivery Notes: a customer finds his documents, and nobody else's."""

from unittest.mock import patch

from odoo.tests import freeze_time, new_test_user, tagged

from .printing import PrintCase

LIST = "/my/delivery_notes"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestDocumentPortal(PrintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.main.lot_stock_id, 50)
        cls.user = new_test_user(cls.env, "restaurant", groups="base.group_portal")
        cls.user.partner_id.parent_id = cls.customer
        cls.foreigner = new_test_user(cls.env, "foreigner", groups="base.group_portal")
        cls._type(cls, "delivery").copies = 2

    def _ship(self, **values):
        order = self._sell(1, **values)
        order.action_confirm()
        self._validate(order.picking_ids)
        return order.picking_ids

    def _get(self, url):
        return self.url_open(url, allow_redirects=False)

    def _get_pdf(self, url):
        """Like ``_get``, with a real PDF: in tests, Odoo answers with the page instead."""
        reports = type(self.env["ir.actions.report"])
        render = reports._render_qweb_pdf

        def render_really(self, *args, **kwargs):
            return render(self.with_context(force_report_rendering=True), *args, **kwargs)

        with patch.object(reports, "_render_qweb_pdf", render_really):
            return self._get(url)

    def _list(self, **arguments):
        self.authenticate("restaurant", "restaurant")
        query = "&".join(f"{name}={value}" for name, value in arguments.items())
        answer = self._get(f"{LIST}?{query}")
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def test_the_list_of_the_customers_company(self):
        mine = self._ship()
        void = self._ship()
        void._make_void("Wrong")
        open_one = self._sell(1)
        open_one.action_confirm()
        other = self._ship(partner_id=self.vendor.id)
        inside = self._transfer(1, self.main, self.internal)
        self._validate(inside)
        page = self._list()
        self.assertIn(mine.document_number, page)
        self.assertIn(mine.sale_id.name, page)
        for hidden in (void, other, inside):
            self.assertNotIn(hidden.document_number, page)
        self.assertNotIn(open_one.picking_ids.name, page)

    def test_what_somebody_else_bought_for_us_is_his(self):
        gift = self._ship(partner_id=self.vendor.id, partner_shipping_id=self.customer.id)
        self.assertEqual(gift.partner_id, self.customer)
        self.assertNotIn(gift.document_number, self._list())

    def _ship_together(self, **values):
        """One delivery note of two orders, the second with these values."""
        orders = self._sell(1) | self._sell(2, **values)
        orders.action_confirm()
        orders.picking_ids.action_assign()
        orders.picking_ids.action_deliver_together()
        self._validate(orders[0].picking_ids)
        return orders[0].picking_ids, orders[1]

    def test_a_common_delivery_is_found_by_each_of_its_orders(self):
        note, second = self._ship_together(client_order_ref="SECOND")
        self.assertNotEqual(note.sale_id, second)
        for text in ("SECOND", second.document_number):
            page = self._list(search=text, search_in="order")
            self.assertIn(note.document_number, page)

    def test_a_delivery_with_goods_that_somebody_else_bought_is_hidden(self):
        note, _second = self._ship_together(
            partner_id=self.vendor.id, partner_shipping_id=self.customer.id
        )
        self.assertEqual(note.sale_id.partner_id, self.customer)
        self.assertNotIn(note.document_number, self._list())

    def test_search_and_filters(self):
        series = self._type("delivery").series_ids
        series.date_order = "ignore"
        old, new = self._ship(client_order_ref="HELLO"), self._ship()
        late = self._sell(1)
        late.action_confirm()
        late.picking_ids.document_date = "2025-03-01"
        self._validate(late.picking_ids)
        late = late.picking_ids
        for arguments, expected in (
            ({}, old | new | late),
            ({"filterby": "year"}, old | new),
            ({"filterby": "last_year"}, late),
            ({"filterby": "nonsense", "sortby": "nonsense"}, old | new | late),
            ({"search": old.document_number, "search_in": "number"}, old),
            ({"search": "HELLO", "search_in": "order"}, old),
            ({"search": "Laptop", "search_in": "product"}, old | new | late),
            ({"search": "Nothing"}, old.browse()),
        ):
            with self.subTest(arguments):
                page = self._list(**arguments)
                found = (old | new | late).filtered(
                    lambda one, page=page: one.document_number in page
                )
                self.assertEqual(found, expected)

    def test_the_pdf_for_its_customer(self):
        note = self._ship()
        self.authenticate("restaurant", "restaurant")
        answer = self._get_pdf(f"{LIST}/{note.id}?download=1")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("DN-2026-00001.pdf", answer.headers["Content-Disposition"])
        (page,) = self._read_pages(answer.content)  # one copy
        self.assertIn("DN/2026/00001", page)

    def test_the_pdf_by_link_and_for_nobody_else(self):
        note = self._ship()
        link = note.get_portal_url()
        for login, url, allowed in (
            (None, link, True),
            ("foreigner", link, True),
            (None, f"{LIST}/{note.id}", False),
            (None, f"{LIST}/{note.id}?access_token=wrong", False),
            ("foreigner", f"{LIST}/{note.id}", False),
            ("foreigner", f"{LIST}/{note.id}?access_token=wrong", False),
            ("restaurant", f"{LIST}/{note.id + 100000}", False),
        ):
            with self.subTest(login=login, url=url):
                self.authenticate(login, login)
                answer = self._get(url)
                if allowed:
                    self.assertIn("DN/2026/00001", answer.text)
                else:
                    self.assertEqual(answer.status_code, 303)
                    self.assertTrue(answer.headers["Location"].endswith("/my"))

    def test_no_internal_and_no_unnumbered_document_even_by_link(self):
        inside = self._transfer(1, self.main, self.internal)
        self._validate(inside)
        planned = self._sell(1)
        planned.action_confirm()
        self.authenticate(None, None)
        for document in (inside, planned.picking_ids):
            self.assertEqual(self._get(document.get_portal_url()).status_code, 303)

    def test_the_count_on_the_home_page(self):
        self._ship()
        self.authenticate("restaurant", "restaurant")
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["delivery_note_count"]})
        self.assertEqual(counted["delivery_note_count"], 1)
        self.assertIn(LIST, self._get("/my/home").text)
        self.authenticate("foreigner", "foreigner")
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["delivery_note_count"]})
        self.assertFalse(counted.get("delivery_note_count"))

    def test_the_page_of_the_order_prints_the_document(self):
        note = self._ship()
        order = note.sale_id
        order._portal_ensure_token()
        self.authenticate(None, None)
        page = self._get(order.get_portal_url()).text
        self.assertIn(note.document_number, page)
        answer = self._get(f"/my/picking/pdf/{note.id}?access_token={order.access_token}")
        self.assertIn("o_transport_document", answer.text)
