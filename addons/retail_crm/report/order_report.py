"""How long orders take, per stage, person, channel and week: median and 90th percentile too."""

from odoo import fields, models
from odoo.tools import SQL

#: measure -> the share of orders that were at most so slow
PERCENTILES = {"median_hours": 0.5, "p90_hours": 0.9}


class RetailOrderReport(models.Model):
    """One row for each time an order has been in a stage and left it.

    New orders have one before they leave, as soon as it is settled whether they were answered in
    time: whoever lets them lie must not look better for it. Such a row has no working hours yet.
    """

    _name = "retail.order.report"
    _description = "Processing Times"
    _auto = False
    _order = "entered_at desc"
    _rec_name = "order_id"
    _depends = {
        "retail.order.stay": [
            "order_id",
            "stage_id",
            "company_id",
            "channel_id",
            "user_id",
            "team_id",
            "entered_at",
            "left_at",
            "work_hours",
            "norm_hours",
            "is_counted",
        ],
        "retail.order.stage": ["category"],
        "sale.order": ["first_response_deadline", "first_response_at"],
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    stage_id = fields.Many2one("retail.order.stage", readonly=True)
    stage_category = fields.Selection(related="stage_id.category", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    channel_id = fields.Many2one("sales.channel", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    entered_at = fields.Datetime(readonly=True)
    left_at = fields.Datetime(readonly=True)
    work_hours = fields.Float("Working Hours (Average)", readonly=True, aggregator="avg")
    # the aggregate of these two is not their own: see _read_group_select
    median_hours = fields.Float("Working Hours (Median)", readonly=True, aggregator="avg")
    p90_hours = fields.Float("Working Hours (90th Percentile)", readonly=True, aggregator="avg")
    norm_hours = fields.Float("Norm (Hours)", readonly=True, aggregator="avg")
    late_share = fields.Float("Share Late (%)", readonly=True, aggregator="avg")
    response_hours = fields.Float(
        "First Response (Hours, Average)",
        readonly=True,
        aggregator="avg",
        help="From the order to the first response by the clock, for orders that had a norm.",
    )
    response_in_time_share = fields.Float(
        "Answered in Time (%)",
        readonly=True,
        aggregator="avg",
        help="Share of new orders with a norm that were answered within it. Those that nobody has "
        "answered count as soon as the time is over.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT stay.id, stay.order_id, stay.stage_id, stay.company_id, stay.channel_id,
                   stay.user_id, stay.team_id, stay.entered_at, stay.left_at,
                   CASE WHEN stay.is_counted THEN stay.work_hours END AS work_hours,
                   CASE WHEN stay.is_counted THEN stay.work_hours END AS median_hours,
                   CASE WHEN stay.is_counted THEN stay.work_hours END AS p90_hours,
                   NULLIF(stay.norm_hours, 0) AS norm_hours,
                   CASE WHEN stay.norm_hours > 0 AND stay.is_counted
                        THEN 100.0 * (stay.work_hours > stay.norm_hours)::int END AS late_share,
                   CASE WHEN stage.category = 'new' AND ord.first_response_deadline IS NOT NULL
                        THEN EXTRACT(EPOCH FROM ord.first_response_at - ord.create_date) / 3600
                   END AS response_hours,
                   CASE WHEN stage.category = 'new' AND ord.first_response_deadline IS NOT NULL
                        THEN 100.0 * COALESCE(
                            ord.first_response_at <= ord.first_response_deadline, FALSE)::int
                   END AS response_in_time_share
              FROM retail_order_stay AS stay
              JOIN retail_order_stage AS stage ON stage.id = stay.stage_id
              JOIN sale_order AS ord ON ord.id = stay.order_id
             WHERE stay.is_counted
                OR stage.category = 'new'
                   AND ord.first_response_deadline IS NOT NULL
                   AND (ord.first_response_at IS NOT NULL
                        OR ord.first_response_deadline < %(now)s)
            """,
            now=fields.Datetime.now(),
        )

    def _read_group_select(self, aggregate_spec, query):
        name, _, function = aggregate_spec.partition(":")
        if name in PERCENTILES and function:
            return SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
                PERCENTILES[name],
                self._field_to_sql(self._table, name, query),
            )
        return super()._read_group_select(aggregate_spec, query)
