"""Row 152: coupons and points of other people's clients."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.retail_crm.tests.desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestOwnClients(OrderDeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "rule_ids": [Command.create({})],
                "reward_ids": [Command.create({"required_points": 5})],
            }
        )
        cls.mine, cls.hers = (
            cls._card(user, f"{user.login}-5500") for user in (cls.anna, cls.berta)
        )
        cls.anna.group_ids += cls.env.ref("retail_crm.group_own_clients")

    @classmethod
    def _card(cls, user, code, points=7):
        client = cls.env["res.partner"].create({"name": user.name, "user_id": user.id})
        values = {"program_id": cls.program.id, "partner_id": client.id, "points": points}
        return cls.env["loyalty.card"].create({**values, "code": code})

    def _seen(self, records):
        rows = (
            records.browse().with_user(self.anna).search_read([("id", "in", records.ids)], ["id"])
        )
        return records.browse(row["id"] for row in rows)

    def test_152_cards_and_their_history(self):
        anybody = self.mine.copy({"partner_id": False, "code": "SPRING"})
        self.assertEqual(self._seen(self.mine | self.hers | anybody), self.mine | anybody)
        with self.assertRaises(AccessError):
            self.hers.with_user(self.anna).read(["points"])
        [group] = (
            self.env["loyalty.card"]
            .with_user(self.anna)
            .formatted_read_group([("program_id", "=", self.program.id)], [], ["points:sum"])
        )
        self.assertEqual(group["points:sum"], self.mine.points + anybody.points)
        history = self.env["loyalty.history"].create(
            [{"card_id": card.id, "description": "Wine"} for card in (self.mine, self.hers)]
        )
        self.assertEqual(self._seen(history), history[0])

    def test_152_points_of_orders(self):
        orders = self.env["sale.order"].create(
            [
                {"partner_id": card.partner_id.id, "user_id": card.partner_id.user_id.id}
                for card in (self.mine, self.hers)
            ]
        )
        points = self.env["sale.order.coupon.points"].create(
            [
                {"order_id": order.id, "coupon_id": card.id, "points": 1}
                for order, card in zip(orders, (self.mine, self.hers), strict=True)
            ]
        )
        self.assertEqual(self._seen(points), points[0])

    def test_152_the_code_of_somebody_else_is_not_valid_at_the_desk(self):
        order = self._add(self.barolo, 2)
        with self.assertRaisesRegex(Exception, "invalid"):
            self.desk.apply_code(order["id"], self.hers.code)
