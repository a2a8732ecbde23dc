"""Rules whose condition fails in the database: no order is lost because of them."""

from unittest.mock import patch

import psycopg2.errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from .assignment_world import AssignmentCase


@tagged("post_install", "-at_install")
class TestBrokenRules(AssignmentCase):
    def test_a_rule_that_the_database_refuses_is_passed_over_too(self):
        broken, good = self._rule(sequence=1), self._rule(sequence=2)
        match = type(broken)._filter_matching

        def filter_matching(rule, orders):
            if rule == broken:  # as a field of another addon may, whose computation is in SQL
                self.env.cr.execute("SELECT 1 / 0")
            return match(rule, orders)

        with (
            patch.object(type(broken), "_filter_matching", filter_matching),
            self.assertLogs("odoo.addons.retail_crm", "WARNING"),
            mute_logger("odoo.sql_db"),
        ):
            self.assertEqual(self._arrive().assignment_rule_id, good)
        self.assertIn("division by zero", broken.problem)

    def test_what_the_transaction_has_to_do_anew_is_no_fault_of_a_rule(self):
        rule = self._rule()

        def filter_matching(rule, orders):
            raise psycopg2.errors.SerializationFailure("could not serialize access")

        with (
            patch.object(type(rule), "_filter_matching", filter_matching),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self._arrive()
        self.assertFalse(rule.problem)
