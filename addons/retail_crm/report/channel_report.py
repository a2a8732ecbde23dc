"""One row for each order, so that averages and shares by channel are right in any grouping."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.multi_warehouse_docs.models.res_users_rights import PURCHASE_PRICES


class RetailChannelReport(models.Model):
    _name = "retail.channel.report"
    _description = "Channel Analysis"
    _auto = False
    _order = "date desc"
    _rec_name = "name"
    _depends = {
        "sale.order": [
            "name",
            "channel_id",
            "date_order",
            "state",
            "company_id",
            "partner_id",
            "user_id",
            "team_id",
            "source_id",
            "medium_id",
            "campaign_id",
            "amount_untaxed",
            "margin",
            "merged_into_id",
        ]
    }

    name = fields.Char("Order", readonly=True)
    order_id = fields.Many2one("sale.order", "Sales Order", readonly=True)
    channel_id = fields.Many2one("sales.channel", "Sales Channel", readonly=True)
    channel_type = fields.Selection(related="channel_id.channel_type")
    date = fields.Datetime("Order Date", readonly=True)
    state = fields.Selection(
        [("open", "Quotation"), ("done", "Sold"), ("cancel", "Cancelled")], readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    order_count = fields.Integer("Orders", readonly=True, help="All, sold or not.")
    sold_count = fields.Integer("Sold", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Of what was sold, without taxes.")
    average_order = fields.Monetary(
        readonly=True, aggregator="avg", help="Of what was sold, without taxes."
    )
    margin = fields.Monetary(readonly=True, groups=PURCHASE_PRICES)
    cancel_rate = fields.Float(
        "Cancelled (%)", readonly=True, aggregator="avg", help="Share of all orders."
    )
    conversion_rate = fields.Float(
        "Conversion (%)",
        readonly=True,
        aggregator="avg",
        help="Share of all orders and quotations that was sold.",
    )

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(SQL("(%s)", part) for part in self._get_sources())

    @api.model
    def _get_sources(self):
        """One SELECT for each kind of sale, with the columns of `_select`."""
        rate = SQL("COALESCE(NULLIF(o.currency_rate, 0), 1)")
        return [
            self._select(
                {
                    "id": SQL("o.id"),
                    "order_id": SQL("o.id"),
                    "source_id": SQL("o.source_id"),
                    "medium_id": SQL("o.medium_id"),
                    "campaign_id": SQL("o.campaign_id"),
                    "team_id": SQL("o.team_id"),
                    "state": SQL(
                        "CASE o.state WHEN 'sale' THEN 'done' WHEN 'cancel' THEN 'cancel'"
                        " ELSE 'open' END"
                    ),
                    "amount": SQL("o.amount_untaxed / %s", rate),
                    "margin": SQL("o.margin / %s", rate),
                },
                # one that was merged is counted as a part of the other
                SQL("(SELECT * FROM sale_order WHERE merged_into_id IS NULL) AS o"),
            )
        ]

    @api.model
    def _select(self, columns, source):
        """A SELECT over the table of orders ``o``; ``amount`` and ``margin`` in the company's
        currency.
        """
        inner = SQL(", ").join(
            SQL("%s AS %s", value, SQL.identifier(name)) for name, value in columns.items()
        )
        return SQL(
            """
            SELECT r.id, r.order_id, r.name, r.channel_id, r.date, r.state, r.company_id,
                   c.currency_id, r.partner_id, r.user_id, r.team_id, r.source_id, r.medium_id,
                   r.campaign_id, 1 AS order_count,
                   CASE WHEN r.state = 'done' THEN 1 ELSE 0 END AS sold_count,
                   CASE WHEN r.state = 'done' THEN r.amount ELSE 0 END AS revenue,
                   CASE WHEN r.state = 'done' THEN r.amount END AS average_order,
                   CASE WHEN r.state = 'done' THEN r.margin ELSE 0 END AS margin,
                   CASE WHEN r.state = 'cancel' THEN 100.0 ELSE 0.0 END AS cancel_rate,
                   CASE WHEN r.state = 'done' THEN 100.0 ELSE 0.0 END AS conversion_rate
              FROM (SELECT o.name, o.channel_id, o.date_order AS date, o.company_id, o.partner_id,
                           o.user_id, %(inner)s
                      FROM %(source)s) r
              JOIN res_company c ON c.id = r.company_id
            """,
            inner=inner,
            source=source,
        )
