from collections import defaultdict
from random import SystemRandom

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..models.retail_order_stage import ENDED
from ..services.assignment import Candidate, Dealer


class RetailMoveClients(models.TransientModel):
    """Somebody leaves or is away for long: who gets their customers, orders, leads and tasks."""

    _name = "retail.move.clients"
    _description = "Move Clients"

    user_id = fields.Many2one(
        "res.users",
        "From",
        required=True,
        domain="[('share', '=', False)]",
        context={"active_test": False},
        help="Whose clients are moved. Somebody who was archived can be found as well.",
    )
    method = fields.Selection(
        [
            ("person", "One person"),
            ("team", "The members of a team, by their shares"),
        ],
        "To",
        required=True,
        default="person",
    )
    target_user_id = fields.Many2one("res.users", "Person", domain="[('share', '=', False)]")
    team_id = fields.Many2one("crm.team", "Sales Team")
    with_customers = fields.Boolean("Customers", default=True)
    with_orders = fields.Boolean("Open Orders", default=True)
    with_leads = fields.Boolean("Open Leads", default=True)
    with_activities = fields.Boolean("Tasks", default=True)
    line_ids = fields.One2many("retail.move.clients.line", "wizard_id", "Preview")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("line_ids.user_id")
    def _compute_summary(self):
        for wizard in self:
            shares = [
                f"{user.name}: {len(lines)}"
                for user, lines in wizard.line_ids.grouped("user_id").items()
                if user
            ]
            wizard.summary = ", ".join(shares)

    @api.onchange("user_id", "method", "target_user_id", "team_id")
    def _onchange_sources(self):
        """What was previewed is no longer what would be moved."""
        self.line_ids = [Command.clear()]

    # === PREVIEW ===

    def action_preview(self):
        """List every client with what is open, and who would get it."""
        self.ensure_one()
        if self.user_id == self.target_user_id and self.method == "person":
            raise UserError(self.env._("Choose somebody else than %s.", self.user_id.name))
        work = self._find_work()
        receivers = self._choose_receivers(list(work))
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "partner_id": partner.id,
                        "user_id": receivers[partner],
                        "is_customer": found["customer"],
                        "order_count": len(found["orders"]),
                        "lead_count": len(found["leads"]),
                        "activity_count": len(found["activities"]),
                    }
                )
                for partner, found in work.items()
            ),
        ]
        if not work:
            raise UserError(self.env._("%s has no clients, orders or tasks.", self.user_id.name))
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _find_work(self):
        """``{client: {"customer", "orders", "leads", "activities"}}``; the empty client has what
        belongs to nobody's card.
        """
        mine = Domain("user_id", "=", self.user_id.id)
        Partner = self.env["res.partner"].with_context(active_test=False)
        work = defaultdict(
            lambda: {
                "customer": False,
                "orders": self.env["sale.order"],
                "leads": self.env["crm.lead"],
                "activities": self.env["mail.activity"],
            }
        )
        if self.with_customers:
            for partner in Partner.search(mine):
                work[partner.commercial_partner_id]["customer"] = True
        if self.with_orders:
            open_orders = mine & Domain("stage_category", "not in", ENDED)
            for order in self.env["sale.order"].search(open_orders):
                work[order.partner_id.commercial_partner_id]["orders"] |= order
        if self.with_leads:
            open_leads = mine & Domain("stage_id.is_won", "!=", True)
            for lead in self.env["crm.lead"].search(open_leads):
                work[lead.partner_id.commercial_partner_id]["leads"] |= lead
        if self.with_activities:
            for activity, partner in self._find_activities():
                work[partner]["activities"] |= activity
        return work

    def _find_activities(self):
        """``[(activity, client)]`` of the person's open tasks."""
        # tasks are their owner's; whoever moves clients moves them, too
        activities = self.env["mail.activity"].sudo().search([("user_id", "=", self.user_id.id)])
        pairs = []
        for model, theirs in activities.grouped("res_model").items():
            by_id = theirs.grouped("res_id")
            records = self.env[model].browse(by_id).exists() if model else ()
            # only tasks about what this user may see
            for record in records and records._filtered_access("read"):
                client = self._get_client(record.sudo()).with_env(self.env)
                pairs += [(activity, client) for activity in by_id[record.id]]
        return pairs

    @api.model
    def _get_client(self, record):
        """The client that a record of any model is about, or nobody."""
        field = record._fields.get("partner_id")
        if record._name == "res.partner":
            return record.commercial_partner_id
        if field and field.comodel_name == "res.partner":
            return record.partner_id.commercial_partner_id
        return self.env["res.partner"]

    def _choose_receivers(self, partners):
        """``{client: user id}``, each client with all that is open to one person."""
        if self.method == "person":
            return dict.fromkeys(partners, self.target_user_id.id)
        members = self.team_id.crm_team_member_ids.filtered(
            lambda one: one.active and one.order_weight > 0 and one.user_id != self.user_id
        )
        if not members:
            raise UserError(
                self.env._("Nobody else in %s may get orders.", self.team_id.name or "")
            )
        owned = dict(
            self.env["res.partner"]._read_group(
                [("user_id", "in", members.user_id.ids)], ["user_id"], ["__count"]
            )
        )
        candidates = [
            Candidate(
                user_id=member.user_id.id,
                weight=member.order_weight,
                load=owned.get(member.user_id, 0),
            )
            for member in members
        ]
        dealer = Dealer("least_loaded", candidates, SystemRandom())
        return {partner: dealer.deal().user_id for partner in partners}

    # === MOVING ===

    def action_move(self):
        """Move what the preview lists, to whom it says."""
        self.ensure_one()
        if not self.line_ids:
            return self.action_preview()
        if self.line_ids.filtered(lambda line: not line.user_id):
            raise UserError(self.env._("Choose somebody for every client, or remove the line."))
        work = self._find_work()
        for person, lines in self.line_ids.grouped("user_id").items():
            theirs = [work[partner] for partner in lines.mapped(lambda one: one.partner_id)]
            if lines.filtered(lambda one: not one.partner_id):
                theirs.append(work[self.env["res.partner"]])
            self._move_to(person, lines.partner_id, theirs)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(count)s clients of %(person)s moved.",
                    count=len(self.line_ids),
                    person=self.user_id.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _move_to(self, person, partners, works):
        """Give all that was found of these clients to ``person``."""
        if self.with_customers:
            family = self.env["res.partner"].with_context(active_test=False)
            family.search(
                [
                    ("commercial_partner_id", "in", partners.ids),
                    ("user_id", "=", self.user_id.id),
                ]
            ).write({"user_id": person.id})
        orders = self.env["sale.order"].union(*(work["orders"] for work in works))
        orders._give_to(person, "moved", by=self.env.user.name)
        leads = self.env["crm.lead"].union(*(work["leads"] for work in works))
        leads.with_context(mail_auto_subscribe_no_notify=True).write({"user_id": person.id})
        activities = self.env["mail.activity"].union(*(work["activities"] for work in works))
        # see _find_activities
        activities.sudo().with_context(mail_activity_quick_update=True).write(
            {"user_id": person.id}
        )


class RetailMoveClientsLine(models.TransientModel):
    _name = "retail.move.clients.line"
    _description = "Client to Move"

    wizard_id = fields.Many2one("retail.move.clients", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Client", readonly=True)
    user_id = fields.Many2one("res.users", "To", domain="[('share', '=', False)]")
    is_customer = fields.Boolean("Own Client", readonly=True)
    order_count = fields.Integer("Open Orders", readonly=True)
    lead_count = fields.Integer("Open Leads", readonly=True)
    activity_count = fields.Integer("Tasks", readonly=True)
