"""The board of orders in a browser: dragged with the mouse, pressed on the phone."""

from odoo.tests import HttpCase, tagged

from .test_stages import StageCase

PATH = "/odoo/order-board"


@tagged("post_install", "-at_install")
class TestBoardTour(StageCase, HttpCase):
    def test_042_dragging_moves_and_cancelled_asks_why(self):
        order = self._order(self.anna)
        self.start_tour(PATH, "retail_crm_board_drag", login="anna", timeout=120)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.cancel_reason_id.name, "Delivery too late")


@tagged("post_install", "-at_install")
class TestBoardOnThePhone(StageCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_100_two_big_buttons_on_the_phone(self):
        order = self._order(self.anna)
        self.start_tour(PATH, "retail_crm_board_phone", login="anna", timeout=120)
        self.assertEqual(order.stage_id, self.stages["assembly"])
        self.assertEqual(order.state, "sale")
