from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

#: what an order in a stage of the category is in Odoo; a quotation may be "sent" too
STATES = {
    "new": ("draft", "sent"),
    "approval": ("draft", "sent", "sale"),
    "assembly": ("sale",),
    "delivery": ("sale",),
    "done": ("sale",),
    "cancelled": ("cancel",),
}
#: how far an order of a category is; a cancelled one is nowhere
PROGRESS = ("new", "approval", "assembly", "delivery", "done")
#: categories in which nothing is left to do
ENDED = ("done", "cancelled")


class RetailOrderStage(models.Model):
    """A position of the order process. Odoo's ``state`` stays what the order is in law."""

    _name = "retail.order.stage"
    _description = "Order Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    category = fields.Selection(
        [
            ("new", "New"),
            ("approval", "Approval"),
            ("assembly", "Assembly"),
            ("delivery", "Delivery"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="assembly",
        index=True,
        help="What the stage means: orders in assembly, delivery and done are confirmed, those "
        "in Cancelled are cancelled. Reports and filters go by it.",
    )
    sequence = fields.Integer(default=50)
    fold = fields.Boolean("Folded", help="The column starts closed in the board of orders.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty for a stage of all companies.")
    color = fields.Integer()
    public_name = fields.Char(
        translate=True,
        help="What the customer reads on the portal and on the tracking page. Left empty, the "
        "customer goes on reading the name of the stage before it.",
    )
    time_norm = fields.Float(
        "Time Norm (Hours)",
        help="Working hours an order may stay here, for example 0.5 for 30 minutes. After that it "
        "is overdue: marked, with a task for its responsible. 0: as long as it takes.",
    )
    norm_ids = fields.One2many("retail.time.norm", "stage_id", "Norms of Channels")
    pass_after_days = fields.Integer(
        "Goes On After (Days)",
        help="Orders that stay here so many days go on to the next stage by themselves; nothing "
        "else happens to them. For example 30: parcels nobody reported as received are done after "
        "a month. 0: never.",
    )
    next_stage_ids = fields.Many2many(
        "retail.order.stage",
        "retail_order_stage_next_rel",
        "stage_id",
        "next_stage_id",
        "Next Stages",
        help="Where an order may go from here. Empty: anywhere.",
    )
    group_ids = fields.Many2many(
        "res.groups",
        string="Who May Enter",
        help="Only members of these groups move orders here. Empty: everybody.",
    )
    entry_action = fields.Selection(
        [
            ("none", "Nothing"),
            ("confirm", "Confirm the Order"),
            ("invoice", "Create the Invoice"),
            ("deliver", "Write Off the Goods"),
            ("lock", "Lock the Order"),
            ("cancel", "Cancel the Order"),
        ],
        "On Entry",
        required=True,
        default="none",
        help="What happens to an order that is moved here. If it cannot be done, the order stays "
        "where it is and the reason is shown.",
    )
    report_id = fields.Many2one(
        "ir.actions.report",
        "Document to Attach",
        ondelete="set null",
        domain="[('model', '=', 'sale.order'), ('report_type', '=', 'qweb-pdf')]",
        help="An order that is moved here gets this document as PDF in its history.",
    )
    order_count = fields.Integer(compute="_compute_order_count", string="Orders")

    _time_norm_positive = models.Constraint(
        "CHECK(time_norm >= 0)", "A time norm is 0 (no norm) or more hours."
    )
    _pass_after_positive = models.Constraint(
        "CHECK(pass_after_days >= 0)", "Orders go on after 0 (never) or more days."
    )
    _cancel_action = models.Constraint(
        "CHECK((category = 'cancelled') = (entry_action = 'cancel'))",
        "Stages of the category Cancelled, and only those, cancel the order on entry.",
    )

    @api.depends_context("uid")
    def _compute_order_count(self):
        counts = self.env["sale.order"]._read_group(
            [("stage_id", "in", self.ids)], ["stage_id"], ["__count"]
        )
        by_stage = dict(counts)
        for stage in self:
            stage.order_count = by_stage.get(stage, 0)

    @api.onchange("category")
    def _onchange_category(self):
        """Keep category and action together, as the database wants them."""
        if self.category == "cancelled":
            self.entry_action = "cancel"
        elif self.entry_action == "cancel":
            self.entry_action = "none"

    # === THE FIRST OF A CATEGORY ===

    @api.model
    def _get_first(self, categories, company):
        """The first stage of the first of these categories that has one in that company."""
        ranked = self._get_ranked(company.id)
        for category in categories:
            for stage_id, its_category in ranked:
                if its_category == category:
                    return self.browse(stage_id)
        return self.browse()

    def _is_open_to_user(self, company):
        """Whether a new order of the company may begin here: nothing is done, nobody kept out."""
        groups = self.sudo().group_ids  # whom a stage is for, everybody may be told
        return (
            self.entry_action == "none"
            and self.company_id in (self.company_id.browse(), company)
            and (self.env.su or not groups or bool(groups & self.env.user.all_group_ids))
        )

    def _get_following(self, company):
        """The stage that an order goes on to by itself: a confirmed one stays confirmed."""
        self.ensure_one()
        ids = [
            stage_id for stage_id, category in self._get_ranked(company.id) if category in PROGRESS
        ]
        later = self.browse(ids[ids.index(self.id) + 1 :]) if self.id in ids else self.browse()
        fitting = set(STATES[self.category])
        allowed = later & self.next_stage_ids if self.next_stage_ids else later
        return allowed.filtered(lambda stage: fitting <= set(STATES[stage.category]))[:1]

    @api.model
    @ormcache("company_id")
    def _get_ranked(self, company_id):
        """``(id, category)`` of the active stages of a company and of all, in order."""
        # everybody's orders start and end somewhere, whatever stages the person may see
        stages = self.sudo().search_fetch(
            [("company_id", "in", (False, company_id)), ("active", "=", True)], ["category"]
        )
        return tuple((stage.id, stage.category) for stage in stages)

    # === LIFE ===

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        if "category" in vals and set(self.mapped("category")) == {vals["category"]}:
            # as data files do: it would be computed anew on every order of the stage
            vals = {name: value for name, value in vals.items() if name != "category"}
        if "category" in vals:
            self._refuse_recategorise(vals["category"])
        result = super().write(vals)
        if {"category", "sequence", "active", "company_id"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def _refuse_recategorise(self, category):
        """Orders would be in a stage that says something else than they are."""
        for stage in self.filtered(lambda one: one.category != category):
            # also orders that the person may not see stay what they are
            if stage.sudo().with_context(active_test=False).order_count:
                raise UserError(
                    self.env._(
                        "There are orders in the stage %s: its category cannot change. Make a "
                        "new stage and move them there.",
                        stage.name,
                    )
                )

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
