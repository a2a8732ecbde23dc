"""Row 58: the window of time in which the customer wants the goods."""

from datetime import datetime

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import DeskCase

THREE, FIVE = datetime(2026, 12, 1, 15), datetime(2026, 12, 1, 17)


@tagged("post_install", "-at_install")
class TestDeliveryWindow(DeskCase):
    def test_who_clears_the_delivery_date_clears_the_window(self):
        order = self._order(commitment_from=THREE, commitment_date=FIVE)
        order.commitment_date = False
        self.assertFalse(order.commitment_from)
        order.write({"commitment_from": THREE, "commitment_date": FIVE})
        order.commitment_date = THREE
        self.assertEqual(order.commitment_from, THREE)

    def test_the_form_clears_it_at_once(self):
        order = self._order(commitment_from=THREE, commitment_date=FIVE)
        with Form(order) as form:
            form.commitment_date = False
            self.assertFalse(form.commitment_from)
        self.assertFalse(order.commitment_from)

    def test_a_window_without_an_end_says_what_is_missing(self):
        order = self._order()
        with self.assertRaisesRegex(ValidationError, "has no end. Enter the delivery date"):
            order.commitment_from = THREE
        with self.assertRaisesRegex(ValidationError, "ends before it begins"):
            order.write({"commitment_from": FIVE, "commitment_date": THREE})
