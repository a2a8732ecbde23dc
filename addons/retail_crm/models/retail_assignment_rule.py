from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.safe_eval import datetime, safe_eval, time


class RetailAssignmentRule(models.Model):
    """Which orders go to whom. Tried from the top; the first that finds somebody decides."""

    _name = "retail.assignment.rule"
    _description = "Assignment Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty for a rule of all companies.")
    is_for_new = fields.Boolean(
        "New Orders",
        default=True,
        help="The rule is tried for orders that arrive by themselves: from web shops, forms, EDI. "
        "Switched off, it only serves the stages that name it.",
    )
    is_for_typed = fields.Boolean(
        "Also Orders Entered by Hand",
        help="Otherwise, whoever enters an order keeps it. One that is begun without lines, as at "
        "the order desk, is dealt out when it is confirmed or sent as a quotation.",
    )
    channel_ids = fields.Many2many(
        "sales.channel", string="Sales Channels", help="Leave empty for orders of every channel."
    )
    domain = fields.Char(
        "Condition",
        default="[]",
        help="Only orders like these, for example of important customers or above an amount.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        required=True,
        ondelete="restrict",
        index=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="The order goes to this team, and to one of its people if the method names one.",
    )
    method = fields.Selection(
        [
            ("customer_manager", "Customer's own manager"),
            ("least_loaded", "Least loaded: fewest open orders for one's share"),
            ("round_robin", "In turn"),
            ("weighted", "By share, however many are open"),
            ("random", "By lot"),
            ("pool", "Nobody: whoever takes it first"),
        ],
        required=True,
        default="least_loaded",
        help="Share and number of open orders are set for each member of the team. The customer's "
        "manager is the salesperson of the customer, or who had the last order.",
    )
    presence = fields.Selection(
        [
            ("any", "Not needed"),
            ("online", "Online in Odoo, not on leave"),
            ("shift", "On shift: within working hours, not on leave"),
        ],
        required=True,
        default="any",
        help="Whether people have to be at work right now to get an order.",
    )
    fallback_user_id = fields.Many2one(
        "res.users",
        "On Duty",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', '=?', company_id)]",
        help="Gets the order when nobody of the team may. Left empty, the next rule is tried; if "
        "none finds anybody, the order waits in the team's pool.",
    )
    takeover_minutes = fields.Integer(
        "Pass On After (Minutes)",
        help="An order that its responsible has not touched within so many working minutes goes to "
        "somebody else. Working hours are the channel's, or the company's. 0: never.",
    )
    max_hops = fields.Integer(
        "Pass On at Most",
        default=3,
        help="An order that was passed on so often stays where it is, and the one on duty or the "
        "leader of the team is asked to decide.",
    )
    order_count = fields.Integer("Orders", compute="_compute_order_count")

    _takeover_positive = models.Constraint(
        "CHECK(takeover_minutes >= 0)", "The minutes are 0 (never) or more."
    )
    _max_hops_range = models.Constraint(
        "CHECK(max_hops BETWEEN 0 AND 3)", "An order is passed on 3 times at most."
    )

    @api.depends_context("uid")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("assignment_rule_id", "in", self.ids)], ["assignment_rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.order_count = counts.get(rule, 0)

    # === CHECKS ===

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                rule._get_domain().validate(self.env["sale.order"])
            except Exception as error:  # an expression typed by a person fails in any way
                raise ValidationError(
                    self.env._(
                        "The orders of the rule %(rule)s cannot be found: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    @api.constrains("company_id", "team_id", "fallback_user_id")
    def _check_company(self):
        for rule in self.filtered("company_id"):
            company = rule.company_id
            if rule.team_id.company_id not in (company, self.env["res.company"]):
                raise ValidationError(
                    self.env._(
                        "The sales team %(team)s belongs to another company than the rule "
                        "%(rule)s.",
                        team=rule.team_id.name,
                        rule=rule.name,
                    )
                )
            person = rule.fallback_user_id.sudo()  # where users work is not everyone's to read
            if person and company not in person.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(company)s. Choose somebody who does.",
                        person=person.name,
                        company=company.name,
                    )
                )

    def _get_domain(self):
        """The condition on orders as a domain; it may say uid, time and datetime."""
        self.ensure_one()
        context = {"uid": self.env.uid, "time": time, "datetime": datetime}
        return Domain(safe_eval(self.domain or "[]", context))

    # === MATCHING ===

    @api.model
    @ormcache("company_id")
    def _get_outline(self, company_id):
        """``(channel ids, is for typed orders)`` of the rules for new orders of a company."""
        # asked for every new order, by whoever makes it
        rules = self.sudo().search(
            [("company_id", "in", (False, company_id)), ("is_for_new", "=", True)]
        )
        return tuple((tuple(rule.channel_ids.ids), rule.is_for_typed) for rule in rules)

    @api.model
    def _get_new_order_rules(self, company, typed=False):
        """The rules for new orders of a company, in order; for those typed by a person, or not."""
        domain = [("company_id", "in", (False, company.id)), ("is_for_new", "=", True)]
        if typed:
            domain.append(("is_for_typed", "=", True))
        # whoever enters or imports an order need not see the rules
        return self.sudo().search(domain)

    def _filter_matching(self, orders):
        """Those of ``orders`` that this rule is for."""
        self.ensure_one()
        if self.company_id:
            orders = orders.filtered(lambda order: order.company_id == self.company_id)
        if self.channel_ids:
            orders = orders.filtered(lambda order: order.channel_id in self.channel_ids)
        return orders.filtered_domain(self._get_domain())

    # === LIFE ===

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        if "domain" in vals:
            vals = {**vals, "problem": False}
        result = super().write(vals)
        if vals.keys() - {"problem", "name", "sequence"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def action_view_orders(self):
        """Open the orders that this rule gave to somebody."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        return action | {"domain": [("assignment_rule_id", "=", self.id)], "context": {}}
