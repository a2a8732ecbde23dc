"""Row 103: what telephone systems tell, whatever they name it. Nothing of it needs the database."""

import doctest

from odoo.tests import BaseCase, tagged

from ..services import call_event

OURS, THEIRS = "045 800 1000", "+39 333 444 5566"


@tagged("post_install", "-at_install")
class TestCallEvent(BaseCase):
    def _sides(self, **said):
        event = call_event.read({"event": "ringing", "call_id": 7, **said})
        return event.number, event.line

    def test_103_examples(self):
        self.assertFalse(doctest.testmod(call_event).failed)

    def test_103_of_an_incoming_call_who_calls_is_the_other_side(self):
        for caller, called in (("from", "to"), ("caller", "called"), ("number", "line")):
            self.assertEqual(self._sides(**{caller: THEIRS, called: OURS}), (THEIRS, OURS))

    def test_103_of_an_outgoing_call_who_is_called_is_the_other_side(self):
        for caller, called in (("from", "to"), ("caller", "called"), ("caller_id", "to")):
            said = {"direction": "outbound", caller: OURS, called: THEIRS}
            self.assertEqual(self._sides(**said), (THEIRS, OURS))
        own = {"type": "out", "line": "045 800 2000", "from": "101", "to": THEIRS}
        self.assertEqual(self._sides(**own), (THEIRS, "045 800 2000"))

    def test_103_a_name_that_means_the_other_side_does_so_both_ways(self):
        self.assertEqual(self._sides(direction="out", number=THEIRS, line=OURS), (THEIRS, OURS))
        self.assertEqual(self._sides(direction="out", phone=THEIRS, called=OURS), (THEIRS, OURS))
        self.assertEqual(self._sides(direction="out", caller=THEIRS), (THEIRS, ""))
