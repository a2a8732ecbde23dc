from odoo import api, fields, models
from odoo.tools import SQL

from ..models.document_series import DOCUMENT_MODELS
from .document_register import register_id


class DocumentSeriesGap(models.Model):
    """Numbers of a series that no document has: always empty, and the proof of it.

    A row means that somebody deleted records in the database itself.
    """

    _name = "document.series.gap"
    _description = "Missing Numbers"
    _auto = False
    _rec_name = "series_id"
    _order = "series_id, series_period desc, first_missing desc"
    _depends = {
        **{
            model: ["document_date", "document_number", "series_id", "series_number"]
            for model, _label in DOCUMENT_MODELS
        },
        "document.series": ["company_id", "first_date", "first_number", "reset"],
    }

    series_id = fields.Many2one("document.series", "Numbering Series", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    series_period = fields.Char("Period", readonly=True)
    first_missing = fields.Integer(readonly=True, aggregator=None)
    last_missing = fields.Integer(readonly=True, aggregator=None)
    missing_count = fields.Integer("Missing Numbers", readonly=True)
    next_number = fields.Char(
        "Before", readonly=True, help="The first number after the missing ones."
    )
    document_date = fields.Date("Dated", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT numbered.id, numbered.series_id, series.company_id, numbered.series_period,
                   numbered.first_missing, numbered.series_number - 1 AS last_missing,
                   numbered.series_number - numbered.first_missing AS missing_count,
                   numbered.document_number AS next_number, numbered.document_date
              FROM (%s) AS numbered
              JOIN document_series series ON series.id = numbered.series_id
             WHERE numbered.series_number > numbered.first_missing
            """,
            SQL(" UNION ALL ").join(self._numbered_sql(model) for model, _l in DOCUMENT_MODELS),
        )

    @api.model
    def _numbered_sql(self, model):
        """Each number with the one that should come before it, plus one."""
        return SQL(
            """
            SELECT %(id)s AS id, document.series_id, document.series_period,
                   document.series_number, document.document_number, document.document_date,
                   1 + LAG(document.series_number, 1,
                           LEAST(document.series_number, %(first)s) - 1) OVER (
                       PARTITION BY document.series_id, document.series_period
                           ORDER BY document.series_number) AS first_missing
              FROM %(table)s document
              JOIN document_series series ON series.id = document.series_id
            """,
            id=register_id("document", model),
            first=self.env["document.series"]._first_sql("document"),
            table=SQL.identifier(self.env[model]._table),
        )
