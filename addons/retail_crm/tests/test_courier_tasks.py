"""Rows 55, 56, 93 and 94: what a courier is to do, and what becomes of it."""

import doctest
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..services import map_link
from .test_stages import StageCase

NOON = datetime(2026, 5, 20, 10)  # 12:00 in Rome


class CourierCase(StageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,retail_crm.group_courier"
        cls.carlo = new_test_user(cls.env, "carlo", groups, tz="Europe/Rome", name="Carlo")
        cls.dino = new_test_user(cls.env, "dino", groups, name="Dino")
        (cls.carlo + cls.anna).notification_type = "inbox"
        cls.customer.write(
            {
                "street": "Via Mazzini 4",
                "zip": "40121",
                "city": "Bologna",
                "country_id": cls.env.ref("base.it").id,
                "phone": "+39 051 765432",
            }
        )

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(NOON))

    def _confirmed(self, stock=10, **values):
        """An order of Anna's that is on its way: the courier brings the goods."""
        if stock:
            self._stock(stock)
        values = {"user_id": self.anna.id, "commitment_date": NOON + timedelta(hours=4), **values}
        order = self._order(**values)
        order.action_confirm()
        return order

    def _errand(self, order=None, courier=None, **values):
        return self.env["retail.courier.task"].create(
            {
                "order_id": (order or self._confirmed()).id,
                "courier_id": (courier or self.carlo).id,
                **values,
            }
        )

    def _told(self, order, user=None):
        """The newest message of the order that the person was notified of."""
        mine = order.message_ids.filtered(
            lambda each: (user or self.anna).partner_id in each.notified_partner_ids
        )
        return mine[:1].body or ""


