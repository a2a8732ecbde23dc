from odoo import api, fields, models
from odoo.tools import ormcache


class RetailTimeNorm(models.Model):
    """How long something may take in a sales channel, in hours of working time."""

    _name = "retail.time.norm"
    _description = "Time Norm"
    _order = "kind, stage_id, channel_id, id"

    kind = fields.Selection(
        [
            ("stage", "Time in a Stage"),
            ("response", "First Response"),
            ("payment", "Payment"),
        ],
        "What",
        required=True,
        default="stage",
        help="Time in a stage: from entering it. First response: from the arrival of the order "
        "until somebody calls, writes or takes it on. Payment: from the order until it is paid.",
    )
    stage_id = fields.Many2one("retail.order.stage", ondelete="cascade", index=True)
    channel_id = fields.Many2one(
        "sales.channel",
        ondelete="cascade",
        index="btree_not_null",
        help="Leave empty for all channels without a norm of their own.",
    )
    hours = fields.Float(
        "Working Hours",
        required=True,
        help="For example 0.25 for 15 minutes. 0: no norm in this channel.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

    _hours_positive = models.Constraint(
        "CHECK(hours >= 0)", "A time norm is 0 (no norm) or more hours."
    )
    _stage_given = models.Constraint(
        "CHECK((kind = 'stage') = (stage_id IS NOT NULL))",
        "Choose the stage that the norm is for.",
    )
    _norm_uniq = models.UniqueIndex(
        "(kind, COALESCE(stage_id, 0), COALESCE(channel_id, 0), COALESCE(company_id, 0))",
        "There is already such a norm for this channel.",
    )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "stage":
            self.stage_id = False

    @api.model
    def _get_hours(self, kind, company, channel, stage=None):
        """The working hours allowed, 0.0 for no norm: the channel's own norm comes first.

        ``stage`` is given for the kind "stage"; its own norm is the last resort.
        """
        found = {}
        for its_kind, stage_id, channel_id, company_id, hours in self._get_table():
            if (
                (its_kind, stage_id) == (kind, stage.id if stage else False)
                and channel_id in (False, channel.id)
                and company_id in (False, company.id)
            ):
                found[bool(channel_id), bool(company_id)] = hours
        if found:
            return found[max(found)]
        # norms are set up by administrators for everybody's orders
        return stage.sudo().time_norm if stage else 0.0

    @api.model
    @ormcache()
    def _get_table(self):
        """All norms as ``(kind, stage, channel, company, hours)``: asked with every order."""
        # norms are set up by administrators for everybody's orders
        norms = self.sudo().search([])
        return tuple(
            (norm.kind, norm.stage_id.id, norm.channel_id.id, norm.company_id.id, norm.hours)
            for norm in norms
        )

    @api.model_create_multi
    def create(self, vals_list):
        norms = super().create(vals_list)
        self.env.registry.clear_cache()
        return norms

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
