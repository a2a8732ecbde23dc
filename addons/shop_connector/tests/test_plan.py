"""The dry run: what would be done, told before, and nothing written anywhere."""

from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..shopapi.documents import StockLevel
from .test_first_import import HeldCase


@tagged("post_install", "-at_install")
class TestPlan(HeldCase):
    def _lines(self, **wanted):
        """The lines of the last dry run with these values."""
        lines = self.shop.plan_line_ids
        for field, value in wanted.items():
            lines = lines.filtered(lambda line, field=field, value=value: line[field] == value)
        return lines

    def _dry_run(self):
        """A dry run, with everything it must leave alone counted before and after."""
        counted = (
            "product.template",
            "product.product",
            "product.category",
            "shop.binding",
            "shop.job",
            "res.partner",
            "sale.order",
            "ir.attachment",
        )

        def count():
            return {model: self.env[model].sudo().search_count([]) for model in counted}

        self.env["shop.job"]._flush_marks()
        before, calls = count(), len(self.simulator.log)
        with self._writes(0):
            self.shop.action_dry_run()
        self.env["shop.job"]._flush_marks()
        self.assertEqual(count(), before)
        methods = {record.method for record in self.simulator.log[calls:]}
        self.assertLessEqual(methods, {"GET", "HEAD"})

    def test_a_product_only_in_the_shop_would_be_made_here(self):
        self._hold(self._document("BARO", "48.80"))
        self._dry_run()
        line = self._lines(kind="product")
        self.assertEqual((line.direction, line.action), ("in", "create"))
        self.assertEqual(line.record_name, "Wine BARO")
        self.assertEqual(line.after, "BARO, 40.00 EUR")

    def test_a_product_found_by_sku_shows_each_field_that_would_change(self):
        self._product("BARO", 12.0, name="Barolo", weight=2.0)
        self._hold(self._document("BARO", weight=Decimal("1.5")))
        self._dry_run()
        link = self._lines(kind="product", action="link")
        self.assertEqual(link.record_name, "[BARO] Barolo")
        changes = {line.field: (line.before, line.after) for line in self._lines(action="update")}
        self.assertEqual(changes["Price without tax"], ("10.00 EUR", "12.00 EUR"))
        self.assertEqual(changes["Weight (kg)"], ("1.50", "2.00"))
        self.assertIn("Wine BARO", changes["Name"][0])
        self.assertIn("Barolo", changes["Name"][1])
        self.assertEqual(set(changes), {"Price without tax", "Weight (kg)", "Name"})

    def test_spelling_is_no_change(self):
        self._product("BARO", 10.0, name="Wine & more", shop_description="<p>A &amp; B</p>")
        self._hold(
            self._document(
                "BARO",
                name=dict.fromkeys(self._texts("x"), "Wine & more"),
                description=dict.fromkeys(self._texts("x"), "<p>A & B</p>"),
            )
        )
        self._dry_run()
        self.assertFalse(self._lines(action="update").mapped("field"))

    def test_a_product_found_by_barcode(self):
        template = self._product("OURS", 10.0, barcode="8001234567891")
        (external_id,) = self._hold(self._document("THEIRS", barcode="8001234567891"))
        self._dry_run()
        match = self.shop.match_ids
        self.assertEqual((match.found_by, match.template_id), ("barcode", template))
        self.assertEqual(match.action, "link")
        self._import()
        self.assertEqual(self._template(external_id), template)

    def test_several_candidates_are_left_to_a_person(self):
        first, second = self._product("DUP", 10.0), self._product("DUP", 11.0)
        (external_id,) = self._hold(self._document("DUP"))
        self._dry_run()
        match = self.shop.decision_ids
        self.assertEqual(match.candidate_ids, first | second)
        self.assertEqual(match.action, "leave")
        self.assertIn("Several products here", self._lines(external_id=external_id).problem)
        match.write({"template_id": second.id, "action": "link"})
        self.assertFalse(match.needs_decision)
        # what was chosen is remembered when it is looked at again
        self._dry_run()
        self.assertEqual(self.shop.match_ids.template_id, second)
        self._import()
        self.assertEqual(self._template(external_id), second)

    def test_one_sku_twice_in_the_shop_is_left_to_a_person(self):
        one, _other = self._hold(self._document("W-1"), self._document("W-2"))
        store = self.simulator.shop.store
        store.set("products", store.one("products", one), reference="W-2")
        self._dry_run()
        self.assertEqual(len(self.shop.decision_ids), 2)
        self._import()
        self.assertFalse(self.env["product.product"].search([("default_code", "=", "W-2")]))

    def test_an_archived_product_is_pointed_at_instead_of_made_again(self):
        template = self._product("OLD", 10.0)
        template.action_archive()
        self._hold(self._document("OLD"))
        self._dry_run()
        self.assertIn("archived", self.shop.decision_ids.problem)

    def test_products_of_ours_are_offered_only_when_wanted(self):
        mine = self._product("MINE", 10.0, shop_ids=False)
        sold = self._product("SOLD", 10.0)
        self._dry_run()
        offered = self._lines(direction="out", kind="product", action="create")
        self.assertEqual(offered.mapped("res_id"), sold.ids)
        self.shop.missing_there = "create"
        self.shop.missing_categ_ids = [Command.set(mine.categ_id.ids)]
        self._dry_run()
        offered = self._lines(direction="out", kind="product", action="create")
        self.assertIn(mine.id, offered.mapped("res_id"))
        self.assertIn(sold.id, offered.mapped("res_id"))

    def test_what_is_offered_says_why_it_cannot_be_sent(self):
        self._product("NOTAX", 10.0, taxes_id=False)
        self._dry_run()
        self.assertIn("no sales tax", self._lines(kind="product").problem)

    def test_orders_that_would_come_in_are_listed_with_their_problems(self):
        ids = self._hold(self._document("KNOWN"), self._document("LEFT"))
        levels = [StockLevel(product=key, variant=None, quantity=Decimal(9)) for key in ids]
        self.adapter.push_stock(levels)
        self.simulator.place_order([("KNOWN", 1)])
        self.simulator.place_order([("LEFT", 1)])
        self._dry_run()
        self.assertEqual(self._lines(kind="order").mapped("problem"), [False, False])
        self.shop.match_ids.filtered(lambda match: match.sku == "LEFT").action = "leave"
        self._dry_run()
        good, bad = self._lines(kind="order").sorted("external_id")
        self.assertFalse(good.problem)
        self.assertIn("is not known here", bad.problem)
        self.assertIn("EUR", good.after)
        self.assertEqual(len(self._lines(kind="customer")), 1)

    def test_a_key_that_fails_is_told_and_the_last_plan_stays(self):
        self._hold(self._document("BARO"))
        self._dry_run()
        self.simulator.fail(401, path="products")
        with self.assertRaisesRegex(UserError, "did not let us in"):
            self.shop.action_dry_run()
        self.assertTrue(self.shop.plan_line_ids)

    def test_the_summary_counts_what_would_happen(self):
        self._hold(self._document("A"), self._document("B"))
        self._dry_run()
        self.assertIn("Product", self.shop.plan_summary)
        self.assertIn(">2<", self.shop.plan_summary.replace(" ", ""))
        self.assertEqual(self.shop.plan_problem_count, 0)
