"""Whatever is delivered, brought back, invoiced and credited: the links stay consistent."""

import random
from datetime import date

from odoo.tests import BaseCase, freeze_time, tagged

from ..models.delivery_invoices import DeliveryInvoices
from ..models.invoice_matching import Goods, Line, Matching
from .invoices import InvoiceCase


class TestInvoiceMatching(BaseCase):
    def _match(self, goods, lines, links=None):
        return Matching(
            [Goods(key, quantity) for key, quantity in goods],
            [Line(key, quantity, frozenset(more)) for key, quantity, *more in lines],
            links or {},
            2,
        ).run()

    def test_the_oldest_goods_first(self):
        found = self._match([(1, 3), (2, 4)], [(10, 5)])
        self.assertEqual(found, {(1, 10): 3, (2, 10): 2})

    def test_what_fits_stays(self):
        links = {(2, 10): 4}
        found = self._match([(1, 3), (2, 4)], [(10, 4), (11, 3)], links)
        self.assertEqual(found, {(2, 10): 4, (1, 11): 3})

    def test_a_smaller_line_lets_go_of_the_newest_goods(self):
        found = self._match([(1, 3), (2, 4)], [(10, 2)], {(1, 10): 3, (2, 10): 4})
        self.assertEqual(found, {(1, 10): 2})

    def test_goods_corrected_downwards_let_go_of_the_newest_line(self):
        links = {(1, 10): 2, (1, 11): 1}
        self.assertEqual(self._match([(1, 2)], [(10, 2), (11, 1)], links), {(1, 10): 2})

    def test_a_credit_takes_returns_first_and_then_its_own_deliveries(self):
        goods = [(1, 5), (2, 5), (3, -2)]
        links = {(1, 10): 5, (2, 11): 5}
        lines = [(10, 5), (11, 5), (12, -4, 10)]
        found = self._match(goods, lines, links)
        self.assertEqual(found, {**links, (3, 12): -2, (1, 12): -2})

    def test_goods_that_come_back_take_over_an_earlier_credit(self):
        links = {(1, 10): 5, (1, 11): -2}
        found = self._match([(1, 5), (2, -2)], [(10, 5), (11, -2)], links)
        self.assertEqual(found, {(1, 10): 5, (2, 11): -2})

    def test_a_credit_without_its_invoice_links_nothing(self):
        self.assertEqual(self._match([(1, 5)], [(11, -2)], {(1, 11): -2}), {})

    def test_any_sequence_keeps_the_bounds(self):
        for seed in range(300):
            chance = random.Random(seed)
            goods = [
                (key, chance.choice([1, 1, -1]) * chance.randint(0, 500) / 100)
                for key in range(chance.randint(1, 5))
            ]
            lines = [
                (key, chance.choice([1, 1, -1]) * chance.randint(0, 700) / 100)
                for key in range(10, 10 + chance.randint(1, 5))
            ]
            links = {
                (move, line): chance.randint(-300, 300) / 100
                for move, _q in goods
                for line, _r in lines
                if chance.random() < 0.3
            }
            found = self._match(goods, lines, links)
            with self.subTest(seed=seed):
                self._assert_bounds(goods, lines, found)
                self.assertEqual(self._match(goods, lines, found), found, "not stable")

    def _assert_bounds(self, goods, lines, found):
        for key, quantity in goods:
            settled = round(sum(q for (move, _), q in found.items() if move == key), 2)
            self.assertLessEqual(min(0, quantity), settled)
            self.assertLessEqual(settled, max(0, quantity))
        for key, quantity in lines:
            linked = [q for (_, line), q in found.items() if line == key]
            self.assertTrue(all(q * quantity > 0 for q in linked))
            self.assertLessEqual(round(abs(sum(linked)), 2), abs(quantity))
        still = [q - sum(x for (m, _), x in found.items() if m == key) for key, q in goods if q > 0]
        rest = [q - sum(x for (_, n), x in found.items() if n == key) for key, q in lines if q > 0]
        self.assertTrue(max(still, default=0) < 0.005 or max(rest, default=0) < 0.005)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestInvoicedQuantity(InvoiceCase):
    """Real records, moved and invoiced in any order."""

    def test_invoiced_is_delivered_less_returned(self):
        for seed in range(4):
            with self.subTest(seed=seed):
                self._play(random.Random(seed))

    def _play(self, chance):
        order = self._order(40)
        line = order.order_line
        for _step in range(9):
            done = order.picking_ids.filtered(
                lambda one: one.state == "done" and one.document_type_id.kind == "delivery"
            )
            work = chance.choice(["deliver", "deliver", "back", "month", "order", "cancel"])
            if work == "deliver":
                self._deliver(order, chance.randint(1, 4))
            elif work == "back" and done:
                self._bring_back_some(chance.choice(done))
            elif work == "month":
                self._invoice_all(order)
            elif work == "order" and line.qty_to_invoice > 0:
                order._create_invoices()
            elif work == "cancel" and order.invoice_ids.filtered(lambda one: one.state == "draft"):
                order.invoice_ids.filtered(lambda one: one.state == "draft")[-1].button_cancel()
            self._assert_links(order)
        self._invoice_all(order)
        self._assert_links(order)
        self.assertEqual(line.qty_invoiced, line.qty_delivered)
        self.assertEqual(self._documents(order, "to_invoice"), self.env["stock.picking"])

    def _bring_back_some(self, delivery):
        moved = sum(delivery.move_ids.mapped("quantity"))
        returned = sum(
            move.quantity for move in delivery.move_ids.returned_move_ids if move.state != "cancel"
        )
        if moved > returned:
            self._bring_back(delivery, 1)

    def _documents(self, order, state):
        everything = order.picking_ids
        return everything.search([("id", "in", everything.ids), ("invoice_state", "=", state)])

    def _invoice_all(self, order):
        DeliveryInvoices(order.picking_ids, date(2026, 11, 30)).make()

    def _assert_links(self, order):
        self.env.flush_all()
        line = order.order_line
        links = self.env["stock.move.invoice.link"].search([("move_id", "in", line.move_ids.ids)])
        self.assertEqual(sum(links.mapped("quantity")), line.qty_invoiced)
        for move in line.move_ids.filtered(lambda one: one.state == "done"):
            settled = sum(move.invoice_link_ids.mapped("quantity"))
            sign = move._get_invoice_sign("sale")
            self.assertGreaterEqual(settled * sign, 0)
            self.assertLessEqual(settled * sign, move.quantity)
