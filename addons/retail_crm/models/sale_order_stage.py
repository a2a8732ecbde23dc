"""The position of an order in the process, kept in step with what it is in Odoo.

``state`` stays the legal truth. Every change of ``stage_id`` comes through ``write``: a person's
(the board, the form, an RPC call) is checked and runs the action of the stage; what follows from
the order's state (confirmed, cancelled, delivered by another way) is only noted.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .retail_order_stage import PROGRESS, STATES


class _Noted:
    """Context value of a move that follows the order's state. No client can send an object."""

    def __init__(self, stage):
        self.stage_id = stage.id


class SaleOrder(models.Model):
    _name = "sale.order"
    # the mixin comes first: Python finds no order of the classes otherwise
    _inherit = ["mail.tracking.duration.mixin", "sale.order"]
    _track_duration_field = "stage_id"

    stage_id = fields.Many2one(
        "retail.order.stage",
        ondelete="restrict",
        index=True,
        copy=False,
        tracking=True,
        # a default, not a compute: automation rules on a computed field run twice on create
        default=lambda self: self._get_default_stage(),
        group_expand="_read_group_stages",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Where the order is in your process. Moving it does what the stage says.",
    )
    stage_category = fields.Selection(
        related="stage_id.category", string="Stage Category", store=True, index=True
    )
    allowed_stage_ids = fields.Many2many(
        "retail.order.stage", compute="_compute_allowed_stage_ids", string="Allowed Stages"
    )
    date_last_stage_update = fields.Datetime(
        "In This Stage Since", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model
    def _get_default_stage(self):
        return self.env["retail.order.stage"]._get_first(PROGRESS, self.env.company)

    @api.model
    def _read_group_stages(self, stages, domain):
        """All columns of the board, empty ones too."""
        companies = self.env.companies.ids
        wanted = Domain("company_id", "in", [False, *companies]) | Domain("id", "in", stages.ids)
        return stages.search(wanted)

    @api.depends("stage_id", "state")
    @api.depends_context("uid")
    def _compute_allowed_stage_ids(self):
        for order in self:
            company = order.company_id or self.env.company
            ranked = self.env["retail.order.stage"]._get_ranked(company.id)
            stages = self.env["retail.order.stage"].browse([stage_id for stage_id, _c in ranked])
            order.allowed_stage_ids = stages.filtered(
                lambda stage, order=order: (
                    stage != order.stage_id and not order._get_stage_objection(stage)
                )
            )

    # === MOVING ===

    def _enter_stage(self, stage):
        """Move these orders: the one way in code. Does what the stage says, or raises UserError.

        With ``sudo()`` nobody's rights and no allowed next stages count; what the order's state
        forbids stays forbidden.
        """
        self.write({"stage_id": stage.id})
        return True

    def _note_stage(self, stage):
        """Put these orders where their state says they are: nothing is checked, nothing done."""
        if stage:
            moving = self.filtered(lambda order: order.stage_id != stage)
            moving.with_context(retail_stage_noted=_Noted(stage)).write({"stage_id": stage.id})

    @api.model_create_multi
    def create(self, vals_list):
        wanted = [vals.get("stage_id") for vals in vals_list]
        orders = super().create([self._with_first_stage(vals) for vals in vals_list])
        orders._start_clocks()
        Stage = self.env["retail.order.stage"]
        for order, stage_id in zip(orders, wanted, strict=True):
            if stage_id and order.stage_id.id != stage_id:
                order._enter_stage(Stage.browse(stage_id))
        return orders

    def _with_first_stage(self, vals):
        """Order values with the stage that their state says; the wanted one is entered later."""
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
        stages = self.env["retail.order.stage"]
        wanted = stages.browse(vals.get("stage_id"))
        state = vals.get("state", "draft")
        if wanted and wanted._is_open_to_user(company) and state in STATES[wanted.category]:
            return vals
        return {**vals, "stage_id": self._get_stage_of_state(state, company).id}

    def write(self, vals):
        if "stage_id" not in vals:
            result = super().write(vals)
            if "state" in vals:
                self._follow_state()
            return result
        stage = self.env["retail.order.stage"].browse(vals["stage_id"])
        noted = self.env.context.get("retail_stage_noted")
        is_noted = isinstance(noted, _Noted) and noted.stage_id == stage.id
        moving = self.filtered(lambda order: order.stage_id != stage)
        if not is_noted:
            moving._check_stage(stage, vals)
        result = super().write(vals)
        moving._start_clocks()
        if not is_noted:
            moving._run_entry_action(stage)
        if moving:
            moving._on_stage_entered(stage)
        return result

    def _on_stage_entered(self, stage):
        """These orders have come into that stage, whichever way: for others to extend."""

    # === WHO MAY GO WHERE ===

    def _check_stage(self, stage, vals):
        """Raise UserError or AccessError, in a sentence, when an order may not go there.

        ``vals`` is what is being written together with the stage.
        """
        if not stage:
            raise UserError(self.env._("Every order has a stage. Choose one."))
        for order in self:
            objection = order._get_stage_objection(stage)
            if objection:
                kind, text = objection
                raise kind(text)

    def _get_stage_objection(self, stage):
        """``(error class, sentence)`` why this order may not go there; None when it may."""
        self.ensure_one()
        values = {"order": self.name, "stage": stage.name, "now": self.stage_id.name}
        if stage.category == "new" and self.state == "sale":
            return UserError, self.env._(
                "%(order)s is confirmed and cannot go back to %(stage)s. Cancel it first.", **values
            )
        if stage.company_id and stage.company_id != self.company_id:
            return UserError, self.env._(
                "The stage %(stage)s belongs to another company than %(order)s.", **values
            )
        if self.env.su:
            return None
        allowed = self.stage_id.next_stage_ids
        if allowed and stage not in allowed:
            names = ", ".join(allowed.mapped("name"))
            return UserError, self.env._(
                "%(order)s cannot go from %(now)s to %(stage)s. From there it may go to: "
                "%(allowed)s.",
                allowed=names,
                **values,
            )
        # which groups may enter is set up by administrators; their names are no secret
        groups = stage.sudo().group_ids
        if groups and not groups & self.env.user.all_group_ids:
            names = ", ".join(groups.mapped("full_name"))
            return AccessError, self.env._(
                "You may not move %(order)s to %(stage)s. Members of these groups may: %(groups)s.",
                groups=names,
                **values,
            )
        return None

    # === FOLLOWING THE STATE ===

    @api.model
    def _get_stage_of_state(self, state, company):
        """The one place that says which stage an order of that state belongs in."""
        categories = {
            "draft": ("new", "approval"),
            "sent": ("approval", "new"),
            "sale": ("assembly", "approval", "delivery"),
            "cancel": ("cancelled",),
        }
        return self.env["retail.order.stage"]._get_first(categories[state], company)

    def _follow_state(self):
        """Put the orders whose stage does not fit their state any more where it does."""
        for (company, state), orders in self.grouped(lambda o: (o.company_id, o.state)).items():
            target = self._get_stage_of_state(state, company)
            strays = orders.filtered(lambda order: not order._fits_stage())
            strays._note_stage(target)

    def _fits_stage(self):
        """Whether the stage may hold an order of this state.

        A quotation that was sent waits for its customer; a confirmed order leaves approval, unless
        it was the stage there that confirmed it.
        """
        self.ensure_one()
        category, state = self.stage_id.category, self.state
        if not category or state not in STATES[category]:
            return False
        if state == "sent":
            return category == "approval"
        return not (
            state == "sale" and category == "approval" and self.stage_id.entry_action == "none"
        )