@tagged("post_install", "-at_install")
class TestCourierTasks(CourierCase):
    def test_093_from_the_order_with_what_is_known_of_it(self):
        order = self._confirmed()
        action = order.with_user(self.anna).action_new_courier_task()
        Task = self.env["retail.courier.task"].with_user(self.anna)
        with Form(
            Task.with_context(**action["context"]), "retail_crm.retail_courier_task_view_form"
        ) as window:
            window.courier_id = self.carlo
        task = window.record
        self.assertEqual(task.picking_id, order.picking_ids)
        self.assertEqual(task.partner_id, order.partner_shipping_id)
        self.assertEqual(task.deadline, order.commitment_date)
        self.assertEqual(task.amount_to_collect, order.amount_total)
        self.assertIn(order.name, task.text)
        self.assertEqual(order.courier_task_count, 1)

    def test_055_from_the_transfer_and_the_transfer_has_its_courier(self):
        order = self._confirmed()
        picking = order.picking_ids
        storekeeper = new_test_user(self.env, "stefano", "base.group_user,stock.group_stock_user")
        action = picking.with_user(storekeeper).action_new_courier_task()
        Task = self.env["retail.courier.task"].with_user(storekeeper)
        task = Task.with_context(**action["context"]).create({"courier_id": self.carlo.id})
        self.assertEqual(task.sudo().order_id, order)
        self.assertEqual(picking.courier_id, self.carlo)
        task.courier_id = self.dino
        self.assertEqual(picking.courier_id, self.dino)
        task.action_cancel()
        self.assertFalse(picking.courier_id)

    def test_055_only_couriers_of_the_company(self):
        with self.assertRaisesRegex(ValidationError, "is no courier"):
            self._errand(courier=self.berta)
        other = self.env["res.company"].create({"name": "Other"})
        self.dino.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            self._errand(courier=self.dino)
        choice = self.env["res.users"].search(self.env["retail.courier.task"]._get_courier_domain())
        self.assertIn(self.carlo, choice)
        self.assertNotIn(self.berta, choice)

    def test_093_nothing_is_collected_that_was_paid_meanwhile(self):
        self.glass.invoice_policy = "order"
        order = self._confirmed()
        task, less = self._errand(order), self._errand(order, amount_to_collect=5)
        page = less.with_user(self.carlo)._describe_for_courier()
        self.assertIn("5.00", page["amount"], "a person said so")
        self.assertEqual(task.amount_to_collect, order.amount_total)
        self.env.flush_all()
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(task.with_user(self.carlo)._describe_for_courier()["amount"], "")
        task.with_user(self.carlo).action_done()
        self.assertEqual(task.amount_to_collect, 0)
        self.assertNotIn("To be collected", self._told(order))

    def test_056_an_address_of_an_order_that_everybody_may_see(self):
        self.anna.group_ids += self.env.ref("retail_crm.group_own_clients")
        self.customer.user_id = self.berta
        order = self._confirmed(user_id=self.berta.id, visible_to_all=True)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.anna).check_access("read")
        [seen] = order.with_user(self.anna).web_read({"shipping_map_url": {}})
        self.assertIn("Via+Mazzini+4", seen["shipping_map_url"])
        task = self._errand(order)
        self.carlo.group_ids += self.env.ref("retail_crm.group_own_clients")
        with self.assertRaises(AccessError):
            self.customer.with_user(self.carlo).check_access("read")
        [seen] = task.with_user(self.carlo).web_read({"map_url": {}})
        self.assertIn("Via+Mazzini+4", seen["map_url"])

    def test_056_examples_of_map_addresses(self):
        found = doctest.testmod(map_link)
        self.assertEqual((found.failed, found.attempted), (0, 5))

    def test_056_the_address_opens_the_map(self):
        order = self._confirmed()
        self.assertIn("openstreetmap.org/search?query=Via+Mazzini+4", order.shipping_map_url)
        page = self._errand(order).with_user(self.carlo)._describe_for_courier()
        self.assertTrue(page["geo_uri"].startswith("geo:0,0?q=Via%20Mazzini%204"))
        self.customer.write({"partner_latitude": 44.4939, "partner_longitude": 11.3428})
        order.invalidate_recordset(["shipping_map_url"])
        self.assertIn("mlat=44.4939&mlon=11.3428", order.shipping_map_url)
        self.customer.write(
            {"street": False, "city": False, "partner_latitude": 0, "partner_longitude": 0}
        )
        order.invalidate_recordset(["shipping_map_url"])
        self.assertFalse(order.shipping_map_url)

    def test_093_the_courier_hears_of_it_and_is_reminded(self):
        task = self._errand(text="Bring the wine")
        planned = task.activity_ids
        self.assertEqual(planned.user_id, self.carlo)
        self.assertEqual(planned.remind_at, task.deadline - timedelta(minutes=30))
        self.assertIn("Bring the wine", planned.summary)
        inbox = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.carlo.partner_id.id)]
        )
        self.assertIn(task.id, inbox.mail_message_id.mapped("res_id"))
        action = task.with_user(self.carlo)._get_access_action()
        self.assertEqual(action["url"], f"/my/courier/{task.id}", "the link opens his page")
        task.deadline += timedelta(hours=1)
        self.assertEqual(planned.remind_at, task.deadline - timedelta(minutes=30))
        task.courier_id = self.dino
        self.assertEqual(task.activity_ids.user_id, self.dino)

    def test_093_nobody_gives_what_they_may_not_read(self):
        secret = self.env["ir.attachment"].create({"name": "wages.txt", "raw": b"secret"})
        Task = self.env["retail.courier.task"].with_user(self.anna)
        order = self._confirmed()
        values = {"order_id": order.id, "courier_id": self.carlo.id}
        with self.assertRaises(AccessError):
            Task.create({**values, "document_ids": [Command.set(secret.ids)]})
        mine = (
            self.env["ir.attachment"]
            .with_user(self.anna)
            .create(
                {
                    "name": "slip.txt",
                    "raw": b"mine",
                    "res_model": "retail.courier.task",
                    "res_id": 0,
                }
            )
        )
        task = Task.create({**values, "document_ids": [Command.set(mine.ids)]})
        self.assertEqual(mine.res_id, task.id, "kept with the task")

    def test_094_done_tells_the_responsible_and_moves_the_order(self):
        order = self._confirmed()
        self.assertEqual(order.stage_id, self.stages["assembly"])
        task = self._errand(order)
        task.with_user(self.carlo).action_done()
        self.assertEqual((task.state, task.done_at), ("done", NOON))
        self.assertEqual(order.stage_id, self.stages["delivery"])
        told = self._told(order)
        self.assertIn("Courier: done", told)
        self.assertIn("went on to", told)
        self.assertEqual(order.message_ids[0].author_id, self.carlo.partner_id)
        self.assertFalse(task.activity_ids)

    def test_094_pressed_twice_it_is_done_once(self):
        order = self._confirmed()
        task = self._errand(order)
        task.with_user(self.carlo).action_done()
        messages = len(order.message_ids)
        task.with_user(self.carlo).action_done()
        task.with_user(self.carlo).action_not_done("Nobody at home")
        self.assertEqual((task.state, len(order.message_ids)), ("done", messages))
        self.assertEqual(order.stage_id, self.stages["delivery"])

    def test_094_the_goods_leave_when_the_next_stage_says_so(self):
        order = self._confirmed()
        order._note_stage(self.stages["delivery"])
        self.assertEqual(self.stages["done"].entry_action, "deliver")
        self._errand(order).with_user(self.carlo).action_done()
        self.assertEqual(order.stage_id, self.stages["done"])
        self.assertEqual(order.picking_ids.state, "done")

    def test_094_what_keeps_the_order_back_is_told(self):
        order = self._confirmed(stock=0)
        order._note_stage(self.stages["delivery"])
        task = self._errand(order)
        task.with_user(self.carlo).action_done()
        self.assertEqual(task.state, "done")
        self.assertEqual(order.stage_id, self.stages["delivery"])
        self.assertIn("could not go on to", self._told(order))

    def test_094_the_last_of_two_moves_the_order(self):
        order = self._confirmed()
        first, second = self._errand(order), self._errand(order, self.dino)
        first.with_user(self.carlo).action_done()
        self.assertEqual(order.stage_id, self.stages["assembly"])
        second.with_user(self.dino).action_done()
        self.assertEqual(order.stage_id, self.stages["delivery"])

    def test_094_an_errand_beside_the_delivery_moves_nothing(self):
        order = self._confirmed()
        self._errand(order, moves_order=False).with_user(self.carlo).action_done()
        self.assertEqual(order.stage_id, self.stages["assembly"])

    def test_094_only_stages_that_may_follow(self):
        order = self._confirmed()
        self.stages["assembly"].next_stage_ids = self.stages["done"]
        self.assertEqual(order._get_stage_after_courier(), self.stages["done"])
        self.stages["assembly"].next_stage_ids = self.stages["cancelled"]
        self.assertFalse(order._get_stage_after_courier())

    def test_094_not_done_wants_a_reason_and_leaves_the_order(self):
        order = self._confirmed()
        task = self._errand(order)
        for nothing in (None, "", "  "):
            with self.assertRaisesRegex(UserError, "Say why"):
                task.with_user(self.carlo).action_not_done(nothing)
        task.with_user(self.carlo).action_not_done(" Nobody  at home ")
        self.assertEqual((task.state, task.reason), ("not_done", "Nobody at home"))
        self.assertEqual(order.stage_id, self.stages["assembly"])
        self.assertIn("Nobody at home", self._told(order))
        task.with_user(self.anna).action_reopen()
        self.assertEqual(task.state, "todo")
        self.assertEqual(task.activity_ids.user_id, self.carlo)

    def test_094_without_a_responsible_the_team_leader_hears_of_it(self):
        self.online.user_id = self.berta
        order = self._confirmed(user_id=False, team_id=self.online.id)
        self._errand(order).with_user(self.carlo).action_done()
        self.assertIn("Courier: done", self._told(order, self.berta))

    def test_094_a_cancelled_order_sends_nobody(self):
        order = self._confirmed()
        task = self._errand(order)
        order._enter_stage(self.stages["cancelled"])
        self.assertEqual(task.state, "cancelled")
        self.assertFalse(task.activity_ids)
        told = self.env["mail.message"].search(
            [("model", "=", task._name), ("res_id", "=", task.id)], order="id desc"
        )
        notice = told.filtered(lambda each: self.carlo.partner_id in each.notified_partner_ids)[:1]
        self.assertIn("No longer to do", notice.subject)
        with self.assertRaisesRegex(UserError, "order is cancelled"):
            task.action_reopen()
        self.assertEqual(task.state, "cancelled")


