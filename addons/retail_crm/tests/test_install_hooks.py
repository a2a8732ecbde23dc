"""Orders that were there before the addon: put in their stages, dated, and nobody is alarmed."""

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import sql
from odoo.tools.misc import file_path

from ..hooks import COLUMNS, _date_open_orders, _place_orders, add_columns
from .test_stages import StageCase


@tagged("post_install", "-at_install")
class TestInstallHooks(StageCase):
    def _before_installation(self, orders):
        """As the columns look when they have just been made."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET stage_id = %s, stage_category = 'done', due_at = NULL, "
            "stage_deadline = NULL, date_last_stage_update = NULL WHERE id = ANY(%s)",
            [self.stages["done"].id, orders.ids],
        )
        self.env.invalidate_all()

    def test_old_orders_get_the_stage_of_what_became_of_them(self):
        self._stock(10)
        draft, sent, confirmed, delivered, cancelled = (self._order() for _number in range(5))
        orders = draft | sent | confirmed | delivered | cancelled
        sent.action_quotation_sent()
        confirmed.action_confirm()
        delivered._enter_stage(self.stages["done"])
        delivered.order_line.product_id.invoice_policy = "order"
        delivered.invoice_status = "invoiced"
        cancelled._action_cancel()
        self._before_installation(orders)
        _place_orders(self.env)
        self.assertEqual(
            orders.mapped("stage_category"), ["new", "approval", "assembly", "done", "cancelled"]
        )
        self.assertFalse(any(orders.mapped("stage_deadline")))
        self.assertFalse(delivered.date_last_stage_update)
        # delivered, and not invoiced yet: nothing is left to pack
        delivered.invoice_status = "to invoice"
        self._before_installation(delivered)
        _place_orders(self.env)
        self.assertEqual(delivered.stage_category, "delivery")

        # what was made since the addon is there keeps its stage
        made = self._order()
        made._enter_stage(self.stages["approval"])
        _place_orders(self.env)
        self.assertEqual(made.stage_category, "approval")

    def test_open_orders_are_due_as_if_they_were_made_now(self):
        orders = self._order(lead=3) | self._order(commitment_date="2026-07-01 10:00:00")
        orders[0].order_line.copy({"order_id": orders[0].id, "customer_lead": 8})
        orders[0].picking_policy = "one"
        due = orders.mapped("due_at")
        self._before_installation(orders)
        _date_open_orders(self.env)
        self.assertEqual(orders.mapped("due_at"), due)

    def test_the_stage_that_was_made_first_is_complete(self):
        done = self.stages["done"]
        self.assertEqual((done.category, done.entry_action, done.active), ("done", "deliver", True))
        self.assertTrue(done.fold)
        self.assertEqual(self.env["retail.order.stage"].search_count([("name", "=", done.name)]), 1)


@tagged("post_install", "-at_install")
class TestMigration(StageCase):
    def _migrate(self):
        script = load_script(
            file_path("retail_crm/migrations/19.0.1.1.0/post-migration.py"), "migration"
        )
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_columns_that_are_missing_are_added_empty(self):
        order = self._order()
        self.assertTrue(order.due_at)
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE sale_order DROP COLUMN due_at CASCADE")
        load_script(
            file_path("retail_crm/migrations/19.0.1.1.0/pre-migration.py"), "migration"
        ).migrate(self.env.cr, "19.0.1.0.0")
        add_columns(self.env.cr)
        for table, columns in COLUMNS.items():
            self.assertFalse(columns.keys() - sql.table_columns(self.env.cr, table).keys())
        self.env.invalidate_all()
        self.assertFalse(order.due_at)
        self._migrate()
        self.assertEqual(order.due_at, order.date_order)

    def test_quotations_of_before_get_their_probability(self):
        lead = self.env["crm.lead"].create({"name": "Wine", "type": "opportunity"})
        lead.probability = 30
        quotation, sold = self._order(opportunity_id=lead.id), self._order()
        sold.action_confirm()
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE sale_order DROP COLUMN probability")
        for step in ("pre", "post"):
            path = file_path(f"retail_crm/migrations/19.0.1.2.0/{step}-migration.py")
            load_script(path, "migration").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual((quotation.probability, sold.probability), (30, 100))

    def _group(self, customers, **values):
        """A group as the first version made it: of no company, of no channel."""
        return self.env["retail.duplicate"].create(
            {
                "kind": "email",
                "key": "eva@example.com",
                "state": "dismissed",
                "partner_ids": customers.ids,
                **values,
            }
        )

    def _eva(self, **values):
        return self.env["res.partner"].create({"name": "Eva", "email": "eva@example.com", **values})

    def test_decisions_about_duplicates_stay(self):
        here = self._eva(company_id=self.company.id) | self._eva(company_id=self.company.id)
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        there = self._eva(company_id=neighbour.id) | self._eva(company_id=neighbour.id)
        scope = {"scope_channel_id": self.channel.id}
        own = self._eva(**scope) | self._eva(**scope)
        group = self._group(here | there | own)
        self._migrate()
        groups = self.env["retail.duplicate"].search([("key", "=", group.key)])
        self.assertIn(group, groups)
        no_channel, no_company = self.env["sales.channel"], self.env["res.company"]
        self.assertEqual(
            {(one.scope_channel_id, one.company_id, one.partner_ids) for one in groups},
            {
                (no_channel, self.company, here),
                (no_channel, neighbour, there),
                (self.channel, no_company, own),
            },
        )
        self.assertEqual(set(groups.mapped("state")), {"dismissed"})
        self.env["retail.duplicate"]._cron_find()
        found = self.env["retail.duplicate"].search([("key", "=", group.key)])
        self.assertEqual((found, set(found.mapped("state"))), (groups, {"dismissed"}))

    def test_a_place_that_is_taken_is_left_alone(self):
        here = self._eva(company_id=self.company.id) | self._eva(company_id=self.company.id)
        new = self._group(here, company_id=self.company.id, state="open")
        old = self._group(here)
        self._migrate()
        self.assertEqual((old.company_id.id, new.state), (False, "open"))

    def test_the_rule_of_order_lines_is_for_reading(self):
        rule = self.env.ref("retail_crm.rule_sale_order_line_own_clients")
        name = rule.name
        rule.write({"name": "Order Line: only own clients", "perm_write": True})
        rule.perm_unlink = True
        self._migrate()
        self.assertEqual(
            (rule.name, rule.perm_read, rule.perm_write, rule.perm_create, rule.perm_unlink),
            (name, True, False, False, False),
        )
        rule.write({"name": "Our own", "perm_write": True})
        self._migrate()
        self.assertTrue(rule.perm_write)
