"""Row 151: after anonymizing, the customer's e-mail and number stand in no table any more."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import DeskCase

EMAIL = "q.zanzibarri@example.com"
PHONE = "+393479998877"
#: what has to know them: nobody may write to them again by mistake, and messages on their way
KEPT = ("mail_blacklist", "phone_blacklist", "bus_bus")


@tagged("post_install", "-at_install")
class TestPrivacy(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"email": EMAIL, "phone": PHONE, "country_id": cls.env.ref("base.it")})

    def _get_tables_with(self, text):
        """The tables in which ``text`` stands in some column of some row."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence <> 't' "
                "AND relnamespace = current_schema::regnamespace"
            )
        )
        return {
            table
            for (table,) in tables
            if table not in KEPT
            and self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s AS t WHERE t::text ILIKE %s LIMIT 1",
                    SQL.identifier(table),
                    f"%{text}%",
                )
            )
        }

    def _write_all_over(self, text):
        """Orders, carts, requests, logs and the like that hold ``text``."""
        self.channel.order_properties_definition = [
            {"name": "card", "string": "Greeting Card", "type": "char"}
        ]
        order = self._order(
            channel_id=self.channel.id,
            title=f"Wedding of {text}",
            note=f"Ring {text}",
            delivery_wish=f"Call {text} before",
            client_order_ref=text,
            order_properties={"card": text},
        )
        order._action_cancel()
        order.cancel_note = f"{text} changed her mind"
        self.env["ir.attachment"].create(
            {
                "name": f"Offer {text}.txt",
                "raw": b"x",
                "res_model": "sale.order",
                "res_id": order.id,
            }
        )
        order.message_notify(
            partner_ids=self.anna.partner_id.ids, subject="New order", body=f"Of {text}"
        )
        self.env["retail.restock.request"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.glass.id,
                "note": text,
                "state": "told",
            }
        ).message_post(body=f"{text} asked again")
        order.activity_schedule("mail.mail_activity_data_call", summary=f"Call {text}")
        self._ask_about(order, text)
        self._call_and_visit(order, text)
        self._send(order, text)
        return order

    def _ask_about(self, record, text):
        """A task that was done, and is kept."""
        asked = record.activity_schedule("mail.mail_activity_data_call", summary=f"Ask {text}")
        asked.action_feedback(f"{text} is content")
        return asked

    def _call_and_visit(self, order, text):
        calls = self.env["retail.call"].create(
            [
                {"number": PHONE, "partner_id": self.customer.id, "note": text},
                {"number": PHONE, "subject": text},
            ]
        )
        calls.failure = f"{text} is busy"
        for call in calls:
            call.activity_schedule("mail.mail_activity_data_call", summary=f"Call {text}")
            self._ask_about(call, text)
        self.anna.group_ids += self.env.ref("retail_crm.group_courier")
        task = self.env["retail.courier.task"].create(
            {"order_id": order.id, "courier_id": self.anna.id, "text": f"Ring {text}"}
        )
        task.reason = f"{text} was not at home"
        self._ask_about(task, text)
        self.env["ir.attachment"].create(
            {
                "name": f"Slip of {text}.txt",
                "raw": b"x",
                "res_model": task._name,
                "res_id": task.id,
            }
        )
        self.env["retail.courier.task"].create(
            {"partner_id": self.customer.id, "courier_id": self.anna.id, "text": text}
        )

    def _send(self, order, text):
        rule = self.env.ref("retail_crm.rule_order_received")
        self.env["retail.trigger.run"].create(
            {
                "rule_id": rule.id,
                "model": "sale.order",
                "res_id": order.id,
                "occurrence": text,
                "partner_id": self.customer.id,
                "event_at": "2026-05-20 10:00:00",
                "due_at": "2026-05-20 10:00:00",
                "state": "done",
                "message_key": "k",
                "record_name": f"{order.name} {text}",
                "sent_to": text,
                "text": f"Dear {text}",
                "reason": f"{text} answered",
            }
        ).occurrence = "once"
        message = order.message_post(body="noted", message_type="notification")
        self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": self.customer.id,
                "notification_type": "sms",
                "sms_number": text,
                "failure_reason": f"{text} is not reachable",
            }
        )
        self.env["sms.sms"].create(
            {"number": text, "body": f"Dear {text}", "partner_id": self.customer.id}
        )

    def _shop(self):
        return self.env["shop.shop"].search([], limit=1) or self.env["shop.shop"].create(
            {"name": "Cellar", "system": "prestashop", "base_url": "https://shop.example.com"}
        )

    def test_151_neither_email_nor_number_is_left_in_any_table(self):
        for text in (EMAIL, PHONE):
            self._write_all_over(text)
        twin = self.env["res.partner"].create({"name": "Twin", "email": EMAIL.upper()})
        groups = self.env["retail.duplicate"].create(
            [
                {"kind": kind, "key": key, "partner_ids": (self.customer | twin).ids, "note": key}
                for kind, key in (("email", EMAIL), ("phone", "3479998877"))
            ]
        )
        twin.email = False
        shop = self._shop()
        cart = {"shop_id": shop.id, "changed_at": "2026-05-20 10:00:00", "email": EMAIL}
        self.env["shop.cart"].create(
            [
                {**cart, "external_id": "c1", "partner_id": self.customer.id},
                {**cart, "external_id": "c2", "customer_name": EMAIL},
            ]
        )
        self.assertIn("shop_cart", self._get_tables_with(EMAIL))
        self.assertIn("sale_order", self._get_tables_with(PHONE))
        self.customer._anonymize()
        self.assertEqual(self._get_tables_with(EMAIL), set())
        self.assertEqual(self._get_tables_with(PHONE), set())
        self.assertEqual(self._get_tables_with("3479998877"), set())
        self.assertFalse(groups.exists())

    def test_151_others_who_share_an_address_stay_on_the_list(self):
        others = self.env["res.partner"].create([{"name": name} for name in ("One", "Two")])
        group = self.env["retail.duplicate"].create(
            {"kind": "email", "key": EMAIL, "partner_ids": (self.customer | others).ids}
        )
        self.customer._anonymize()
        self.assertEqual(group.partner_ids, others)

    def test_151_a_web_order_keeps_its_number_in_the_shop(self):
        shop = self._shop()
        order = self._order(
            shop_id=shop.id,
            client_order_ref="WEB-77",
            order_line=[Command.create({"product_id": self.glass.id})],
        )
        order._action_cancel()
        self.customer._anonymize()
        self.assertEqual(order.client_order_ref, "WEB-77")
