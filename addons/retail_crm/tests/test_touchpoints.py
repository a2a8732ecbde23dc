"""First and last touch, and products of interest, from an inquiry to its order."""

from datetime import datetime

from odoo.tests import Form, tagged

from .common import DeskCase

MAY, JUNE = datetime(2026, 5, 1, 10), datetime(2026, 6, 1, 10)


@tagged("post_install", "-at_install")
class TestTouchpoints(DeskCase):
    def _lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Glasses for a wedding",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "channel_id": self.channel.id,
                **values,
            }
        )

    def _quotation(self, lead, user=None):
        action = lead.with_user(user or self.env.user).action_new_quotation()
        Order = self.env["sale.order"].with_user(user or self.env.user)
        return Form(Order.with_context(**action["context"])).save().with_env(self.env)

    def test_015_an_order_shows_first_and_last_touch(self):
        order = self._order(channel_id=self.channel.id)
        self.env["retail.touchpoint"]._note(
            order,
            [
                {
                    "at": MAY,
                    "source": "Google",
                    "medium": "cpc",
                    "campaign": "spring",
                    "term": "red wine",
                    "content": "banner 2",
                    "landing": "https://cellar.example.test/red",
                    "client_id": "GA1.2.345",
                },
                {"at": JUNE, "source": "Newsletter", "referrer": "https://mail.example.test"},
                {},
            ],
        )
        first, last = order.first_touch_id, order.last_touch_id
        self.assertEqual((first.touched_at, last.touched_at), (MAY, JUNE))
        self.assertEqual(
            (first.source_id.name, first.medium_id.name, first.campaign_id.name, first.term),
            ("Google", "cpc", "spring", "red wine"),
        )
        self.assertEqual(first.landing, "https://cellar.example.test/red")
        self.assertEqual(first.client_id, "GA1.2.345")
        self.assertEqual(len(order.touchpoint_ids), 2)
        self.assertEqual(order.source_id.name, "Newsletter")
        self.assertEqual(first.partner_id, self.customer)

    def test_015_a_source_that_a_person_chose_stays(self):
        chosen, proposed = self.env["utm.source"].create([{"name": "Friend"}, {"name": "Web"}])
        self.channel.utm_source_id = proposed
        mine, theirs = (
            self._order(channel_id=self.channel.id, source_id=source)
            for source in (chosen.id, False)
        )
        self.assertEqual(theirs.source_id, proposed)
        for order in (mine, theirs):
            self.env["retail.touchpoint"]._note(order, [{"source": "Newsletter"}])
        self.assertEqual(mine.source_id, chosen)
        self.assertEqual(theirs.source_id.name, "Newsletter")

    def test_015_touches_of_an_inquiry_go_to_its_order(self):
        lead = self._lead(user_id=self.anna.id)
        self.env["retail.touchpoint"]._note(lead, [{"at": MAY, "source": "Google"}])
        order = self._quotation(lead, self.anna)
        self.assertEqual(order.first_touch_id.source_id.name, "Google")
        self.assertEqual(order.first_touch_id.touched_at, MAY)
        self.assertEqual(lead.touchpoint_ids.order_id, order.browse())

    def test_015_touches_follow_the_rights_on_orders(self):
        order = self._order(user_id=self.berta.id)
        touch = self.env["retail.touchpoint"]._note(order, [{"source": "Google"}])
        seen = self.env["retail.touchpoint"].search([("id", "=", touch.id)])
        self.assertEqual(seen.with_user(self.berta).search([("id", "=", touch.id)]), touch)
        self.assertFalse(seen.with_user(self.anna).search([("id", "=", touch.id)]))

    def test_190_products_of_interest_become_the_quotation(self):
        lead = self._lead(
            interest_ids=[
                (0, 0, {"product_id": self.glass.id, "quantity": 12, "name": "GLASS"}),
                (0, 0, {"name": "the blue ones", "quantity": 3}),
            ]
        )
        order = self._quotation(lead)
        [line] = order.order_line.filtered("product_id")
        self.assertEqual((line.product_id, line.product_uom_qty), (self.glass, 12))
        self.assertEqual(line.price_unit, 10)
        self.assertIn("the blue ones", order.order_line.filtered("display_type").name)
        self.assertEqual((order.channel_id, order.title), (self.channel, lead.name))
        self.assertEqual(order.opportunity_id, lead)

    def test_190_merged_inquiries_keep_all_products(self):
        first, second = (
            self._lead(interest_ids=[(0, 0, {"product_id": self.glass.id, "quantity": number})])
            for number in (1, 2)
        )
        merged = (first | second).merge_opportunity()
        self.assertEqual(sum(merged.interest_ids.mapped("quantity")), 3)
        self.assertEqual(merged.channel_id, self.channel)
