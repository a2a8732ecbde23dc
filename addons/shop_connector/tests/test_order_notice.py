from datetime import timedelta

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestOrderNotice(ShopCase):
    """Whoever is named on the shop hears of each new order once, and of nothing else."""

    def setUp(self):
        super().setUp()
        self._product(stock=50)
        self._sync()
        self.boss, self.packer = (
            new_test_user(
                self.env, login, groups="sales_team.group_sale_manager", notification_type=how
            )
            for login, how in (("notice_boss", "email"), ("notice_packer", "inbox"))
        )

    def _messages(self, order):
        domain = [
            ("model", "=", "sale.order"),
            ("res_id", "=", order.id),
            ("message_type", "=", "user_notification"),
            ("author_id", "=", self.env.ref("base.partner_root").id),
            ("notified_partner_ids", "in", (self.boss | self.packer).partner_id.ids),
        ]
        return self.env["mail.message"].search(domain)

    def _told(self, order):
        return self._messages(order).notification_ids.res_partner_id

    def test_each_new_order_is_told_once(self):
        self.shop.notify_user_ids = self.boss | self.packer
        order = self._place([("GLASS", 2)], payment="ps_checkout")
        self.assertEqual(self._told(order), (self.boss | self.packer).partner_id)
        message = self._messages(order)
        self.assertEqual(len(message), 1)
        self.assertIn(order.name, message.subject)
        self.assertIn("Cellar Online", message.subject)
        self.assertIn(order.partner_id.display_name, message.body)
        # the order is read again, and the e-mail waits in the queue
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual((mail.state, len(message.notification_ids)), ("outgoing", 2))
        self.env["shop.job"]._mark_incoming(
            self.shop,
            "order",
            self.env["shop.binding"]
            ._by_record(self.shop, "order", order.ids)[order.id]
            .mapped("external_id"),
        )
        self._sync()
        self.assertEqual(self._messages(order), message)

    def test_nobody_is_told_unless_asked(self):
        order = self._place([("GLASS", 1)], payment="ps_checkout")
        self.assertFalse(self._messages(order))

    def test_everybody_reads_it_in_the_own_language(self):
        self.boss.lang, self.packer.lang = "it_IT", "hu_HU"
        self.shop.notify_user_ids = self.boss | self.packer
        order = self._place([("GLASS", 1)])
        messages = self._messages(order)
        self.assertEqual(len(messages), 2)
        self.assertEqual(messages.notification_ids.res_partner_id, self._told(order))

    def test_what_was_ordered_before_comes_without_a_word(self):
        self.simulator.clock.advance(-timedelta(days=3).total_seconds())
        old = self.simulator.place_order([("GLASS", 1)])
        self.simulator.clock.advance(timedelta(days=3).total_seconds())
        self.shop.notify_user_ids = self.boss
        self._sync()
        self.assertFalse(self._messages(self._order(old)))

    def test_a_shop_that_is_being_connected_tells_from_its_start_on(self):
        self.shop.state = "draft"
        wizard = self.env["shop.connect"].create({"shop_id": self.shop.id, "step": "orders"})
        wizard.notify_user_ids = [Command.set(self.boss.ids)]
        self.assertEqual(self.shop.notify_user_ids, self.boss)
        self.assertFalse(self.shop.notify_since)
        self.shop.state = "connected"
        since = self.shop.notify_since
        self.assertTrue(since)
        # a shop that stood still tells of what was ordered meanwhile
        self.shop.notify_since = since - timedelta(days=1)
        self.shop.state = "blocked"
        self.shop.state = "connected"
        self.assertEqual(self.shop.notify_since, since - timedelta(days=1))

    def test_an_order_that_is_over_already_is_no_news(self):
        self.shop.notify_user_ids = self.boss
        order_id = self.simulator.place_order([("GLASS", 1)])
        self._set_state(order_id, "cancelled")
        self._sync()
        self.assertFalse(self._messages(self._order(order_id)))
