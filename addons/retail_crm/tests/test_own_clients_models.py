"""Row 152, model by model: whatever tells whose client somebody is keeps to "Only Own Clients"."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .assignment_world import AssignmentCase

#: models that lead to a client; what refers to one of them tells about clients, too
CLIENTS = (
    "res.partner",
    "sale.order",
    "sale.order.line",
    "crm.lead",
    "account.move",
    "stock.picking",
    "shop.cart",
)
#: model -> why everybody who sells may read it although it refers to a client
OPEN = {}


@tagged("post_install", "-at_install")
class TestOwnClientsModels(AssignmentCase):
    def _assert_only_first(self, model, seen, hidden, field):
        """A restricted person finds, groups and reads the first record, and not the second."""
        self.anna.group_ids += self.env.ref("retail_crm.group_own_clients")
        self.anna.group_ids += self.env.ref("base.group_allow_export")
        Model, both = self.env[model].with_user(self.anna), seen | hidden
        domain = [("id", "in", both.ids)]
        self.assertEqual([row["id"] for row in Model.search_read(domain, ["id"])], seen.ids)
        [group] = Model.formatted_read_group(domain, [], ["__count"])
        self.assertEqual(group["__count"], len(seen))
        seen.with_user(self.anna).read([field])
        for way in (
            lambda: hidden.with_user(self.anna).read([field]),
            lambda: hidden.with_user(self.anna).export_data([field]),
        ):
            with self.assertRaises(AccessError):
                way()

    def test_152_goods_in_carts_of_others(self):
        shop = self.env["shop.shop"].create(
            {"name": "Cellar", "system": "prestashop", "base_url": "http://127.0.0.1:9"}
        )
        lines = self.env["shop.cart.line"]
        for user in (self.anna, self.berta):
            client = self.env["res.partner"].create({"name": user.name, "user_id": user.id})
            cart = self.env["shop.cart"].create(
                {
                    "shop_id": shop.id,
                    "external_id": user.login,
                    "partner_id": client.id,
                    "changed_at": fields.Datetime.now(),
                    "line_ids": [Command.create({"product_id": self.glass.id, "quantity": 1})],
                }
            )
            lines |= cart.line_ids
        self._assert_only_first("shop.cart.line", lines[0], lines[1], "quantity")

    def test_152_products_that_inquiries_of_others_ask_for(self):
        line = {"name": "KEK-BOGRE-03", "quantity": 1}
        leads = self.env["crm.lead"].create(
            [
                {"name": "x", "user_id": user.id, "interest_ids": [Command.create(line)]}
                for user in (self.anna, self.berta)
            ]
        )
        lines = leads.interest_ids
        mine = lines.filtered(lambda one: one.lead_id == leads[0])
        self._assert_only_first("retail.lead.line", mine, lines - mine, "name")

    # === ALL OF THEM ===

    def _get_ours(self):
        """Models with a table that this project's addons define."""
        for name, model in self.env.registry.items():
            is_ours = (model._original_module or "").startswith(
                ("shop_connector", "multi_warehouse_docs", "retail_crm")
            )
            if is_ours and not model._abstract and not model._transient:
                yield self.env[name]

    def test_152_every_model_of_ours_that_tells_of_clients_has_a_rule(self):
        groups = self.env.ref("retail_crm.group_retail_crm_user").all_implied_ids
        Access, Rule = self.env["ir.model.access"], self.env["ir.rule"]
        unguarded, looked_at = [], 0
        for model in self._get_ours():
            links = [
                field.name
                for field in model._fields.values()
                if field.type == "many2one" and field.store and field.comodel_name in CLIENTS
            ]
            rights = Access.search([("model_id.model", "=", model._name), ("perm_read", "=", True)])
            if not links or not rights.filtered(
                lambda one: not one.group_id or one.group_id in groups
            ):
                continue
            looked_at += 1
            rules = Rule.search(
                [
                    ("model_id.model", "=", model._name),
                    ("perm_read", "=", True),
                    ("groups", "=", False),
                ]
            )
            is_kept = any("group_own_clients" in (rule.domain_force or "") for rule in rules)
            if not is_kept and model._name not in OPEN:
                unguarded.append(f"{model._name} ({', '.join(links)})")
        self.assertGreater(looked_at, 8)
        self.assertEqual(unguarded, [])

    # === COST ===

    def test_152_the_clients_of_one_person_are_read_from_an_index(self):
        """For a list of all contacts: not contact by contact."""
        cr = self.env.cr
        cr.execute(
            "INSERT INTO res_partner (name, active, partner_share, customer_rank, autopost_bills,"
            " group_rfq, group_on)"
            " SELECT 'P' || n, TRUE, TRUE, 1, 'ask', 'default', 'default'"
            " FROM generate_series(1, 3000) n RETURNING id"
        )
        first = cr.fetchone()[0]
        cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first])
        cr.execute(
            "INSERT INTO sale_order (name, company_id, partner_id, partner_invoice_id,"
            " partner_shipping_id, user_id, state, stage_category, date_order, picking_policy)"
            " SELECT 'S' || n, %s, %s + n, %s + n, %s + n,"
            " CASE WHEN n %% 20 = 0 THEN %s ELSE %s END,"
            " 'sale', 'done', now(), 'direct' FROM generate_series(0, 2999) n",
            [self.company.id, first, first, first, self.anna.id, self.berta.id],
        )
        for table in ("res_partner", "sale_order"):
            cr.execute(f"ANALYZE {table}")
        self.anna.group_ids += self.env.ref("retail_crm.group_own_clients")
        Partner = self.env["res.partner"].with_user(self.anna)
        domain = [("id", ">=", first), ("id", "<", first + 3000)]
        self.assertEqual(Partner.search_count(domain), 150)
        query = Partner._search([])
        query.order = None
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        plan = "\n".join(row[0] for row in rows)
        condition = next(line for line in plan.splitlines() if "Filter:" in line)
        of_mine, _of_nobody = condition.split("((user_id IS NULL)", 1)
        self.assertIn("(hashed SubPlan", of_mine)
        self.assertNotIn("(SubPlan", of_mine, plan)
        by_person = plan.count(f"Index Cond: (user_id = {self.anna.id})")
        self.assertGreaterEqual(by_person, 3, plan)

    def test_152_who_gives_an_order_away_gets_an_answer(self):
        self.anna.group_ids += self.env.ref("retail_crm.group_own_clients")
        order = self._order(user_id=self.anna.id, team_id=self.team.id)
        shown = {"client_order_ref": {}, "user_id": {"fields": {"display_name": {}}}}
        [row] = order.with_user(self.anna).web_save(
            {"user_id": self.berta.id, "client_order_ref": "by phone"}, shown
        )
        self.assertEqual(order.user_id, self.berta)
        self.assertEqual(row["client_order_ref"], "by phone")
        self.assertEqual(row["user_id"]["display_name"], self.berta.name)
        with self.assertRaises(AccessError):
            order.with_user(self.anna).web_read(shown)
        [row] = order.with_user(self.berta).web_save({"user_id": self.carla.id}, shown)
        self.assertEqual(row["user_id"]["id"], self.carla.id)
