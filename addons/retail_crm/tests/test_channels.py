"""Sales channels: what they give new orders, whose customers they know, what reports say."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestChannels(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        everybody = cls.env.ref("base.group_user")
        everybody._apply_group(cls.env.ref("product.group_product_pricelist"))
        cls.phone, cls.second = cls.env["sales.channel"].create(
            [
                {"name": "Phone", "channel_type": "phone"},
                {"name": "Second Shop", "channel_type": "web"},
            ]
        )
        cls.prices = cls.env["product.pricelist"].create({"name": "Phone Prices"})
        cls.depot = cls.env["stock.warehouse"].create({"name": "Depot", "code": "DEP"})

    def _report(self, *measures, domain=()):
        """``{channel: (measures)}`` of the channel analysis."""
        self.env.flush_all()
        rows = self.env["retail.channel.report"]._read_group(
            [("channel_id", "in", (self.channel | self.phone | self.second).ids), *domain],
            ["channel_id"],
            measures,
        )
        return {channel: figures for channel, *figures in rows}

    # === ORDERS OF A CHANNEL ===

    def test_001_two_shops_are_two_rows_with_their_own_sums(self):
        for channel, count in ((self.channel, 2), (self.second, 1)):
            for _number in range(count):
                self._order(channel_id=channel.id).action_confirm()
        self.assertEqual(
            self._report("revenue:sum", "order_count:sum"),
            {self.channel: [40.0, 2], self.second: [20.0, 1]},
        )
        lines = self.env["sale.report"]._read_group(
            [("channel_id", "in", (self.channel | self.second).ids)],
            ["channel_id"],
            ["price_subtotal:sum"],
        )
        self.assertEqual(dict(lines), {self.channel: 40.0, self.second: 20.0})

    def test_007_an_order_has_the_channel_of_who_enters_it(self):
        self.anna.order_channel_id = self.phone
        self.assertEqual(self._order(self.anna).channel_id, self.phone)
        self.assertEqual(
            self._order(self.anna, channel_id=self.channel.id).channel_id, self.channel
        )
        self.assertFalse(self._order(self.berta).channel_id)
        with Form(self.env["sale.order"].with_user(self.anna)) as form:
            self.assertEqual(form.channel_id, self.phone)
            form.partner_id = self.customer
        self.assertEqual(form.record.channel_id, self.phone)

    def test_007_a_seller_chooses_the_channel_of_new_orders(self):
        self.anna.with_user(self.anna).order_channel_id = self.phone
        self.assertEqual(self.anna.order_channel_id, self.phone)

    def test_007_a_channel_of_another_company_is_not_taken(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        self.anna.write({"order_channel_id": self.phone.id, "company_ids": [(4, other.id)]})
        self.phone.company_id = self.company
        order = self._order(self.anna.with_company(other), company_id=other.id)
        self.assertFalse(order.channel_id)

    def test_008_a_quotation_keeps_its_channel_and_counts_as_converted(self):
        won, lost = (self._order(channel_id=self.phone.id) for _number in range(2))
        won.action_quotation_sent()
        won.action_confirm()
        self.assertEqual(won.channel_id, self.phone)
        self.assertEqual(lost.state, "draft")
        self.assertEqual(self._report("conversion_rate:avg"), {self.phone: [50.0]})

    def test_009_channels_are_compared_by_order_not_by_line(self):
        self.glass.standard_price = 4.0
        big = self._order(channel_id=self.phone.id)
        big.order_line.copy({"order_id": big.id, "product_uom_qty": 6})
        small, gone = (self._order(channel_id=self.phone.id) for _number in range(2))
        (big | small).action_confirm()
        gone._action_cancel()
        figures = self._report(
            "revenue:sum", "average_order:avg", "cancel_rate:avg", "margin:sum", "sold_count:sum"
        )
        [revenue, average, cancelled, margin, sold] = figures[self.phone]
        self.assertEqual((revenue, average, margin, sold), (100.0, 50.0, 60.0, 2))
        self.assertAlmostEqual(cancelled, 100 / 3)

    def test_009_figures_stand_in_pivot_and_graph(self):
        action = self.env.ref("retail_crm.retail_channel_report_action")
        for kind in ("pivot", "graph", "list"):
            self.assertIn(kind, action.view_mode)
            self.env["retail.channel.report"].get_view(view_type=kind)
        groups = self.env["retail.channel.report"].formatted_read_group(
            [("channel_id", "=", self.phone.id)], ["channel_type"], ["revenue:sum"]
        )
        self.assertEqual(groups, [])

    def test_009_a_seller_sees_own_figures(self):
        self._order(channel_id=self.phone.id, user_id=self.anna.id)
        self._order(channel_id=self.phone.id, user_id=self.berta.id)
        self.env.flush_all()
        rows = self.env["retail.channel.report"].with_user(self.anna).search([])
        self.assertEqual(rows.filtered("user_id").user_id, self.anna)
        self.berta.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        rows = self.env["retail.channel.report"].with_user(self.berta).search([])
        self.assertLessEqual(self.anna | self.berta, rows.user_id)

    def test_010_a_channel_of_one_s_own_is_made_in_one_form(self):
        with Form(self.env["sales.channel"]) as form:
            form.name = "Fair 2026"
        self._order(channel_id=form.record.id).action_confirm()
        self.env.flush_all()
        [row] = self.env["retail.channel.report"].search([("channel_id", "=", form.record.id)])
        self.assertEqual((row.revenue, row.channel_type), (20.0, "other"))

    # === DEFAULTS ===

    def test_012_an_order_starts_with_what_its_channel_says(self):
        source = self.env["utm.source"].create({"name": "Hotline"})
        medium = self.env["utm.medium"].create({"name": "Voice"})
        self.phone.write(
            {
                "pricelist_id": self.prices.id,
                "warehouse_id": self.depot.id,
                "utm_source_id": source.id,
                "utm_medium_id": medium.id,
                "responsible_id": self.anna.id,
            }
        )
        order = self._order(channel_id=self.phone.id)
        self.assertEqual(
            (order.pricelist_id, order.warehouse_id, order.source_id, order.medium_id),
            (self.prices, self.depot, source, medium),
        )
        self.assertEqual(order.user_id, self.anna)
        chosen = self._order(channel_id=self.phone.id, warehouse_id=self._home().id)
        self.assertEqual(chosen.warehouse_id, self._home())

    def _home(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id), ("id", "!=", self.depot.id)], limit=1
        )

    def test_012_the_form_proposes_when_the_channel_is_chosen(self):
        self.phone.write({"pricelist_id": self.prices.id, "warehouse_id": self.depot.id})
        with Form(self._order()) as form:
            form.channel_id = self.phone
        self.assertEqual(form.record.pricelist_id, self.prices)
        self.assertEqual(form.record.warehouse_id, self.depot)

    def test_012_a_confirmed_order_keeps_its_prices(self):
        self.phone.pricelist_id = self.prices
        order = self._order()
        order.action_confirm()
        before = order.pricelist_id
        order.channel_id = self.phone
        self.assertEqual(order.pricelist_id, before)

    def test_012_a_customer_s_own_price_list_comes_first(self):
        own = self.env["product.pricelist"].create({"name": "Maria's"})
        self.phone.pricelist_id = self.prices
        self.customer.property_product_pricelist = own
        self.assertEqual(self._order(channel_id=self.phone.id).pricelist_id, own)

    def test_012_the_type_of_the_order_comes_first(self):
        self.phone.warehouse_id = self.depot
        fair = self.env["document.type"].create(
            {
                "name": "Fair Order",
                "code": "FAIR",
                "kind": "sale_order",
                "warehouse_id": self._home().id,
            }
        )
        order = self._order(channel_id=self.phone.id, document_type_id=fair.id)
        self.assertEqual(order.warehouse_id, self._home())

    def test_012_a_shared_channel_gives_nothing_of_another_company(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        self.env.user.company_ids |= other
        self.phone.warehouse_id = self.depot
        order = self._order(channel_id=self.phone.id, company_id=other.id)
        self.assertEqual(order.warehouse_id.company_id, other)
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            self.phone.company_id = other

    def test_012_people_of_the_channel_are_told_of_new_orders(self):
        self.phone.notified_ids = self.anna | self.berta
        order = self._order(self.anna, channel_id=self.phone.id, user_id=self.anna.id)
        told = self.env["mail.message"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        told = told.filtered(lambda one: one.message_type == "user_notification")
        self.assertEqual(told.notified_partner_ids, self.berta.partner_id)
        self.assertIn(order.name, told.subject)

    def test_012_nobody_is_told_of_imported_history(self):
        self.phone.notified_ids = self.berta
        now = fields.Datetime.now()
        weekend, history = (
            self._order(channel_id=self.phone.id, date_order=now - timedelta(days=days))
            for days in (2, 700)
        )
        told = self.env["mail.message"].search(
            [
                ("model", "=", "sale.order"),
                ("res_id", "in", (weekend | history).ids),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.mapped("res_id"), weekend.ids)

    def test_012_orders_of_the_channel_are_visible_to_all(self):
        self.phone.visible_to_all = True
        order = self._order(channel_id=self.phone.id, user_id=self.berta.id)
        hidden = self._order(user_id=self.berta.id)
        seen = (
            self.env["sale.order"].with_user(self.anna).search([("id", "in", (order | hidden).ids)])
        )
        self.assertEqual(seen.with_env(self.env), order)

    # === CUSTOMERS ===

    def test_013_shared_and_separate_customers(self):
        self.customer.email = "maria@example.test"
        find = self.phone._find_customer
        self.assertEqual(find(self.company, email=" MARIA@example.test "), self.customer)
        self.phone.customer_scope = "own"
        self.assertFalse(find(self.company, email="maria@example.test"))
        hers = self.customer.copy({"email": "maria@example.test"})
        hers.scope_channel_id = self.phone
        self.assertEqual(find(self.company, email="maria@example.test"), hers)
        self.assertEqual(
            self.second._find_customer(self.company, email="maria@example.test"), self.customer
        )

    def test_013_one_phone_number_of_two_customers_is_nobody(self):
        self.customer.phone = "+39 055 123456"
        number = self.customer.phone_sanitized
        find = self.phone._find_customer
        self.assertEqual(find(self.company, phone=number), self.customer)
        self.env["res.partner"].create({"name": "Neighbour", "phone": "+39 055 123456"})
        self.assertFalse(find(self.company, phone=number))

    # === FIELDS ===

    def test_028_an_order_is_found_by_its_title(self):
        order = self._order(title="Wedding in Fiesole")
        found = self.env["sale.order"].search([("title", "ilike", "fiesole")])
        self.assertEqual(found, order)
        search = self.env["sale.order"].get_view(view_type="search")["arch"]
        self.assertIn('name="title"', search)

    def test_057_a_channel_has_order_fields_of_its_own(self):
        gift = {"name": "gift", "string": "Gift Wrapping", "type": "boolean"}
        floor = {
            "name": "floor",
            "string": "Floor",
            "type": "selection",
            "selection": [["low", "Low"], ["high", "High"]],
        }
        self.phone.order_properties_definition = [gift, floor]
        order = self._order(channel_id=self.phone.id)
        order.order_properties = {"gift": True, "floor": "high"}
        other = self._order(channel_id=self.phone.id)
        other.order_properties = {"gift": False, "floor": "low"}
        Order = self.env["sale.order"]
        self.env.flush_all()
        found = Order.search([("order_properties.floor", "=", "high")])
        self.assertEqual(found, order)
        groups = Order.formatted_read_group(
            [("channel_id", "=", self.phone.id)], ["order_properties.floor"], ["__count"]
        )
        self.assertEqual(
            {row["order_properties.floor"]: row["__count"] for row in groups},
            {"low": 1, "high": 1},
        )
        self.assertFalse(self._order(channel_id=self.channel.id).order_properties)

    # === INVOICES AND INQUIRIES ===

    def test_009_invoices_and_credit_notes_carry_the_channel(self):
        self.glass.invoice_policy = "order"
        order = self._order(channel_id=self.phone.id)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.channel_id, self.phone)
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": [Command.link(invoice.id)], "journal_id": invoice.journal_id.id}
        )
        wizard.refund_moves()
        self.assertEqual(wizard.new_move_ids.channel_id, self.phone)
