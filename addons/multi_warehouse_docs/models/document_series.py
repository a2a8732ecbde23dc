import re

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .field_changes import find_changes

DOCUMENT_MODELS = [
    ("stock.picking", "Transfers"),
    ("sale.order", "Sales Orders"),
    ("purchase.order", "Purchase Orders"),
]
# What may not change any more once a number of the series is in the world.
LOCKED_BY_USE = {"company_id", "document_model", "reset", "warehouse_id"}
PLACEHOLDER = re.compile(r"%%|%(?:\((?P<name>\w+)\)s)?")
PERIOD_FORMATS = {"never": "", "year": "%Y", "month": "%Y-%m"}


class DocumentSeries(models.Model):
    """How documents of some types are numbered.

    There is no counter: the last number is read from the documents themselves, and a unique index
    on their table lets two of them never have the same one. See ``document.numbered``.
    """

    _name = "document.series"
    _description = "Numbering Series"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Only documents of this warehouse take numbers of the series. "
        "Empty: those of all warehouses that have no series of their own.",
    )
    document_model = fields.Selection(
        DOCUMENT_MODELS,
        "Used For",
        required=True,
        default="stock.picking",
        help="A series numbers one sort of document only, so that no number can come twice.",
    )
    type_ids = fields.Many2many(
        "document.type", "document_type_series_rel", "series_id", "type_id", "Document Types"
    )
    prefix = fields.Char(
        tracking=True, help="Before the number. %(year)s, %(y)s and %(month)s stand for its date."
    )
    suffix = fields.Char(
        tracking=True, help="After the number. %(year)s, %(y)s and %(month)s stand for its date."
    )
    padding = fields.Integer(
        "Digits", default=5, help="Shorter numbers are filled up with zeros on the left."
    )
    reset = fields.Selection(
        [("never", "Never"), ("year", "Every Year"), ("month", "Every Month")],
        "Start Again",
        required=True,
        default="year",
        tracking=True,
        help="The year or month is that of the document's own date, not of the day it is entered.",
    )
    first_number = fields.Integer(
        default=1, tracking=True, help="For those who go on from another program."
    )
    first_date = fields.Date(
        "First Number From",
        tracking=True,
        help="The first number holds in the year or month of this date only; later ones start "
        "with 1. Empty: it holds in all of them.",
    )
    date_order = fields.Selection(
        [("ignore", "Allowed"), ("warn", "Allowed with a Note"), ("block", "Refused")],
        "Date Before the Last Number",
        required=True,
        default="block",
        help="What happens when a document is dated earlier than the last number of its series.",
    )
    next_number = fields.Char(
        compute="_compute_state",
        help="What a document of today would get if nobody is faster: a preview, no promise.",
    )
    last_number = fields.Char(compute="_compute_state")
    last_date = fields.Date(compute="_compute_state")
    number_count = fields.Integer("Numbers", compute="_compute_counts")
    void_count = fields.Integer("Void", compute="_compute_counts")
    gap_count = fields.Integer(
        "Missing Numbers",
        compute="_compute_counts",
        help="Numbers between the first and the last that no document has. Always 0: anything "
        "else means that records were deleted in the database itself.",
    )

    _positive = models.Constraint(
        "CHECK (first_number > 0 AND padding BETWEEN 0 AND 20)",
        "The first number is at least 1, and a number has at most 20 digits.",
    )

    # === FIGURES ON THE FORM ===

    @api.depends_context("uid", "tz")
    @api.depends(
        "prefix", "suffix", "padding", "reset", "first_number", "first_date", "document_model"
    )
    def _compute_state(self):
        today = fields.Date.context_today(self)
        last_ones = self._get_last_ones(today)
        for series in self:
            last = last_ones.get(series._origin.id)
            series.last_number = last and last.document_number
            series.last_date = last and last.document_date
            number = last.series_number + 1 if last else series._get_first(today)
            try:
                series.next_number = series._format_number(number, today)
            except ValidationError:
                series.next_number = False

    def _get_last_ones(self, date):
        """Return ``{series id: document}`` with the last number of the period of that date.

        One look into the index for each series, all in one query for each sort of document.
        """
        found = {}
        for model, series in self._origin.grouped("document_model").items():
            Document = self.env[model].sudo()  # see _get_last
            Document.flush_model(["series_id", "series_period", "series_number"])
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT wanted.series_id, last.id
                      FROM (VALUES %(periods)s) AS wanted (series_id, period)
                     CROSS JOIN LATERAL (
                           SELECT document.id FROM %(table)s document
                            WHERE document.series_id = wanted.series_id
                              AND document.series_period = wanted.period
                            ORDER BY document.series_number DESC LIMIT 1) AS last
                    """,
                    periods=SQL(", ").join(
                        SQL("(%s, %s)", one.id, one._get_period(date)) for one in series
                    ),
                    table=SQL.identifier(Document._table),
                )
            )
            documents = Document.browse(document_id for _series_id, document_id in rows)
            found |= zip((series_id for series_id, _id in rows), documents, strict=True)
        return found

    @api.depends("document_model")
    def _compute_counts(self):
        rows = self._origin._count_numbers()
        for series in self:
            row = rows.get(series._origin.id, {})
            series.number_count = row.get("numbers", 0)
            series.void_count = row.get("void", 0)
            series.gap_count = row.get("missing", 0)

    def _count_numbers(self):
        """Return ``{series id: {"numbers", "void", "missing"}}``, one query a sort of document."""
        self.flush_recordset(["first_number", "first_date", "reset"])
        found = {}
        for model, series in self.grouped("document_model").items():
            Document = self.env[model]
            Document.flush_model(["series_id", "series_period", "series_number", "voided"])
            rows = self.env.execute_query_dict(
                SQL(
                    """
                    SELECT period.series_id AS id, SUM(period.numbers)::int AS numbers,
                           SUM(period.void)::int AS void,
                           SUM(period.high - LEAST(period.low, %(first)s) + 1 - period.numbers)::int
                               AS missing
                      FROM (SELECT series_id, series_period, COUNT(*) AS numbers,
                                   COUNT(*) FILTER (WHERE voided) AS void,
                                   MIN(series_number) AS low, MAX(series_number) AS high
                              FROM %(table)s WHERE series_id = ANY(%(series)s)
                             GROUP BY series_id, series_period) AS period
                      JOIN document_series series ON series.id = period.series_id
                     GROUP BY period.series_id
                    """,
                    first=self._first_sql("period"),
                    table=SQL.identifier(Document._table),
                    series=series.ids,
                )
            )
            found |= {row.pop("id"): row for row in rows}
        return found

    @api.model
    def _first_sql(self, numbers):
        """``_get_first`` in SQL: ``series`` is joined, ``numbers`` has the ``series_period``.

        A start number raised later moves no gap into what was numbered before: take the least of
        this and the first number given.
        """
        return SQL(
            """
            (CASE WHEN series.first_date IS NULL OR %s = (
                       CASE series.reset WHEN 'year' THEN TO_CHAR(series.first_date, 'YYYY')
                                         WHEN 'month' THEN TO_CHAR(series.first_date, 'YYYY-MM')
                                         ELSE '' END)
                  THEN series.first_number ELSE 1 END)
            """,
            SQL.identifier(numbers, "series_period"),
        )

    # === FORMAT ===

    @api.constrains("prefix", "suffix")
    def _check_format(self):
        for series in self:
            series._format_number(1, fields.Date.context_today(series))

    def _format_number(self, number, date):
        """Return the number as people read it, for a document of that date."""
        self.ensure_one()
        parts = {"year": f"{date:%Y}", "y": f"{date:%y}", "month": f"{date:%m}"}

        def fill(found):
            if found[0] == "%%":
                return "%"
            if found["name"] in parts:
                return parts[found["name"]]
            raise ValidationError(
                self.env._(
                    "%(series)s: the prefix or suffix cannot be read. Only %%(year)s, %%(y)s and "
                    "%%(month)s may stand in it.",
                    series=self.name,
                )
            )

        prefix = PLACEHOLDER.sub(fill, self.prefix or "")
        suffix = PLACEHOLDER.sub(fill, self.suffix or "")
        return f"{prefix}{number:0{self.padding}d}{suffix}"

    def _get_period(self, date):
        """Return the key of the period in which the numbers run on: '', '2026' or '2026-03'."""
        return date.strftime(PERIOD_FORMATS[self.reset]) if PERIOD_FORMATS[self.reset] else ""

    def _get_first(self, date):
        """Return the first number of the period of that date."""
        if not self.first_date or self._get_period(self.first_date) == self._get_period(date):
            return self.first_number
        return 1

    def _get_last(self, period):
        """Return the document with the highest number of the period, or an empty record.

        Everybody who may see the series may see the last number, even of a document in a
        warehouse that is closed to them: hence ``sudo``.
        """
        return (
            self.env[self.document_model]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("series_id", "=", self._origin.id),
                    ("series_period", "=", period),
                ],
                order="series_number desc",
                limit=1,
            )
            if self._origin
            else self.env[self.document_model]
        )

    def _get_period_bounds(self, date):
        """Return the first and last day of the period of that date; None where it never ends."""
        if self.reset == "year":
            return date.replace(month=1, day=1), date.replace(month=12, day=31)
        if self.reset == "month":
            return date.replace(day=1), date + relativedelta(day=31)
        return None, None

    # === WHAT MAY NOT CHANGE ===

    def write(self, vals):
        for series, field in find_changes(self, vals, LOCKED_BY_USE):
            if series.number_count:
                raise UserError(
                    self.env._(
                        "%(series)s has given numbers already, so its %(field)s stays. Make a "
                        "new series and choose it on the document type.",
                        series=series.name,
                        field=field._description_string(self.env),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for series in self:
            if series.number_count:
                raise UserError(
                    self.env._(
                        "%s has given numbers, so it cannot be deleted. Archive it instead.",
                        series.name,
                    )
                )

    @api.constrains("document_model", "type_ids")
    def _check_types(self):
        self.type_ids._check_series()
