"""What restricted people see when they ask by RPC: searches, groups, exports."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .assignment_world import AssignmentCase

OWN = "retail_crm.group_own_clients"


@tagged("post_install", "-at_install")
class TestDeskRights(AssignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.senior = cls._person("senior", "senior")
        cls.boss = cls._person("boss", "supervisor")
        Partner = cls.env["res.partner"]
        cls.hers = Partner.create(
            {"name": "Berta Client", "phone": "+39 055 123 4567", "user_id": cls.berta.id}
        )
        cls.contact = Partner.create({"name": "Buyer", "parent_id": cls.hers.id})
        cls.plain = Partner.create({"name": "Plumber next door"})

    @classmethod
    def _person(cls, login, role):
        user = cls._seller(login)
        user.group_ids += cls.env.ref(f"retail_crm.group_retail_crm_{role}")
        return user

    def _strict(self, user=None):
        user = user or self.anna
        user.group_ids += self.env.ref(OWN)
        return user

    def _seen(self, user, model, records):
        """Those of ``records`` that a search by RPC finds."""
        rows = self.env[model].with_user(user).search_read([("id", "in", records.ids)], ["id"])
        return records.browse(row["id"] for row in rows)

    # === ROLES ===

    def test_157_roles_own_team_all(self):
        self.team.crm_team_member_ids = [Command.create({"user_id": self.senior.id})]
        orders = {
            name: self._order(user_id=user.id, team_id=team.id)
            for name, user, team in [
                ("own", self.anna, self.online),
                ("team", self.berta, self.team),
                ("other", self.berta, self.counter),
            ]
        }
        everything = self.env["sale.order"].union(*orders.values())
        for user, seen in [
            (self.anna, orders["own"]),
            (self.senior, orders["team"]),
            (self.boss, everything),
        ]:
            self.assertEqual(self._seen(user, "sale.order", everything), seen)
            lines = everything.order_line
            self.assertEqual(self._seen(user, "sale.order.line", lines), seen.order_line)
        orders["team"].with_user(self.senior).client_order_ref = "checked"

    def test_157_the_roles_imply_each_other_and_the_rights_of_sales(self):
        for role, sales in [
            ("user", "salesman"),
            ("senior", "salesman"),
            ("supervisor", "salesman_all_leads"),
            ("manager", "manager"),
        ]:
            user = self._person(f"role_{role}", role)
            self.assertTrue(user.has_group(f"sales_team.group_sale_{sales}"))
            self.assertTrue(user.has_group("retail_crm.group_retail_crm_user"))
        self.assertFalse(self.senior.has_group("sales_team.group_sale_salesman_all_leads"))

    def test_158_view_and_edit_separately(self):
        order = self._order(user_id=self.berta.id)
        self.assertFalse(self._seen(self.anna, "sale.order", order))
        self.anna.group_ids += self.env.ref("retail_crm.group_read_all_orders")
        self.assertEqual(self._seen(self.anna, "sale.order", order), order)
        with self.assertRaises(AccessError):
            order.with_user(self.anna).client_order_ref = "mine now"

    def test_033_visible_to_all_switch(self):
        order = self._order(user_id=self.berta.id)
        self.assertFalse(self._seen(self.anna, "sale.order", order))
        order.with_user(self.berta).visible_to_all = True
        self._strict()
        self.assertEqual(self._seen(self.anna, "sale.order", order), order)
        self.assertEqual(order.with_user(self.anna).order_line.mapped("product_id"), self.glass)
        with self.assertRaises(AccessError):
            order.with_user(self.anna).client_order_ref = "mine now"

    def test_033_lines_visible_to_all_are_not_to_be_changed(self):
        self._strict()
        order = self._order(user_id=self.berta.id, visible_to_all=True)
        mine = self._order(user_id=self.anna.id)
        pooled = self._order(user_id=False, team_id=self.team.id)
        line = order.order_line.with_user(self.anna)
        self.assertEqual(line.product_uom_qty, 2)
        # not Odoo's rules for salespersons alone: a supervisor's role gives all orders
        self.anna.group_ids += self.env.ref("retail_crm.group_retail_crm_supervisor")
        with self.assertRaises(AccessError):
            line.product_uom_qty = 5
        with self.assertRaises(AccessError):
            line.unlink()
        for allowed in (mine, pooled):
            allowed.with_user(self.anna).order_line.product_uom_qty = 5

    # === ONLY OWN CLIENTS ===

    def test_152_only_own_clients(self):
        family = self.hers | self.contact
        self.assertEqual(self._seen(self.anna, "res.partner", family), family)
        self._strict()
        self.assertFalse(self._seen(self.anna, "res.partner", family))
        self.assertFalse(self.env["res.partner"].with_user(self.anna).name_search("Berta Client"))
        for record in family:
            with self.assertRaises(AccessError):
                record.with_user(self.anna).read(["phone"])
        grouped = self.env["res.partner"].with_user(self.anna)
        rows = grouped.formatted_read_group([("id", "in", family.ids)], ["user_id"], ["__count"])
        self.assertEqual(rows, [])

    def test_152_what_is_no_client_stays_readable(self):
        self._strict()
        people = (
            self.plain
            | self.berta.partner_id
            | self.company.partner_id
            | self.env["res.partner"].create({"name": "Vendor", "supplier_rank": 1})
        )
        self.assertEqual(self._seen(self.anna, "res.partner", people), people)

    def test_152_an_order_of_mine_makes_the_customer_mine(self):
        self._strict()
        order = self._order(user_id=self.berta.id, partner_id=self.contact.id)
        family = self.hers | self.contact
        self.assertFalse(self._seen(self.anna, "res.partner", family))
        order.user_id = self.anna
        self.assertEqual(self._seen(self.anna, "res.partner", family), family)
        self.assertEqual(self.contact.with_user(self.anna).name, "Buyer")

    def test_152_the_pool_of_my_team_counts_while_it_waits(self):
        self._strict()
        order = self._order(user_id=False, partner_id=self.hers.id, team_id=self.team.id)
        self.assertEqual(self._seen(self.anna, "sale.order", order), order)
        self.assertEqual(self._seen(self.anna, "res.partner", self.hers), self.hers)
        order.team_id = self.counter
        self.assertFalse(self._seen(self.anna, "sale.order", order))
        self.assertFalse(self._seen(self.anna, "res.partner", self.hers))
        order.team_id = self.team
        order._action_cancel()
        self.assertFalse(self._seen(self.anna, "sale.order", order))
        self.assertFalse(self._seen(self.anna, "res.partner", self.hers))

    def test_152_a_customer_whom_nobody_looks_after_is_nobodys(self):
        """Web customers have no salesperson: that alone makes them nobody's to see."""
        self._strict()
        order = self._order(user_id=False, team_id=self.counter.id)
        self.assertFalse(self._seen(self.anna, "res.partner", self.customer))
        self.assertFalse(self._seen(self.anna, "sale.order", order))
        self.assertFalse(self._seen(self.anna, "sale.order.line", order.order_line))

    def test_152_it_holds_for_supervisors_too(self):
        self._strict(self.boss)
        self.assertFalse(self._seen(self.boss, "res.partner", self.hers))

    def test_152_who_enters_a_client_keeps_it(self):
        user = self._strict()
        client = self.env["res.partner"].with_user(user).create({"name": "New Client"})
        self.assertEqual(client.user_id, user)
        order = self.env["sale.order"].with_user(user).create({"partner_id": client.id})
        self.assertEqual(order.user_id, user)
        with Form(self.env["res.partner"].with_user(user)) as form:
            form.name = "Entered in the Form"
        self.assertEqual(form.record.user_id, user)

    def test_152_the_desk_works_for_who_takes_from_the_pool(self):
        user = self._strict()
        order = self._order(user_id=False, partner_id=self.hers.id, team_id=self.team.id)
        order.with_user(user).action_take()
        order.with_user(user).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_152_the_pool_can_be_ended_by_who_sees_only_own_clients(self):
        user = self._strict()
        reason = self.env.ref("retail_crm.cancel_reason_late")
        stages = {
            one: self.env.ref(f"retail_crm.order_stage_{one}") for one in ("cancelled", "done")
        }

        def pooled(confirmed=False):
            order = self._order(user_id=False, partner_id=self.hers.id, team_id=self.team.id)
            if confirmed:
                order.action_confirm()
            order.stage_deadline = "2026-05-20 10:00:00"
            order._remind("retail_crm.mail_activity_overdue", "Too long")
            return order.with_user(user)

        by_button = pooled(confirmed=True)
        by_button.action_cancel()
        by_stage = pooled()
        values = {"stage_id": stages["cancelled"].id, "cancel_reason_id": reason.id}
        [shown] = by_stage.web_save(values, {"state": {}, "name": {}})
        self.assertEqual(shown["state"], "cancel")
        service = self.env["product.product"].create({"name": "Advice", "type": "service"})
        finished = pooled()
        finished.sudo().order_line.product_id = service
        finished.web_save({"stage_id": stages["done"].id}, {"state": {}, "name": {}})
        for order, category in (
            (by_button, "cancelled"),
            (by_stage, "cancelled"),
            (finished, "done"),
        ):
            self.assertEqual((order.stage_category, order.user_id), (category, user))
            self.assertFalse(order.activity_ids)
            self.assertIn(user.name, order.assignment_note)

    def test_152_a_search_by_phone_says_only_whom_to_ask(self):
        self._strict()
        Partner = self.env["res.partner"].with_user(self.anna)
        answer = [{"initials": "B. C.", "ask": self.berta.name}]
        for text in ("+39 055 123 4567", "+390551234567", "0039 055-1234567"):
            self.assertEqual(Partner.get_hidden_client_hints(text), answer, text)
        for text in ("Berta", "055 12", "", "%", "+39 055 999 9999"):
            self.assertEqual(Partner.get_hidden_client_hints(text), [], text)
        inquiry = self.env["retail.client.inquiry"].with_user(self.anna)
        inquiry = inquiry.create({"text": "+39 055 123 4567"})
        self.assertEqual(inquiry.answer, f"Exists: B. C. Ask {self.berta.name}.")
        mine = self.env["res.partner"].with_user(self.berta)
        self.assertEqual(mine.get_hidden_client_hints("+390551234567"), [])

    def test_152_leads_and_invoices_follow(self):
        self._strict()
        leads = self.env["crm.lead"].create(
            [
                {"name": "Hers", "user_id": self.berta.id},
                {"name": "Nobody's", "user_id": False, "team_id": self.counter.id},
                {"name": "Pool", "user_id": False, "team_id": self.team.id},
                {"name": "Mine", "user_id": self.anna.id},
            ]
        )
        self.assertEqual(self._seen(self.anna, "crm.lead", leads), leads[2:])
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.hers.id, "invoice_user_id": False}
        )
        self.assertFalse(self._seen(self.anna, "account.move", invoice))
        self.assertEqual(self._seen(self.carla, "account.move", invoice), invoice)

    def test_152_without_the_switch_the_rule_costs_nothing(self):
        domain = self.env["ir.rule"].with_user(self.anna)._compute_domain("res.partner", "read")
        self.assertNotIn("is_reachable", repr(domain))
        self._strict()
        domain = self.env["ir.rule"].with_user(self.anna)._compute_domain("res.partner", "read")
        self.assertIn("is_reachable", repr(domain))

    # === PURCHASE PRICES ===

    def test_153_no_purchase_prices(self):
        self.anna.group_ids -= self.env.ref("multi_warehouse_docs.group_purchase_prices")
        order = self._order(self.anna)
        hidden = [
            ("sale.order", order, ["margin", "margin_percent"]),
            ("sale.order.line", order.order_line, ["purchase_price", "margin"]),
            ("product.product", self.glass, ["standard_price"]),
        ]
        for model, records, names in hidden:
            Model = self.env[model].with_user(self.anna)
            for name in names:
                self.assertNotIn(name, Model.fields_get())
                with self.assertRaises(AccessError):
                    records.with_user(self.anna).read([name])
                with self.assertRaises(AccessError):
                    Model.search([(name, ">", 0)])
        self.anna.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            order.with_user(self.anna).export_data(["name", "margin"])

    # === FIGURES ===

    def _figures(self, user):
        self.env.flush_all()
        rows = (
            self.env["sale.report"]
            .with_user(user)
            .formatted_read_group(
                [("user_id", "in", (self.anna | self.berta).ids)], ["user_id"], ["__count"]
            )
        )
        return {row["user_id"][0] for row in rows}

    def test_154_no_general_statistics(self):
        self._order(user_id=self.anna.id)
        self._order(user_id=self.berta.id)
        self.assertEqual(self._figures(self.anna), {self.anna.id})
        self._strict()
        self.assertEqual(self._figures(self.anna), {self.anna.id})

    def test_155_figures_of_others_are_a_right_of_its_own(self):
        order = self._order(user_id=self.berta.id)
        self.anna.group_ids += self.env.ref("retail_crm.group_see_all_figures")
        self.assertEqual(self._figures(self.anna), {self.berta.id})
        self.assertFalse(self._seen(self.anna, "sale.order", order))
        self._strict()
        self.assertEqual(self._figures(self.anna), {self.berta.id})
        self.assertTrue(self.boss.has_group("retail_crm.group_see_all_figures"))

    # === AMOUNT ===

    def test_156_orders_above_an_amount_are_for_seniors(self):
        small = self._order(user_id=False, team_id=self.team.id)
        large = self._order(user_id=False, team_id=self.team.id)
        large.order_line.product_uom_qty = 1000
        both = small | large
        self.assertEqual(self._seen(self.anna, "sale.order", both), both)
        self.company.senior_order_amount = 500
        self.assertEqual(self._seen(self.anna, "sale.order", both), small)
        self.assertEqual(
            self._seen(self.anna, "sale.order.line", both.order_line), small.order_line
        )
        with self.assertRaises(AccessError):
            large.with_user(self.anna).action_take()
        self.assertEqual(self._seen(self.senior, "sale.order", both), both)
        self.company.senior_order_amount = 0
        self.assertEqual(self._seen(self.anna, "sale.order", both), both)

    def test_156_an_operator_enters_a_large_order_and_a_senior_confirms_it(self):
        self.company.senior_order_amount = 500
        order = self._order(self.anna)
        order.with_user(self.anna).order_line.product_uom_qty = 1000
        with self.assertRaisesRegex(UserError, "a senior has to confirm it"):
            order.with_user(self.anna).action_confirm()
        order.user_id = self.senior
        order.with_user(self.senior).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_156_rules_give_large_orders_to_seniors_only(self):
        self.company.senior_order_amount = 500
        self.team.crm_team_member_ids = [Command.create({"user_id": self.senior.id})]
        self._rule("round_robin")
        line = {"product_id": self.glass.id, "product_uom_qty": 1000}
        large = self._arrive(3, order_line=[Command.create(line)])
        self.assertEqual(self._shares(large), {"senior": 3})
        self.assertEqual(self._shares(self._arrive(3)), {"anna": 1, "berta": 1, "carla": 1})

    # === TAKING THE BASE AWAY ===

    def test_159_export_is_a_right_of_its_own_and_noted(self):
        with self.assertRaisesRegex(UserError, "rights to export"):
            self.plain.with_user(self.anna).export_data(["name"])
        self.anna.group_ids += self.env.ref("base.group_allow_export")
        self._strict()
        self.plain.with_user(self.anna).export_data(["name", "phone"])
        line = self.env["retail.access.log"].search([], limit=1)
        self.assertEqual(
            (line.user_id, line.kind, line.model, line.record_count, line.field_names),
            (self.anna, "export", "res.partner", 1, "name, phone"),
        )
        with self.assertRaises(AccessError):
            self.hers.with_user(self.anna).export_data(["name"])

    def test_159_mass_reads_are_noted(self):
        Log = self.env["retail.access.log"]
        many = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(500)])
        reader = self.env["res.partner"].with_user(self.anna)
        reader.search_read([("id", "in", many[:80].ids)], ["name"])
        self.assertFalse(Log.search([("user_id", "=", self.anna.id)]))
        reader.search_read([("id", "in", many.ids)], ["name"])
        line = Log.search([("user_id", "=", self.anna.id)])
        self.assertEqual((line.kind, line.record_count), ("read", 500))
        with self.assertRaises(AccessError):
            line.with_user(self.anna).read(["record_count"])
