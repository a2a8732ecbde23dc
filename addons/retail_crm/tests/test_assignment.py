import json
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.bus.models.bus import json_dump

from .assignment_world import NOON, AssignmentCase


@tagged("post_install", "-at_install")
class TestAssignment(AssignmentCase):
    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOON))

    # === METHODS ===

    def test_069_by_load(self):
        self._rule()
        self._member(self.anna, order_weight=2)
        shares = self._shares(self._arrive(300))
        self.assertAlmostEqual(shares["anna"], 150, delta=6)
        self.assertAlmostEqual(shares["berta"], 75, delta=6)
        self.assertAlmostEqual(shares["carla"], 75, delta=6)

    def test_069_open_orders_count_and_closed_ones_do_not(self):
        self._rule()
        self._order(user_id=self.anna.id)
        busy = self._order(user_id=self.berta.id)
        busy._action_cancel()
        self.assertNotIn("anna", self._shares(self._arrive(2)))

    def test_069_somebody_with_full_hands_gets_no_more(self):
        self._rule()
        self._member(self.anna, order_capacity=2)
        self._member(self.berta, order_capacity=3)
        self._member(self.carla, order_weight=0)
        orders = self._arrive(7)
        self.assertEqual(self._shares(orders), {"anna": 2, "berta": 3, False: 2})

    def test_069_shares_hold_however_many_are_open(self):
        self._rule("weighted")
        self._member(self.anna, order_weight=2)
        for _number in range(4):
            self._order(user_id=self.anna.id)
        for _batch in range(10):
            self._arrive(2)
        log = self.env["retail.assignment.log"].search([("kind", "=", "weighted")])
        shares = self._shares(log)
        self.assertEqual((shares["anna"], shares["berta"], shares["carla"]), (10, 5, 5))

    def test_072_random(self):
        self._rule("random")
        self._member(self.carla, assignment_optout=True)
        shares = self._shares(self._arrive(400))
        self.assertEqual(shares.keys(), {"anna", "berta"})
        self.assertGreater(min(shares.values()), 140)  # 6 standard deviations

    def test_in_turn(self):
        self._rule("round_robin")
        people = [self._arrive().user_id.login for _number in range(7)]
        self.assertEqual(people, ["anna", "berta", "carla"] * 2 + ["anna"])

    def test_the_board_of_the_team_shows_who_is_there_and_how_much_they_have(self):
        senior = self._seller("senior")
        senior.group_ids += self.env.ref("retail_crm.group_retail_crm_senior")
        self._order(user_id=self.anna.id)
        self._order(user_id=self.anna.id)._action_cancel()
        self._presence(self.anna)
        self._shift(self.berta, 20, 22)
        board = self.team.crm_team_member_ids.with_user(senior)
        rows = {row.user_id.login: row for row in board}
        self.assertEqual(rows["anna"].open_order_count, 1)
        self.assertEqual(rows["anna"].im_status, "online")
        self.assertTrue(rows["anna"].is_at_work)
        self.assertFalse(rows["berta"].is_at_work)

    # === WHICH RULE ===

    def test_070_by_channel(self):
        phone = self.env["sales.channel"].create({"name": "Hot Line"})
        web = self._rule("pool", channel_ids=[Command.set(self.channel.ids)])
        other = self._rule("pool", channel_ids=[Command.set(phone.ids)], team_id=self.counter.id)
        self.assertEqual(self._arrive().assignment_rule_id, web)
        called = self._arrive(channel_id=phone.id)
        self.assertEqual((called.assignment_rule_id, called.team_id), (other, self.counter))

    def test_071_by_properties_of_order_or_customer(self):
        vip = self.env["res.partner.category"].create({"name": "VIP"})
        self._rule("pool", sequence=20)
        rule = self._rule(
            "least_loaded",
            sequence=10,
            domain=f"[('partner_id.category_id', 'in', [{vip.id}])]",
            fallback_user_id=self.berta.id,
        )
        self._member(self.anna, order_weight=0)
        self._member(self.carla, order_weight=0)
        self.assertFalse(self._arrive().user_id)
        self.customer.category_id = vip
        order = self._arrive()
        self.assertEqual((order.user_id, order.assignment_rule_id), (self.berta, rule))

    def test_071_by_amount(self):
        large = self._rule("pool", domain="[('amount_total', '>', 15)]", team_id=self.counter.id)
        line = {"product_id": self.glass.id, "product_uom_qty": 2, "tax_ids": False}
        order = self._arrive(order_line=[Command.create(line)])
        self.assertEqual(order.assignment_rule_id, large)
        self.assertFalse(self._arrive().assignment_rule_id)

    def test_a_condition_that_makes_no_sense_is_refused(self):
        for domain in ("[('no_such_field', '=', 1)]", "[(", "1 / 0"):
            with self.assertRaisesRegex(ValidationError, "cannot be found"):
                self._rule(domain=domain)

    def test_a_rule_that_breaks_later_is_passed_over_and_says_so(self):
        broken = self._rule(sequence=1)
        self.env.cr.execute(
            "UPDATE retail_assignment_rule SET domain = %s WHERE id = %s",
            ("[('gone', '=', 1)]", broken.id),
        )
        broken.invalidate_recordset()
        good = self._rule(sequence=2)
        with self.assertLogs("odoo.addons.retail_crm", "WARNING"):
            self.assertEqual(self._arrive().assignment_rule_id, good)
        self.assertIn("gone", broken.problem)

    def test_without_a_rule_all_is_as_before(self):
        self.channel.responsible_id = self.berta
        self.assertEqual(self._arrive().user_id, self.berta)
        self._rule(channel_ids=[Command.set(self.env["sales.channel"].create({"name": "X"}).ids)])
        self.assertEqual(self._arrive().user_id, self.berta)

    def test_a_rule_comes_before_the_channels_responsible(self):
        self.channel.responsible_id = self.berta
        self._rule()
        self.assertEqual(self._arrive().user_id, self.anna)

    def test_whoever_enters_an_order_keeps_it_unless_a_rule_says_otherwise(self):
        rule = self._rule(domain="[('user_id', '!=', False)]")
        self._member(self.berta, order_weight=0)
        self.assertEqual(self._order(self.berta).user_id, self.berta)
        rule.is_for_typed = True
        self.assertEqual(self._order(self.berta).user_id, self.anna)

    def test_somebody_named_by_a_program_stays(self):
        self._rule()
        self.assertEqual(self._arrive(user_id=self.carla.id).user_id, self.carla)

    def test_nobody_gets_orders_of_a_company_they_do_not_work_for(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        self._rule()
        order = self._arrive(company_id=other.id, channel_id=False)
        self.assertFalse(order.user_id)
        self.carla.company_ids |= other
        order = self._arrive(company_id=other.id, channel_id=False)
        self.assertEqual(order.user_id, self.carla)

    # === PRESENCE ===

    def test_073_presence_online(self):
        self._rule(presence="online")
        long_ago = NOON - timedelta(hours=3)
        self._presence(self.anna, "away")
        self._presence(self.berta, last_poll=long_ago)  # closed without a word
        self._presence(self.carla)
        self.assertEqual(self._shares(self._arrive(3)), {"carla": 3})
        self.carla.manual_im_status = "busy"
        self.assertFalse(self._arrive().user_id)

    def test_073_on_shift(self):
        self._rule(presence="shift")
        self._shift(self.anna, 14, 22)
        self._shift(self.berta, 8, 16)
        carla = self._shift(self.carla, 8, 16)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "resource_id": carla.id,
                "calendar_id": carla.calendar_id.id,
                "company_id": self.company.id,
                "date_from": NOON - timedelta(days=1),
                "date_to": NOON + timedelta(days=1),
            }
        )
        self.assertEqual(self._shares(self._arrive(4)), {"berta": 4})

    def test_073_without_a_card_the_hours_of_the_company_count(self):
        self._rule(presence="shift")
        self.assertTrue(self._arrive().user_id)
        with freeze_time(NOON.replace(hour=2)):
            self.assertFalse(self._arrive().user_id)

    def test_073_nobody_present_somebody_is_on_duty(self):
        rule = self._rule(presence="online", fallback_user_id=self.berta.id)
        order = self._arrive()
        self.assertEqual(order.user_id, self.berta)
        self.assertIn("on duty", order.assignment_note)
        rule.fallback_user_id = False
        order = self._arrive()
        self.assertEqual((order.user_id, order.team_id), (self.env["res.users"], self.team))
        self.assertIn("waits in the pool", order.assignment_note)

    def test_073_nobody_present_the_next_rule_is_tried(self):
        self._rule(presence="online", sequence=1)
        second = self._rule("round_robin", sequence=2)
        self.assertEqual(self._arrive().assignment_rule_id, second)

    # === THE CUSTOMER'S OWN MANAGER ===

    def test_074_customers_own_manager_first(self):
        self._rule("customer_manager", sequence=1)
        self._rule("round_robin", sequence=2)
        first = self._arrive()
        self.assertEqual(first.user_id, self.anna)
        past = self._order(user_id=self.carla.id, date_order=NOON + timedelta(hours=1))
        self.assertEqual(self._arrive().user_id, past.user_id)
        self.customer.user_id = self.berta
        order = self._arrive()
        self.assertEqual(order.user_id, self.berta)
        self.assertIn("looks after this customer", order.assignment_note)

    def test_074_an_absent_manager_is_not_waited_for(self):
        self._rule("customer_manager", sequence=1, presence="online")
        self._rule("round_robin", sequence=2)
        self.customer.user_id = self.carla
        self.assertEqual(self._arrive().user_id, self.anna)
        self._presence(self.carla)
        self.assertEqual(self._arrive().user_id, self.carla)

    def test_074_a_manager_with_full_hands_gets_no_more(self):
        self._rule("customer_manager", sequence=1)
        self.customer.user_id = self.carla
        self._member(self.carla, order_capacity=1)
        self.assertEqual(self._shares(self._arrive(2))["carla"], 1)

    # === THE REASON, THE NOTICE ===

    def test_the_order_says_why_in_the_language_of_the_reader(self):
        self._rule()
        order = self._arrive()
        self.assertEqual(
            order.assignment_note,
            f"{self.anna.name} had the fewest open orders (0) for their share among the 3 of "
            "Web Team.",
        )
        line = order.assignment_log_ids
        self.assertEqual(
            (line.user_id, line.kind, line.figures["open"]), (self.anna, "least_loaded", 0)
        )
        self.assertEqual(order.with_user(self.anna).assignment_note, order.assignment_note)

    def test_076_immediate_notice(self):
        self._rule("round_robin")
        self.anna.notification_type = "inbox"
        sent = []
        self.patch(
            type(self.env["bus.bus"]),
            "_sendone",
            lambda bus, target, kind, message: sent.append((target, kind, message)),
        )
        order = self._arrive()
        [(target, message)] = [
            (target, message)
            for target, kind, message in sent
            if kind == "retail_crm.order_assigned"
        ]
        self.assertEqual(target, self.anna.partner_id)
        self.assertEqual(message["order_ids"], order.ids)
        for fact in (order.name, "Cellar Online", "2026"):
            self.assertIn(fact, message["message"])
        inbox = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.anna.partner_id.id), ("notification_type", "=", "inbox")]
        )
        body = inbox.mail_message_id.filtered(lambda one: one.res_id == order.id).body
        self.assertIn(f'data-oe-id="{order.id}"', body)
        self.assertIn("turn", body)

    def test_076_the_notice_leaves_with_the_order_itself(self):
        self._rule("round_robin")
        latest = self.env["bus.bus"].search([], order="id desc", limit=1).id
        order = self._arrive()
        self.env.cr.flush()  # all that a commit does before it is one
        told = self.env["bus.bus"].search(
            [("id", ">", latest), ("message", "like", "retail_crm.order_assigned")]
        )
        self.assertEqual(json.loads(told.message)["payload"]["order_ids"], order.ids)
        self.assertIn(f'"res.partner",{self.anna.partner_id.id}]', told.channel.replace(" ", ""))
        # the moment the order is there for others, the browsers that listen are woken
        woken = self.env.cr.postcommit.data["bus.bus.channels"]
        self.assertIn(told.channel, [json_dump(channel) for channel in woken])

    def test_076_fifty_orders_are_one_notice_a_person(self):
        self._rule()
        messages = self.env["mail.message"].search_count([])
        orders = self._arrive(50)
        created = self.env["mail.message"].search([], limit=200, order="id desc")
        notices = created.filtered(lambda one: "You got" in (one.subject or ""))
        self.assertEqual(len(notices), 3)
        self.assertIn(self.anna.partner_id, orders.message_partner_ids)
        self.assertTrue(messages)

    def test_078_responsible_from_the_web_forms_settings(self):
        form = self.env["sales.channel"].create(
            {"name": "Form", "channel_type": "form", "responsible_id": self.carla.id}
        )
        self.assertEqual(self._arrive(channel_id=form.id).user_id, self.carla)
        self._rule("round_robin", channel_ids=[Command.set(form.ids)])
        self.assertEqual(self._arrive(channel_id=form.id).user_id, self.anna)

    # === IMPORTS ===

    def _shop(self):
        return self.env["shop.shop"].create(
            {
                "name": "Cellar",
                "base_url": "http://127.0.0.1:9",
                "channel_id": self.channel.id,
                "user_id": self.carla.id,
                "pricelist_id": self.env["product.pricelist"].create({"name": "Web"}).id,
            }
        )

    def test_imported_orders_are_dealt_by_the_job(self):
        rule = self._rule("round_robin")
        shop = self._shop()
        orders = self._arrive(4, shop_id=shop.id, user_id=self.carla.id)
        self.assertFalse(orders.user_id)
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.cron_assign_orders").method_direct_trigger()
        self.assertEqual(self._shares(orders), {"anna": 2, "berta": 1, "carla": 1})
        self.assertEqual(orders.assignment_rule_id, rule)
        self.assertFalse(any(orders.mapped("assignment_pending")))

    def test_an_imported_order_that_no_rule_is_for_goes_where_it_went_before(self):
        self._rule(domain="[('amount_total', '>', 1000000)]")
        order = self._arrive(shop_id=self._shop().id, user_id=self.carla.id)
        self.env["sale.order"]._assign_pending()
        self.assertEqual(order.user_id, self.carla)
        self.assertIn("No rule fits", order.assignment_note)

    def test_whoever_gets_an_order_its_goods_leave_from_where_they_were_to(self):
        self._rule("round_robin")
        other = self.env["stock.warehouse"].create({"name": "Cellar", "code": "CEL"})
        order = self._arrive(shop_id=self._shop().id, user_id=False, warehouse_id=other.id)
        self.env["sale.order"]._assign_pending()
        self.assertEqual((order.user_id, order.warehouse_id), (self.anna, other))

    # === STAGES ===

    def test_079_hand_over_to_experienced_colleague(self):
        order = self._order(user_id=self.anna.id)
        stage = self.env["retail.order.stage"].create(
            {
                "name": "Processing",
                "category": "approval",
                "assignment_rule_id": self._rule("round_robin", is_for_new=False).id,
            }
        )
        self.team.crm_team_member_ids.filtered(lambda one: one.user_id == self.anna).unlink()
        order.with_user(self.anna).stage_id = stage
        self.assertEqual(order.user_id, self.berta)
        self.assertIn("turn", order.assignment_note)
        again = self._order(user_id=self.carla.id)
        again._enter_stage(stage)
        self.assertEqual(again.user_id, self.carla)  # is one of them already

    # === HOW MUCH IT COSTS ===

    def test_more_orders_need_hardly_more_queries(self):
        rule = self._rule("round_robin")

        def count_queries(number):
            values = {"partner_id": self.customer.id, "user_id": False}
            orders = self.env["sale.order"].create([dict(values) for _number in range(number)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rule._assign(orders, rule)
            self.env.flush_all()
            self.assertTrue(all(order.user_id for order in orders))
            return self.env.cr.sql_log_count - before

        count_queries(3)
        few = count_queries(30)
        self.assertLess(count_queries(90) - few, 30)
