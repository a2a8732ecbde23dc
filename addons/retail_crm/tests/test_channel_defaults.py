from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestChannelDefaults(DeskCase):
    def _assert_people(self, order, person, team):
        self.assertEqual(order.user_id, person)
        self.assertEqual(order.team_id, team)

    # === NEW ORDERS ===

    def test_a_new_order_takes_the_people_of_its_channel(self):
        self._assert_people(self._order(channel_id=self.channel.id), self.anna, self.online)

    def test_people_named_on_the_order_stay(self):
        order = self._order(
            channel_id=self.channel.id, user_id=self.berta.id, team_id=self.counter.id
        )
        self._assert_people(order, self.berta, self.counter)

    def test_a_channel_of_its_own_wins_over_the_customers_salesperson(self):
        self.customer.user_id = self.berta
        self._assert_people(self._order(channel_id=self.channel.id), self.anna, self.online)

    def test_an_order_without_channel_is_as_in_odoo(self):
        self.assertEqual(self._order(self.berta).user_id, self.berta)

    def test_a_channel_with_only_a_team_leaves_the_person_to_odoo(self):
        self.channel.responsible_id = False
        order = self._order(self.berta, channel_id=self.channel.id)
        self._assert_people(order, self.berta, self.online)

    def test_twenty_orders_ask_for_their_channel_once(self):
        def queries(channel):
            values = {"partner_id": self.customer.id, "channel_id": channel.id}
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sale.order"].create([dict(values) for _number in range(20)])
            return self.env.cr.sql_log_count - before

        bare = self.env["sales.channel"].create({"name": "Phone"})
        queries(bare)
        self.assertLess(queries(self.channel) - queries(bare), 20)

    # === WEB SHOPS ===

    def _shop(self, **values):
        return self.env["shop.shop"].create(
            {
                "name": "Cellar",
                "base_url": "http://127.0.0.1:9",
                "channel_id": self.channel.id,
                "pricelist_id": self.env["product.pricelist"].create({"name": "Web"}).id,
                **values,
            }
        )

    def test_a_web_order_that_names_nobody_goes_to_the_channels_responsible(self):
        shop = self._shop(user_id=False)
        order = self._order(channel_id=self.channel.id, shop_id=shop.id, user_id=False)
        self._assert_people(order, self.anna, self.online)

    def test_a_web_order_of_a_channel_without_responsible_waits_in_the_pool(self):
        self.channel.responsible_id = False
        shop = self._shop(user_id=False)
        order = self._order(channel_id=self.channel.id, shop_id=shop.id, user_id=False)
        self._assert_people(order, self.env["res.users"], self.online)

    def test_the_responsible_of_the_shop_comes_first(self):
        shop = self._shop(user_id=self.berta.id)
        order = self._order(channel_id=self.channel.id, shop_id=shop.id, user_id=self.berta.id)
        self.assertEqual(order.user_id, self.berta)

    # === CHANGES ===

    def test_choosing_a_channel_in_the_form_proposes_its_people(self):
        with Form(self.env["sale.order"].with_user(self.berta)) as form:
            form.partner_id = self.customer
            self.assertEqual(form.user_id, self.berta)
            form.channel_id = self.channel
            self.assertEqual((form.user_id, form.team_id), (self.anna, self.online))
            form.user_id = self.berta
        self.assertEqual(form.record.user_id, self.berta)

    def test_changing_the_channel_of_a_saved_quotation_proposes_its_people(self):
        order = self._order(user_id=self.berta.id, team_id=self.counter.id)
        with Form(order) as form:
            form.channel_id = self.channel
        self._assert_people(order, self.anna, self.online)

    def test_a_confirmed_order_stays_with_its_people(self):
        order = self._order(user_id=self.berta.id, team_id=self.counter.id)
        order.action_confirm()
        with Form(order) as form:
            form.channel_id = self.channel
        self._assert_people(order, self.berta, self.counter)

    def test_a_channel_set_by_a_program_takes_no_order_from_anybody(self):
        order = self._order(user_id=self.berta.id, team_id=self.counter.id)
        order.channel_id = self.channel
        self._assert_people(order, self.berta, self.counter)

    # === COMPANIES ===

    def test_a_shared_channel_gives_no_people_of_another_company(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        self.online.company_id = self.company
        self.env.user.company_ids |= other
        order = self._order(channel_id=self.channel.id, company_id=other.id)
        self.assertNotEqual(order.user_id, self.anna)
        self.assertNotEqual(order.team_id, self.online)

    def test_a_channel_of_a_company_takes_only_its_people(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        stranger = self._seller("stranger", company_id=other.id, company_ids=[(6, 0, other.ids)])
        theirs = self.env["crm.team"].create({"name": "Theirs", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "belongs to another company"):
            self.channel.write({"company_id": self.company.id, "team_id": theirs.id})
        self.channel.team_id = False
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            self.channel.write({"company_id": self.company.id, "responsible_id": stranger.id})

    def test_somebody_who_left_gets_no_orders(self):
        self.anna.active = False
        order = self._order(self.berta, channel_id=self.channel.id)
        self._assert_people(order, self.berta, self.online)
