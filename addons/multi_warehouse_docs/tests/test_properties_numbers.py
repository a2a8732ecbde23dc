"""Whatever happens in whatever order: no gap, no number twice, numbers in the order of drawing."""

import random
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .documents import DocumentCase

STEPS = 40

LIGHTS_OUT = "The lights went out"


@tagged("post_install", "-at_install")
class TestPropertiesNumbers(DocumentCase):
    def setUp(self):
        super().setUp()
        self.today = date(2026, 11, 24)
        self.orders, self.transfers = [], []
        self.drawn = {}

    def test_any_order_of_events_keeps_the_series_whole(self):
        self._live(random.Random(3))

    def test_another_order_of_events(self):
        self._live(random.Random(19))

    def test_a_third_order_of_events(self):
        self._live(random.Random(71))

    def _live(self, chance):
        self._stock(self.laptop, 30, self.main)
        events = [self._sale, self._purchase, self._move, self._carry_out, self._take_back]
        events += [self._cancel, self._void, self._carry_out, self._next_day, self._break_off]
        for _step in range(STEPS):
            with freeze_time(f"{self.today} 10:00:00"):
                try:
                    with self.env.cr.savepoint():
                        chance.choice(events)(chance)
                except UserError:
                    self.env.invalidate_all()  # refused, and nothing of it is left
                self._look()
        self._assert_whole()

    # === EVENTS ===

    def _sale(self, chance):
        order = self._sell(chance.randint(1, 3))
        self.orders.append(order)
        if chance.random() < 0.8:
            order.action_confirm()

    def _purchase(self, chance):
        order = self._buy(chance.randint(1, 5))
        self.orders.append(order)
        order.button_confirm()

    def _move(self, chance):
        places = [self.main, self.internal]
        chance.shuffle(places)
        self.transfers.append(self._transfer(chance.randint(1, 3), *places))

    def _pick_open(self, chance):
        waiting = self._all_transfers().filtered(lambda one: one.state not in ("done", "cancel"))
        return chance.choice(list(waiting)) if waiting else waiting

    def _carry_out(self, chance):
        transfer = self._pick_open(chance)
        if transfer:
            wanted = transfer.move_ids[:1].product_uom_qty
            self._validate(transfer, chance.choice([wanted, wanted, 1]))

    def _take_back(self, chance):
        done = self._all_transfers().filtered(
            lambda one: one.state == "done" and not one.voided and not one.undoes_id
        )
        if done:
            self.transfers.append(self._return(chance.choice(list(done)), 1))

    def _cancel(self, chance):
        transfer = self._pick_open(chance)
        if transfer:
            transfer.action_cancel()

    def _void(self, chance):
        documents = [*self._all_transfers(), *self.orders]
        numbered = [one for one in documents if one.document_number and not one.voided]
        if numbered:
            chance.choice(numbered).make_void("Tried out")

    def _next_day(self, chance):
        self.today += timedelta(days=chance.choice([1, 3, 20]))

    def _break_off(self, chance):
        transfer = self._pick_open(chance)
        if transfer:
            self._validate(transfer)
        raise UserError(LIGHTS_OUT)

    def _all_transfers(self):
        mine = [("company_id", "=", self.company.id)]
        return self.env["stock.picking"].search(mine, order="id")

    # === WHAT MUST HOLD ===

    def _rows(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["document.register"].search([("company_id", "=", self.company.id)])

    def _look(self):
        """Every number is kept for life, and a new one is the highest of its period."""
        now = {
            (row.document_model, row.res_id): (
                row.series_id.id,
                row.series_period,
                row.series_number,
                row.document_number,
            )
            for row in self._rows()
        }
        for document, number in self.drawn.items():
            self.assertEqual(now.get(document), number)
        for document in now.keys() - self.drawn.keys():
            series, period, number, _text = now[document]
            before = [old[2] for old in self.drawn.values() if old[:2] == (series, period)]
            self.assertGreater(number, max(before, default=0))
        self.drawn = now

    def _assert_whole(self):
        rows = self._rows()
        self.assertGreater(len(rows), 5)
        places = [(row.series_id.id, row.series_period, row.series_number) for row in rows]
        self.assertEqual(len(set(places)), len(places))
        texts = rows.mapped("document_number")
        self.assertEqual(len(set(texts)), len(texts))
        for (series, period), numbers in rows.grouped(
            lambda row: (row.series_id, row.series_period)
        ).items():
            given = sorted(numbers.mapped("series_number"))
            self.assertEqual(given, list(range(1, len(given) + 1)), (series.name, period))
            dates = numbers.sorted("series_number").mapped("document_date")
            self.assertEqual(dates, sorted(dates))
        gaps = self.env["document.series.gap"]
        self.assertFalse(gaps.search([("company_id", "=", self.company.id)]))
        undone = self._all_transfers().filtered("undoes_id")
        self.assertFalse([one for one in undone if one.document_number])
