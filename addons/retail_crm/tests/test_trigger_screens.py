"""Who may decide on rules, the recipes, and Odoo's own screens beside ours."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.base_automation import PREFIX
from .trigger_common import TriggerCase

RECIPES = 13


@tagged("post_install", "-at_install")
class TestTriggerScreens(TriggerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._seller("manager")
        cls.manager.group_ids += cls.env.ref("retail_crm.group_retail_crm_manager")
        cls.recipes = (
            cls.env["base.automation"]
            .with_context(active_test=False)
            .search([("is_retail", "=", True)])
        )

    def test_126_the_recipes_come_switched_off(self):
        mine = self.recipes.filtered(lambda rule: rule.get_external_id()[rule.id])
        self.assertEqual(len(mine), RECIPES)
        self.assertFalse(any(mine.mapped("active")))
        self.assertFalse(any(action.state == "code" for action in mine.action_server_ids))
        for rule in mine:
            self.assertTrue(rule.send_by or rule.task_type_id, rule.name)
            self.assertTrue(rule.description, rule.name)

    def test_126_each_recipe_can_be_switched_on_and_off(self):
        for rule in self.recipes.with_user(self.manager):
            rule.active = True
            self.assertTrue(rule.activated_at)
            rule.active = False

    def test_126_a_manager_writes_a_rule_by_form(self):
        template = self._template("sms")
        view = "retail_crm.base_automation_view_form"
        with Form(self.env["base.automation"].with_user(self.manager), view=view) as form:
            form.name = "Two hours after the order"
            form.retail_event = "order_received"
            form.wait_value = 2
            form.wait_unit = "hours"
            form.send_by = "sms"
            form.sms_template_id = template
        rule = form.save()
        self.assertEqual(rule.trigger, "retail_order_received")
        self.assertEqual(rule.model_name, "sale.order")
        self._order().action_confirm()
        self._assert_run(rule, "planned")

    def test_a_manager_of_the_desk_gets_no_further(self):
        Rules = self.env["base.automation"]
        rule = self._rule("order_received")
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).record_getter = "model.env.user"
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).trigger = "on_webhook"
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).action_server_ids = [(0, 0, {"name": "x"})]
        with self.assertRaises(AccessError):
            Rules.with_user(self.manager).create(
                {
                    "name": "x",
                    "model_id": self.env["ir.model"]._get_id("sale.order"),
                    "trigger": "on_create",
                }
            )
        own = Rules.create(
            {
                "name": "Odoo's",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "trigger": "on_create",
            }
        )
        self.assertNotIn(own, Rules.with_user(self.manager).search([]))
        with self.assertRaises(AccessError):
            own.with_user(self.manager).name = "Mine"
        self.assertIn(own, Rules.with_user(self.env.ref("base.user_admin")).search([]))

    def test_a_manager_of_the_desk_changes_nothing_beside_the_rule(self):
        rule = self._rule("order_received").with_user(self.manager)
        stage = self.env["retail.order.stage"].search([], limit=1)
        system = self.env.ref("base.group_system")
        raised = {"group_ids": [Command.update(system.id, {"name": "Everybody"})]}
        with self.assertRaises(AccessError):
            rule.event_stage_ids = [Command.update(stage.id, raised)]
        self.assertNotEqual(system.name, "Everybody")
        code = {"name": "x", "state": "code", "model_id": rule.model_id.id, "code": "x = 1"}
        made = (
            self.env["base.automation"]
            .with_user(self.manager)
            .with_context(default_action_server_ids=[Command.create(code)])
            .create({"name": "Mine", "retail_event": "order_received"})
        )
        self.assertFalse(made.sudo().action_server_ids)

    def test_a_user_reads_and_changes_nothing(self):
        rule = self._rule("order_received")
        self._order().action_confirm()
        self.assertEqual(rule.with_user(self.anna).name, "Test order_received")
        with self.assertRaises(AccessError):
            rule.with_user(self.anna).name = "Mine"
        run = self._runs(rule).with_user(self.anna)
        self.assertEqual(run.state, "planned")
        with self.assertRaises(AccessError):
            run.action_skip()
        run.with_user(self.manager).action_skip()
        self._assert_run(rule, "skipped", "decided against")

    def test_conditions_hold_no_code(self):
        for text in ("[('id', 'in', model.search([]).ids)]", "[('id', '=', user.id)]", "nonsense"):
            with self.assertRaises(ValidationError):
                self._rule("order_received", filter_domain=text)

    def test_a_message_needs_its_template(self):
        with self.assertRaisesRegex(ValidationError, "Choose a template"):
            self._rule("order_received", sms_template_id=self._template("sms", "res.partner").id)

    def test_odoos_own_form_is_told_of_its_own_events(self):
        Rules = self.env["base.automation"]
        theirs = Rules.get_views(
            [(self.env.ref("base_automation.view_base_automation_form").id, "form")]
        )
        ours = Rules.get_views([(self.env.ref("retail_crm.base_automation_view_form").id, "form")])

        def known(views):
            return dict(views["models"]["base.automation"]["fields"]["trigger"]["selection"])

        self.assertFalse([code for code in known(theirs) if code.startswith(PREFIX)])
        self.assertIn("retail_order_received", known(ours))

    def test_runs_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        rule = self._rule("order_received")
        self._order().action_confirm()
        run = self._runs(rule)
        run.company_id = other
        self.assertNotIn(run, self.Run.with_user(self.manager).search([]))

    def test_templates_of_the_recipes_can_be_rendered(self):
        order = self._order(commitment_date="2026-05-20 12:00:00")
        order.action_confirm()
        for rule in self.recipes.filtered(lambda one: one.model_name == "sale.order"):
            if rule.sms_template_id:
                text = rule.sms_template_id._render_field("body", order.ids)[order.id]
                self.assertIn(order.name, text, rule.name)
            if rule.mail_template_id:
                values = rule.mail_template_id._generate_template(
                    order.ids, ("body_html", "subject")
                )
                self.assertIn(order.name, values[order.id]["body_html"], rule.name)
