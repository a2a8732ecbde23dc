"""Rules that come with the clock."""

from datetime import datetime, timedelta

from odoo.tests import new_test_user, tagged

from .trigger_common import TriggerCase
from .trigger_mail import outbox

NOON = datetime(2026, 5, 20, 12)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@tagged("post_install", "-at_install")
class TestTriggerClock(TriggerCase):
    def setUp(self):
        super().setUp()
        self._at(NOON)

    def _confirmed(self, **values):
        order = self._order(**values)
        order.action_confirm()
        return order

    # === PROMISED ===

    def test_117_one_hour_before_delivery(self):
        rule = self._rule("before_promised", wait_value=60)
        self._confirmed(commitment_date=NOON + 3 * HOUR)
        self._at(NOON + 2 * HOUR - MINUTE)
        self._work()
        self.assertFalse(self._runs(rule))
        self._at(NOON + 2 * HOUR + MINUTE)
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(self._files()), 1)

    def test_117_not_if_the_order_was_moved(self):
        rule = self._rule("before_promised", wait_value=60)
        order = self._confirmed(commitment_date=NOON + 3 * HOUR)
        order.commitment_date = NOON + 5 * HOUR
        self._at(NOON + 2 * HOUR + MINUTE)
        self._work()
        self.assertFalse(self._runs(rule))
        self._at(NOON + 4 * HOUR + MINUTE)
        self._work()
        self._assert_run(rule, "done")

    def test_117_moved_between_planning_and_sending(self):
        rule = self._rule("before_promised", wait_value=60)
        order = self._confirmed(commitment_date=NOON + 3 * HOUR)
        self._at(NOON + 2 * HOUR + MINUTE)
        self.env["base.automation"]._sweep_retail_rules()
        order.commitment_date = NOON + 9 * HOUR
        self._work()
        self._assert_run(rule, "skipped", "Another time was promised")
        self.assertFalse(self._files())

    def test_117_not_if_the_order_was_cancelled(self):
        rule = self._rule("before_promised", wait_value=60)
        order = self._confirmed(commitment_date=NOON + 3 * HOUR)
        order._action_cancel()
        self._at(NOON + 2 * HOUR + MINUTE)
        self._work()
        self.assertFalse(self._runs(rule))

    def test_117_after_the_delivery_it_is_too_late(self):
        rule = self._rule("before_promised", wait_value=60)
        self._confirmed(commitment_date=NOON + 3 * HOUR)
        self._at(NOON + 4 * HOUR)  # nobody was awake for hours
        self._work()
        self._assert_run(rule, "skipped", "too late")

    def test_201_on_the_morning_of_delivery(self):
        rule = self._rule("morning_promised", wait_hour=8.5)
        self._confirmed(commitment_date=NOON + DAY)
        self._at(datetime(2026, 5, 21, 6, 29))  # 8:29 in Rome
        self._work()
        self.assertFalse(self._runs(rule))
        self._at(datetime(2026, 5, 21, 6, 31))
        self._work()
        run = self._assert_run(rule, "done")
        self.assertEqual(run.occurrence, "2026-05-21")
        self._at(datetime(2026, 5, 22, 6, 31))
        self._work()
        self._assert_run(rule, "done")

    def test_117_before_the_window_begins(self):
        rule = self._rule("before_promised", wait_value=60)
        self._confirmed(commitment_from=NOON + 2 * HOUR, commitment_date=NOON + 5 * HOUR)
        self._at(NOON + HOUR + MINUTE)
        self._work()
        self.assertEqual(self._assert_run(rule, "done").event_at, NOON + HOUR)

    def test_201_says_when_and_who(self):
        order = self._confirmed(commitment_from=NOON + DAY, commitment_date=NOON + DAY + 3 * HOUR)
        self._errand(order, self._courier("carlo", "+39 333 1"))
        text = self._morning_text(order)
        self.assertIn(order.name, text)
        self.assertRegex(text, "2:00.*5:00")  # 14:00 in Rome
        self.assertRegex(text, r"Carlo, phone \+39 333 1")

    def test_201_the_courier_is_who_brings_the_goods(self):
        order = self._confirmed(commitment_date=NOON + DAY)
        self.assertNotIn("phone", self._morning_text(order))
        self.anna.partner_id.phone = "+39 333 3"
        order.picking_ids.user_id = self.anna
        self.assertIn("+39 333 3", self._morning_text(order), "whoever has the transfer")
        dino = self._courier("dino", "+39 333 2")
        self._errand(order, dino, moves_order=False)
        task = self._errand(order, self._courier("carlo", "+39 333 1"))
        self.assertIn("+39 333 1", self._morning_text(order))
        task.courier_id = dino
        self.assertIn("+39 333 2", self._morning_text(order))

    def _courier(self, login, phone):
        groups = "base.group_user,retail_crm.group_courier"
        user = new_test_user(self.env, login, groups, name=login.title())
        user.partner_id.phone = phone
        return user

    def _errand(self, order, courier, **values):
        return self.env["retail.courier.task"].create(
            {"order_id": order.id, "courier_id": courier.id, **values}
        )

    def _morning_text(self, order):
        template = self.env.ref("retail_crm.sms_template_morning_promised")
        return template._render_field("body", order.ids)[order.id]

    # === MONEY ===

    def test_124_unpaid_for_a_day(self):
        call = self.env.ref("mail.mail_activity_data_call")
        rule = self._rule(
            "order_unpaid",
            wait_value=24,
            wait_unit="hours",
            send_by=False,
            task_type_id=call.id,
        )
        order = self._confirmed(user_id=self.anna.id)
        self._at(NOON + 23 * HOUR)
        self._work()
        self.assertFalse(self._runs(rule))
        self._at(NOON + 24 * HOUR + MINUTE)
        self._work()
        self._assert_run(rule, "done")
        task = order.activity_ids.filtered(lambda one: one.activity_type_id == call)
        self.assertEqual(task.user_id, self.anna)

    def _pay(self, order):
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        return invoice

    def test_124_nothing_when_it_was_paid_meanwhile(self):
        self.glass.invoice_policy = "order"
        unpaid = self._rule("order_unpaid", wait_value=24, wait_unit="hours")
        paid = self._rule("order_paid")
        order = self._confirmed()
        self._pay(order)
        self.assertTrue(order.paid_at)
        self._at(NOON + 25 * HOUR)
        self._work()
        self.assertFalse(self._runs(unpaid))
        self._assert_run(paid, "done")

    def test_124_cancelled_when_paid_before_it_is_due(self):
        self.glass.invoice_policy = "order"
        rule = self._rule("order_unpaid", wait_value=24, wait_unit="hours")
        order = self._confirmed()
        self._at(NOON + 25 * HOUR)
        self.env["base.automation"]._sweep_retail_rules()
        self._pay(order)
        self._work()
        self._assert_run(rule, "skipped", "has been paid")

    # === TIME NORMS ===

    def test_overdue_in_its_stage_once(self):
        rule = self._rule("order_overdue")
        order = self._confirmed()
        order.stage_deadline = NOON + HOUR
        self._at(NOON + HOUR + MINUTE)
        self._work()
        self._assert_run(rule, "done")
        order.stage_deadline = NOON + 2 * HOUR
        self._at(NOON + 3 * HOUR)
        self._work()
        self._assert_run(rule, "done")

    def test_first_response_late(self):
        rule = self._rule("response_late")
        late, answered = self._order(), self._order()
        (late | answered).write(
            {"first_response_deadline": NOON + HOUR, "first_response_at": False}
        )
        answered.first_response_at = NOON
        self._at(NOON + HOUR + MINUTE)
        self._work()
        self.assertEqual(self._runs(rule).mapped("res_id"), late.ids)

    # === OTHERS ===

    def test_shipped_once_for_each_delivery(self):
        rule = self._rule("order_shipped")
        order = self._confirmed()
        self.env["stock.quant"]._update_available_quantity(
            self.glass, order.warehouse_id.lot_stock_id, 10
        )
        move = order.picking_ids.move_ids
        move.write({"quantity": 1, "picked": True})
        order.picking_ids.with_context(skip_sms=True)._action_done()
        rest = order.picking_ids.filtered(lambda one: one.state != "done")
        rest.move_ids.write({"quantity": 1, "picked": True})
        rest.with_context(skip_sms=True)._action_done()
        self._work()
        self.assertEqual(self._runs(rule).mapped("state"), ["done", "done"])
        self.assertEqual(len(self._files()), 2)

    def test_low_rating(self):
        call = self.env.ref("mail.mail_activity_data_call").id
        rule = self._rule("low_rating", send_by=False, task_type_id=call, event_rating=2)
        order = self._confirmed(user_id=self.anna.id)
        model = self.env["ir.model"]._get_id("sale.order")
        values = {"res_model_id": model, "res_id": order.id, "consumed": True}
        self.env["rating.rating"].create({**values, "rating": 4})
        self.assertFalse(self._runs(rule))
        self.env["rating.rating"].create({**values, "rating": 1})
        self._work()
        self._assert_run(rule, "done")
        self.assertIn(self.anna, order.activity_ids.user_id)

    def test_125_back_in_stock(self):
        rule = self._rule("back_in_stock")
        request = self.env["retail.restock.request"].create(
            {"product_id": self.glass.id, "partner_id": self.customer.id, "quantity": 3}
        )
        self._at(NOON + HOUR)
        self._work()
        self.assertFalse(self._runs(rule))
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(self.glass, warehouse.lot_stock_id, 3)
        self._work()
        self._assert_run(rule, "done")
        self.assertEqual(request.state, "told")
        self.assertEqual(len(self._files()), 1)

    def _cart(self, number, **values):
        shop = self.env["shop.shop"].search([], limit=1) or self.env["shop.shop"].create(
            {"name": "Cellar", "system": "prestashop", "base_url": "http://127.0.0.1:9"}
        )
        return self.env["shop.cart"].create(
            {
                "shop_id": shop.id,
                "external_id": number,
                "changed_at": NOON,
                "partner_id": self.customer.id,
                "email": "maria@example.com",
                **values,
            }
        )

    def test_114_abandoned_cart_once(self):
        template = self.env.ref("retail_crm.mail_template_cart_abandoned")
        rule = self._rule(
            "cart_abandoned",
            wait_value=3,
            wait_unit="hours",
            send_by="email",
            mail_template_id=template.id,
            needs_consent=True,
        )
        self.customer._set_consent("email", "marketing", True)
        cart = self._cart("C1")
        with outbox(self.env) as sent:
            for hours in (2, 4, 5, 48):
                self._at(NOON + hours * HOUR)
                self._work()
        self._assert_run(rule, "done")
        self.assertEqual(len(sent), 1)
        self.assertIn("maria@example.com", sent[0]["To"])
        self.assertEqual(self._runs(rule).res_id, cart.id)

    def test_114_never_after_a_purchase(self):
        rule = self._rule("cart_abandoned", wait_value=3, wait_unit="hours", send_by="email")
        self._cart("C1")
        self._cart("C2", partner_id=False)
        self._at(NOON + HOUR)
        self._confirmed()  # by phone: the shop knows nothing of it
        self._at(NOON + 4 * HOUR)
        with outbox(self.env) as sent:
            self._work()
        runs = self._runs(rule)
        self.assertEqual(set(runs.mapped("state")), {"skipped"})
        self.assertRegex(runs[0].reason, "has bought")
        self.assertFalse(sent)

    def test_122_birthday_once_a_year(self):
        rule = self._rule("birthday", wait_hour=10)
        self.customer.birthdate_date = "1980-05-21"
        leap = self.customer.copy({"birthdate_date": "1984-02-29", "name": "Leap"})
        for moment in (datetime(2026, 5, 21, 7, 59), datetime(2026, 5, 21, 8, 1)):
            self._at(moment)
            self._work()
        self._assert_run(rule, "done")
        self._at(datetime(2026, 5, 21, 12))
        self._work()
        self._assert_run(rule, "done")
        self._at(datetime(2027, 2, 28, 9, 1))
        self._work()
        self.assertEqual(self._runs(rule)[-1].res_id, leap.id)
        self._at(datetime(2027, 5, 21, 8, 1))
        self._work()
        self.assertEqual(len(self._runs(rule)), 3)

    def test_a_rule_nobody_can_follow_says_so_and_stops_no_other(self):
        broken = self._rule("order_unpaid", wait_value=1)
        fine = self._rule("order_unpaid", wait_value=1)
        self.env.cr.execute(
            "UPDATE base_automation SET filter_domain = %s WHERE id = %s",
            ["[('nonsense', '=', 1)]", broken.id],
        )
        broken.invalidate_recordset()
        self._confirmed()
        self._at(NOON + HOUR)
        self._work()
        self.assertIn("nonsense", broken.problem)
        self._assert_run(fine, "done")
