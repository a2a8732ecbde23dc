"""Rows 32, 81: what stands on the card of an order, what it is filtered by, where its time went."""

from ast import literal_eval
from datetime import datetime, timedelta

from lxml import etree
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_stages import StageCase


@tagged("post_install", "-at_install")
class TestOrderFields(StageCase):
    def _arch(self, kind, view=None):
        view_id = view and self.env.ref(f"retail_crm.{view}").id
        Order = self.env["sale.order"].with_user(self.anna)
        return etree.fromstring(Order.get_view(view_id, kind)["arch"])

    # === 32 ===

    def test_032_name_stage_amount_responsible_type_and_probability_are_on_the_card(self):
        form = self._arch("form")
        shown = {
            node.get("name")
            for node in form.iter("field")
            if not node.xpath("ancestor-or-self::*[@invisible='1' or @invisible='True']")
        }
        wanted = {"name", "title", "stage_id", "tax_totals", "user_id", "channel_id"}
        self.assertFalse((wanted | {"customer_type_id", "probability"}) - shown)

    def test_032_all_of_them_are_filters(self):
        search = self._arch("search", "sale_order_view_search_current")
        boxes = {node.get("name") for node in search.iter("field")}
        self.assertFalse(
            {"name", "title", "stage_id", "user_id", "channel_id", "customer_type_id"} - boxes
        )
        filters = {node.get("name"): node for node in search.iter("filter")}
        groups = {name for name in filters if "group_by" in filters[name].get("context", "")}
        self.assertFalse({"by_stage", "by_channel", "salesperson"} - groups)
        order, other = self._order(probability=60), self._order(probability=20)
        domain = literal_eval(filters["likely"].get("domain"))
        found = self.env["sale.order"].search([*domain, ("id", "in", (order | other).ids)])
        self.assertEqual(found, order)
        # whatever else a person puts together from the fields
        description = self.env["sale.order"].fields_get(
            ["title", "stage_id", "amount_total", "user_id", "channel_id", "probability"],
            ["searchable", "groupable"],
        )
        self.assertTrue(all(one["searchable"] for one in description.values()))

    def test_032_the_probability_is_what_is_known(self):
        order = self._order()
        self.assertEqual(order.probability, 0)
        order.probability = 40
        lead = self.env["crm.lead"].create({"name": "Party", "type": "opportunity"})
        lead.probability = 70
        order.opportunity_id = lead
        self.assertEqual(order.probability, 70)
        lead.probability = 80
        self.assertEqual(order.probability, 80)
        order.action_confirm()
        self.assertEqual(order.probability, 100)
        order._action_cancel()
        self.assertEqual(order.probability, 0)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._order(probability=101)

    # === 81 ===

    def test_081_the_status_bar_shows_the_time_in_each_stage(self):
        [bar] = self._arch("form").xpath("//field[@name='stage_id']")
        self.assertEqual(bar.get("widget"), "statusbar_duration")
        begun = datetime(2026, 5, 20, 10)
        self.env.cr._now = begun
        order = self._order(user_id=self.anna.id)
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = %s WHERE id = %s", [begun, order.id]
        )
        self.env.cr.flush()  # as between two requests
        self.env.cr._now = begun + timedelta(hours=3)
        order._enter_stage(self.stages["approval"])
        self.env.cr.flush()
        self.env.cr._now = begun + timedelta(hours=5)
        self.env.invalidate_all()
        spent = order.with_user(self.anna).duration_tracking
        self.assertEqual(spent[str(self.stages["new"].id)], 3 * 3600)
        self.assertEqual(spent[str(self.stages["approval"].id)], 2 * 3600)
