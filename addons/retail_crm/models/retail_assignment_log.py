from odoo import api, fields, models


class RetailAssignmentLog(models.Model):
    """Why an order is whose: one line for each time that somebody got it or it went to the pool.

    The reason is kept as figures and told in the language of whoever reads it.
    """

    _name = "retail.assignment.log"
    _description = "Assignment of an Order"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    rule_id = fields.Many2one("retail.assignment.rule", readonly=True, ondelete="set null")
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, index="btree_not_null")
    previous_user_id = fields.Many2one("res.users", "Before", readonly=True)
    hop = fields.Integer(
        "Passed On", readonly=True, help="How often the order had been passed on by then."
    )
    kind = fields.Selection(
        [
            ("customer_manager", "Customer's Manager"),
            ("least_loaded", "Least Loaded"),
            ("round_robin", "In Turn"),
            ("weighted", "By Share"),
            ("random", "By Lot"),
            ("fallback", "On Duty"),
            ("pool", "Left to the Pool"),
            ("nobody", "Nobody There"),
            ("default", "Without a Rule"),
            ("taken", "Taken"),
            ("manual", "By Hand"),
            ("moved", "Clients Moved"),
            ("stuck", "Passed On Too Often"),
        ],
        "How",
        required=True,
        readonly=True,
    )
    figures = fields.Json(readonly=True)
    note = fields.Char("Why", compute="_compute_note")

    _rule_idx = models.Index("(rule_id, id) WHERE rule_id IS NOT NULL")

    @api.depends("kind", "figures", "user_id", "rule_id")
    @api.depends_context("lang")
    def _compute_note(self):
        for line in self:
            line.note = line._tell()

    def _tell(self):
        """The reason in a sentence, after how the one before lost the order if it was passed on."""
        self.ensure_one()
        figures = self.figures or {}
        # names of colleagues and rules are no secret to whoever may read the order
        line = self.sudo()
        values = {
            "person": line.user_id.name or "",
            "before": line.previous_user_id.name or "",
            "team": figures.get("team") or "",
            "rule": line.rule_id.name or "",
            "by": figures.get("by") or "",
            "open": figures.get("open", 0),
            "count": figures.get("count", 0),
            "minutes": figures.get("minutes", 0),
            "hops": line.hop,
        }
        reason = self._get_sentences(figures.get("presence", "any"))[self.kind] % values
        if not line.previous_user_id or "minutes" not in figures or self.kind == "stuck":
            return reason
        idle = self.env._(
            "%(before)s had not touched it for %(minutes)s working minutes.", **values
        )
        return f"{idle} {reason}"

    def _get_sentences(self, presence):
        """The sentence of every kind of reason, with named placeholders."""
        _ = self.env._
        return {
            "fallback": _("Nobody of %(team)s could take it; %(person)s is on duty."),
            "pool": _("The rule %(rule)s leaves it to whoever of %(team)s takes it first."),
            "nobody": _("Nobody of %(team)s could take it: it waits in the pool."),
            "default": _("No rule fits; %(person)s is responsible for the customer or channel."),
            "taken": _("%(person)s took it from the pool."),
            "manual": _("%(by)s gave it to %(person)s.")
            if self.user_id
            else _("%(by)s put it back into the pool."),
            "moved": _("%(by)s moved the clients of %(before)s to %(person)s."),
            "stuck": _(
                "It was passed on %(hops)s times and nobody touched it: somebody has to decide."
            ),
            **self._get_method_sentences(presence),
        }

    def _get_method_sentences(self, presence):
        """The sentences of the methods: they name those who could have got the order as well."""
        _ = self.env._
        if presence == "online":
            return {
                "customer_manager": _("%(person)s looks after this customer and was online."),
                "least_loaded": _(
                    "%(person)s had the fewest open orders (%(open)s) for their share among the "
                    "%(count)s of %(team)s who were online."
                ),
                "round_robin": _(
                    "It was the turn of %(person)s among the %(count)s of %(team)s who were online."
                ),
                "weighted": _(
                    "%(person)s was owed an order by their share among the %(count)s of %(team)s "
                    "who were online."
                ),
                "random": _(
                    "%(person)s was drawn by lot among the %(count)s of %(team)s who were online."
                ),
            }
        if presence == "shift":
            return {
                "customer_manager": _("%(person)s looks after this customer and was on shift."),
                "least_loaded": _(
                    "%(person)s had the fewest open orders (%(open)s) for their share among the "
                    "%(count)s of %(team)s who were on shift."
                ),
                "round_robin": _(
                    "It was the turn of %(person)s among the %(count)s of %(team)s who were on "
                    "shift."
                ),
                "weighted": _(
                    "%(person)s was owed an order by their share among the %(count)s of %(team)s "
                    "who were on shift."
                ),
                "random": _(
                    "%(person)s was drawn by lot among the %(count)s of %(team)s who were on shift."
                ),
            }
        return {
            "customer_manager": _("%(person)s looks after this customer."),
            "least_loaded": _(
                "%(person)s had the fewest open orders (%(open)s) for their share among the "
                "%(count)s of %(team)s."
            ),
            "round_robin": _("It was the turn of %(person)s among the %(count)s of %(team)s."),
            "weighted": _(
                "%(person)s was owed an order by their share among the %(count)s of %(team)s."
            ),
            "random": _("%(person)s was drawn by lot among the %(count)s of %(team)s."),
        }
