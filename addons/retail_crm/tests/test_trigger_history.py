"""Old orders, and what a rule would have done with them."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .trigger_common import TriggerCase

NOON = datetime(2026, 5, 20, 12)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD = 300_000


@tagged("post_install", "-at_install")
class TestTriggerHistory(TriggerCase):
    def setUp(self):
        super().setUp()
        self._at(NOON)

    def _old_orders(self, count):
        """Unpaid, late and promised for every hour of the last years."""
        order = self._order()
        order.flush_recordset()
        self.env.cr.execute(
            """
            INSERT INTO sale_order (
                name, partner_id, partner_invoice_id, partner_shipping_id, company_id, currency_id,
                currency_rate, warehouse_id, picking_policy, state, date_order, commitment_date,
                stage_id, stage_category, stage_deadline, first_response_deadline, amount_total,
                payment_status, delivery_status, create_date, write_date)
            SELECT 'OLD' || number, partner_id, partner_invoice_id, partner_shipping_id, company_id,
                   currency_id, currency_rate, warehouse_id, picking_policy, 'sale', moment,
                   moment + interval '3 days', stage_id, 'assembly', moment + interval '1 day',
                   moment + interval '1 hour', 20, 'unpaid', 'pending', moment, moment
              FROM sale_order,
                   generate_series(1, %(count)s) AS number,
                   LATERAL (SELECT %(now)s::timestamp - number * interval '5 minutes') AS m (moment)
             WHERE id = %(order)s
            """,
            {"count": count, "now": NOON, "order": order.id},
        )
        self.env.invalidate_all()

    def _count_rows_read(self):
        """Rows of orders that this transaction has read so far, by whichever way."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT seq_tup_read + COALESCE(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relid = 'sale_order'::regclass"
        )
        return self.env.cr.fetchone()[0]

    def test_128_three_hundred_thousand_old_orders_get_nothing(self):
        events = ("order_unpaid", "order_overdue", "response_late", "morning_promised")
        rules = [self._rule(event, wait_value=24, wait_unit="hours") for event in events]
        rules.append(self._rule("before_promised", wait_value=60))
        rules[0].active = False
        self._old_orders(OLD)
        rules[0].active = True
        self.env.cr.execute("ANALYZE sale_order")
        # what parallel workers read would be counted elsewhere
        self.env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        queries, read = self.env.cr.sql_log_count, {}
        for rule in rules:
            before = self._count_rows_read()
            rule._sweep(NOON)
            read[rule.trigger] = self._count_rows_read() - before
        self._work()
        self.assertFalse(self.Run.search([("rule_id", "in", [rule.id for rule in rules])]))
        self.assertFalse(self._files())
        # figures that are the same on every machine; time stands still here
        self.assertLess(self.env.cr.sql_log_count - queries, 200)
        self.assertFalse({event: rows for event, rows in read.items() if rows > OLD / 10})

    def test_a_dry_run_lists_what_would_have_been_sent(self):
        rule = self._rule("order_unpaid", wait_value=24, wait_unit="hours", active=False)
        recent, nobody = self._order(), self._order()
        nobody.partner_id = self.customer.copy({"phone": False})
        (recent | nobody).action_confirm()
        recent.date_order = nobody.date_order = NOON - 3 * DAY
        older = self._order()
        older.action_confirm()
        older.date_order = NOON - 30 * DAY
        wizard = self.env["retail.trigger.dry.run"].create({"rule_id": rule.id, "days": 7})
        wizard.action_run()
        lines = {line.res_id: line for line in wizard.line_ids}
        self.assertEqual(lines[recent.id].event_at, NOON - 2 * DAY)
        self.assertFalse(lines[recent.id].reason)
        self.assertEqual(lines[nobody.id].reason, "No phone number.")
        self.assertNotIn(older.id, lines)
        self.assertEqual((wizard.would_count, wizard.not_count), (1, 1))
        self._work()
        self.assertFalse(self._runs(rule), "nothing may be planned")
        self.assertFalse(self._files())

    def test_a_dry_run_asks_who_agreed(self):
        advertising = self._rule("order_received", needs_consent=True, active=False)
        plain = self._rule("order_received", on_failure="email", active=False)
        order, other = self._order(), self._order()
        other.partner_id = self.customer.copy()
        (order | other).action_confirm()
        order.date_order = other.date_order = NOON - DAY
        self.customer._set_consent("sms", "marketing", True)
        self.customer._set_consent("sms", "service", False)
        found = {}
        for rule in advertising, plain:
            wizard = self.env["retail.trigger.dry.run"].create({"rule_id": rule.id})
            wizard.action_run()
            for line in wizard.line_ids.filtered(lambda line: line.res_id in (order | other).ids):
                found[rule, line.res_id] = (line.send_by, line.reason)
        self.assertEqual(found[advertising, order.id], ("sms", False))
        self.assertRegex(found[advertising, other.id][1], "not agreed to advertising")
        self.assertEqual(found[plain, order.id], ("email", False))
        self.assertEqual(found[plain, other.id], ("sms", False))
        self.assertFalse(self._files())

    def test_a_dry_run_counts_the_cap_and_the_quiet_hours(self):
        self.company.write({"weekly_message_cap": 2, "quiet_from": 21.0, "quiet_to": 8.0})
        rule = self._rule("order_received", respects_quiet_hours=True, active=False)
        orders = self._order() | self._order() | self._order()
        orders.action_confirm()
        for number, order in enumerate(orders):
            order.date_order = datetime(2026, 5, 18 - number, 21, 30)
        wizard = self.env["retail.trigger.dry.run"].create({"rule_id": rule.id})
        wizard.action_run()
        mine = wizard.line_ids.filtered(lambda line: line.res_id in orders.ids)
        self.assertEqual(mine.sorted("due_at").mapped(lambda line: bool(line.reason)), [0, 0, 1])
        self.assertEqual(mine.sorted("due_at")[-1].due_at, datetime(2026, 5, 19, 6))

    def test_every_event_can_be_looked_back_on_or_says_that_it_cannot(self):
        for event, _label in self.env["base.automation"]._selection_retail_event():
            if self.env["base.automation"]._event_values({"retail_event": event}).get("model_id"):
                rule = self._rule(event, send_by=False, active=False)
                wizard = self.env["retail.trigger.dry.run"].create({"rule_id": rule.id})
                wizard.action_run()
                if not wizard.leaves_traces:
                    self.assertFalse(wizard.line_ids)
