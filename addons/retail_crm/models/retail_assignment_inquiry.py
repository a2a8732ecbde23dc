"""Inquiries of a web form are dealt by an assignment rule, like orders."""

from collections import Counter
from dataclasses import dataclass, replace

from odoo import api, fields, models
from odoo.fields import Command

from .retail_assignment_deal import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryBatch(Batch):
    """What a rule looks at for an inquiry: open inquiries are a load, too."""


class RetailAssignmentLog(models.Model):
    _inherit = "retail.assignment.log"

    order_id = fields.Many2one(required=False)
    lead_id = fields.Many2one(
        "crm.lead", "Inquiry", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _about_one = models.Constraint(
        "CHECK(num_nonnulls(order_id, lead_id) = 1)", "It is about an order or an inquiry."
    )

    def _get_sentences(self, presence):
        sentences = super()._get_sentences(presence)
        return sentences | self._get_inquiry_sentences() if self.lead_id else sentences

    def _get_inquiry_sentences(self):
        _ = self.env._
        return {
            "least_loaded": _(
                "%(person)s had the fewest open orders and inquiries (%(open)s) for their share "
                "among the %(count)s of %(team)s who could take it."
            ),
            "round_robin": _(
                "It was the turn of %(person)s among the %(count)s of %(team)s who could take it."
            ),
            "weighted": _(
                "%(person)s was owed one by their share among the %(count)s of %(team)s who could "
                "take it."
            ),
            "random": _(
                "%(person)s was drawn by lot among the %(count)s of %(team)s who could take it."
            ),
        }


class RetailAssignmentRule(models.Model):
    _inherit = "retail.assignment.rule"

    def _deal_inquiry(self, partner, company, channel):
        """The `Decision` on an inquiry of that customer (empty: of somebody unknown).

        It is dealt as the order that may come of it: who is at work and whose turn it is count;
        the condition and the channels of the rule, which say what orders it is for, do not.
        """
        self.ensure_one()
        order = self.env["sale.order"].new(
            {"partner_id": partner.id, "company_id": company.id, "channel_id": channel.id}
        )
        batch = InquiryBatch(company=company, excluded={}, held=Counter())
        return self._deal(order, batch).get(order.id) or self._decide(False, "nobody")

    def _get_candidates(self, batch):
        candidates = super()._get_candidates(batch)
        if not isinstance(batch, InquiryBatch):
            return candidates
        # the limit of open orders is one of orders: whoever has reached it gets no inquiry either
        free = [one for one in candidates if not one.capacity or one.load < one.capacity]
        waiting = self._count_inquiries([one.user_id for one in free])
        return [replace(one, load=one.load + waiting[one.user_id], capacity=0) for one in free]

    @api.model
    def _count_inquiries(self, user_ids):
        """How many open inquiries each of these users has of which no order was made."""
        groups = self.env["crm.lead"]._read_group(
            [
                ("user_id", "in", user_ids),
                ("won_status", "=", "pending"),
                ("order_ids", "=", False),
            ],
            ["user_id"],
            ["__count"],
        )
        return Counter({user.id: count for user, count in groups})


class RetailLeadForm(models.Model):
    _inherit = "retail.lead.form"

    assignment_rule_id = fields.Many2one(
        "retail.assignment.rule",
        check_company=True,
        ondelete="set null",
        help="Who is at work and whose turn it is by this rule gets the inquiry; its channels and "
        "its condition are for orders only. If it finds nobody, the responsible named here gets "
        "it, else it waits in the pool of the rule's team. A customer's own salesperson comes "
        "first.",
    )

    def _prepare_people(self, partner):
        values = super()._prepare_people(partner)
        rule = self.assignment_rule_id
        if not rule.active or self._get_own_salesperson(partner):
            return values
        decision = rule._deal_inquiry(partner, self.company_id, self.channel_id)
        if decision.kind == "nobody" and self.responsible_id:
            return values
        line = {
            "company_id": self.company_id.id,
            "rule_id": rule.id,
            "user_id": decision.user_id,
            "kind": decision.kind,
            "figures": decision.figures,
        }
        return values | {
            "user_id": decision.user_id,
            "team_id": decision.team_id,
            "assignment_log_ids": [Command.create(line)],
        }


class CrmLead(models.Model):
    _inherit = "crm.lead"

    assignment_log_ids = fields.One2many(
        "retail.assignment.log",
        "lead_id",
        "Assignments",
        readonly=True,
        groups="retail_crm.group_retail_crm_senior",
    )
    assignment_note = fields.Char("Why This Person", compute="_compute_assignment_note")

    @api.depends_context("lang")
    def _compute_assignment_note(self):
        # the whole history is for those who lead; why an inquiry is whose, everybody may know
        Log = self.env["retail.assignment.log"].sudo()
        lines = Log.search([("lead_id", "in", self.ids)], order="id")
        latest = {line.lead_id.id: line for line in lines}
        for lead in self:
            lead.assignment_note = latest.get(lead._origin.id, Log).note