@tagged("post_install", "-at_install")
class TestCourierRights(CourierCase):
    def _visible(self, user):
        return self.env["retail.courier.task"].with_user(user).search([])

    def test_093_couriers_see_their_own_tasks_and_change_nothing(self):
        mine, others = self._errand(), self._errand(courier=self.dino)
        self.assertEqual(self._visible(self.carlo), mine)
        with self.assertRaises(AccessError):
            others.with_user(self.carlo).action_done()
        with self.assertRaises(AccessError):
            mine.with_user(self.carlo).write({"amount_to_collect": 0})
        with self.assertRaises(AccessError):
            mine.with_user(self.carlo).action_cancel()
        with self.assertRaises(AccessError):
            mine.with_user(self.carlo).action_reopen()
        with self.assertRaises(AccessError):
            mine.with_user(self.carlo).order_id.amount_total  # noqa: B018

    def test_093_operators_see_the_tasks_of_their_orders(self):
        mine = self._errand()
        pool = self._errand(self._confirmed(user_id=False))
        hers = self._errand(self._confirmed(user_id=self.berta.id))
        self.assertEqual(self._visible(self.anna), mine + pool)
        self.anna.group_ids += self.env.ref("retail_crm.group_own_clients")
        self.assertEqual(self._visible(self.anna), mine)
        supervisor = self._seller("sofia")
        supervisor.group_ids += self.env.ref("retail_crm.group_retail_crm_supervisor")
        self.assertEqual(self._visible(supervisor), mine + pool + hers)

    def test_093_not_those_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        (self.anna + self.carlo).company_ids += other
        task = self._errand()
        seen = self._visible(self.anna).with_context(allowed_company_ids=other.ids).search([])
        self.assertNotIn(task, seen)
        self.assertIn(task, self._visible(self.anna))
