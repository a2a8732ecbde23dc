"""Row 83: how long orders take, by stage, person, channel and week."""

from ast import literal_eval
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from .test_stages import StageCase

MAY = datetime(2026, 5, 20, 9)


@tagged("post_install", "-at_install")
class TestOrderReport(StageCase):
    def _stays(self, hours, **values):
        order = self._order(user_id=self.anna.id, channel_id=self.channel.id, **values)
        stays = self.env["retail.order.stay"]
        stays.search([("order_id", "=", order.id)]).unlink()
        return stays.create(
            [
                {
                    "order_id": order.id,
                    "stage_id": self.stages["assembly"].id,
                    "company_id": self.company.id,
                    "channel_id": self.channel.id,
                    "user_id": order.user_id.id,
                    "entered_at": MAY,
                    "left_at": MAY + timedelta(hours=spent),
                    "work_hours": spent,
                    "norm_hours": 5,
                    "is_counted": True,
                }
                for spent in hours
            ]
        )

    def test_083_median_and_90th_percentile(self):
        stays = self._stays([1, 2, 3, 4, 100])
        self.env.flush_all()
        [row] = self.env["retail.order.report"].formatted_read_group(
            [("id", "in", stays.ids)],
            ["stage_id", "user_id", "channel_id", "entered_at:week"],
            ["median_hours:avg", "p90_hours:avg", "work_hours:avg", "late_share:avg", "__count"],
        )
        self.assertEqual(row["median_hours:avg"], 3)
        self.assertAlmostEqual(row["p90_hours:avg"], 61.6)
        self.assertEqual(row["work_hours:avg"], 22)
        self.assertEqual(row["late_share:avg"], 20)

    def test_083_what_was_just_written_is_counted(self):
        stays = self._stays([1])
        domain = [("id", "in", stays.ids)]
        Report = self.env["retail.order.report"]
        self.assertEqual(Report.search(domain).work_hours, 1)
        stays.work_hours = 7
        self.assertEqual(Report._read_group(domain, [], ["work_hours:avg"]), [(7,)])
        stays.stage_id = self.stages["new"]
        order = stays.order_id
        order.first_response_deadline = order.create_date
        self.assertEqual(Report._read_group(domain, [], ["response_in_time_share:avg"]), [(0,)])

    def test_155_a_salesperson_sees_own_times_only(self):
        stays = self._stays([1])
        self.env.flush_all()
        domain = [("id", "in", stays.ids)]
        Report = self.env["retail.order.report"]
        self.assertEqual(Report.with_user(self.anna).search_count(domain), 1)
        self.assertEqual(Report.with_user(self.berta).search_count(domain), 0)

    def test_085_share_answered_in_time(self):
        stays = self._stays([1])
        stays.stage_id = self.stages["new"]
        order = stays.order_id
        order.first_response_deadline = order.create_date + timedelta(hours=1)
        order.first_response_at = order.create_date + timedelta(minutes=30)
        self.env.flush_all()
        row = self.env["retail.order.report"].search([("id", "in", stays.ids)])
        self.assertEqual(row.response_in_time_share, 100)

    def _waiting(self, user, deadline, answered=None):
        """An order that still lies in New, with a first response due."""
        order = self._order(user_id=user.id)
        order.write({"first_response_deadline": deadline, "first_response_at": answered})
        return order

    def _shares(self, orders):
        """``{person: (rows, answered in time, average working hours)}``"""
        self.env.flush_all()
        rows = self.env["retail.order.report"]._read_group(
            [("order_id", "in", orders.ids)],
            ["user_id"],
            ["__count", "response_in_time_share:avg", "work_hours:avg"],
        )
        return {user: figures for user, *figures in rows}

    def test_085_whoever_lets_orders_lie_has_not_answered_in_time(self):
        now = fields.Datetime.now()
        hour = timedelta(hours=1)
        orders = self._waiting(self.anna, now - hour, now - 2 * hour)
        orders |= self._waiting(self.anna, now - hour, now)
        orders |= self._waiting(self.anna, now - 72 * hour)
        orders |= self._waiting(self.anna, now - 72 * hour)
        orders |= self._waiting(self.berta, now - hour)
        orders |= self._waiting(self.berta, now + hour)  # may still be answered
        self.assertEqual(
            self._shares(orders), {self.anna: [4, 25.0, False], self.berta: [1, 0.0, False]}
        )

    def test_085_an_order_that_left_has_one_row(self):
        order = self._waiting(self.anna, fields.Datetime.now() - timedelta(hours=1))
        order._note_stage(self.stages["approval"])
        self.env["retail.order.stay"]._count_hours()
        self.env.flush_all()
        rows = self.env["retail.order.report"].search([("order_id", "=", order.id)])
        self.assertEqual(rows.stage_id, self.stages["new"])

    def test_059_refusal_reasons_by_product(self):
        order = self._order(channel_id=self.channel.id)
        reason = self.env.ref("retail_crm.cancel_reason_late")
        order.cancel_reason_id = reason
        order._action_cancel()
        self.env.flush_all()
        [(product, found, amount)] = self.env["sale.report"]._read_group(
            [("order_reference", "=", f"sale.order,{order.id}")],
            ["product_id", "cancel_reason_id"],
            ["price_subtotal:sum"],
        )
        self.assertEqual((product, found, amount), (self.glass, reason, 20.0))

    def test_059_refusal_reasons_by_manager_and_channel(self):
        late = self.env.ref("retail_crm.cancel_reason_late")
        stock = self.env.ref("retail_crm.cancel_reason_stock")
        other = self.env["sales.channel"].create({"name": "Other", "channel_type": "phone"})
        cases = (
            (self.anna, self.channel, late),
            (self.anna, other, stock),
            (self.berta, self.channel, late),
            (self.anna, self.channel, late),
        )
        orders = self.env["sale.order"]
        for person, channel, reason in cases:
            order = self._order(user_id=person.id, channel_id=channel.id)
            order.cancel_reason_id = reason
            order._action_cancel()
            orders |= order
        self.env.flush_all()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.sale_report_reasons_action"
        )
        domain = [
            *literal_eval(action["domain"]),
            ("order_reference", "in", [f"sale.order,{order.id}" for order in orders]),
        ]
        Report = self.env["sale.report"]
        rows = Report._read_group(
            domain, ["user_id", "cancel_reason_id"], ["order_reference:count_distinct"]
        )
        self.assertEqual(
            {(who.login, why): count for who, why, count in rows},
            {("anna", late): 2, ("anna", stock): 1, ("berta", late): 1},
        )
        rows = Report._read_group(
            domain, ["channel_id", "cancel_reason_id"], ["price_subtotal:sum"]
        )
        self.assertEqual(
            {(where, why): amount for where, why, amount in rows},
            {(self.channel, late): 60.0, (other, stock): 20.0},
        )
