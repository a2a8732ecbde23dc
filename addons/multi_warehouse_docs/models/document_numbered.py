from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .field_changes import find_changes

# Set by the system only, at the moment the number is drawn, and never again.
DRAWN = {"series_id", "series_period", "series_number", "document_number"}
# Bound to the number: as it was printed, so it stays.
BOUND = {"document_type_id", "document_date", "company_id"}
VOIDING = {"voided", "void_reason", "void_date", "void_user_id"}
# Documents may be prepared for days to come, but not for ever.
DAYS_AHEAD = 31


def find_zone(company, own=False):
    """Return the name of the time zone in which a user sees the days of the company.

    ``own``: that of the company first, for a day that is the same whoever looks.
    """
    env = company.env
    mine, theirs = env.context.get("tz") or env.user.tz, company.partner_id.tz
    return (theirs or mine if own else mine or theirs) or "UTC"


class DocumentNumbered(models.AbstractModel):
    """A document that gets a number of a gap-free series, once and for good.

    The number is drawn at the last moment (``_draw_numbers``), without any counter: the highest
    number of the series is read from the documents, and the next one is written under a unique
    index. A rival with the same number in mind waits at the index until we commit or roll back;
    it then takes the next one or ours. So nothing is lost, nobody has to be sent back, and the
    work before the draw runs in parallel.
    """

    _name = "document.numbered"
    _description = "Numbered Document"

    document_type_id = fields.Many2one(
        "document.type", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    document_date = fields.Date(
        copy=False,
        help="The date on the document; year and month of its number follow it. Empty: the day on "
        "which the number is drawn.",
    )
    document_number = fields.Char(copy=False, readonly=True, index="trigram")
    series_id = fields.Many2one(
        "document.series", "Numbering Series", copy=False, readonly=True, ondelete="restrict"
    )
    series_period = fields.Char(copy=False, readonly=True)
    series_number = fields.Integer(copy=False, readonly=True, aggregator=None)
    voided = fields.Boolean("Void", copy=False, readonly=True)
    void_reason = fields.Char(copy=False, readonly=True)
    void_date = fields.Datetime("Void Since", copy=False, readonly=True)
    void_user_id = fields.Many2one("res.users", "Made Void by", copy=False, readonly=True)

    # === TYPE ===

    def _default_document_type(self, kind, company=None):
        """Return the type proposed for a new document of that kind."""
        # who writes documents need not be allowed to see the set-up
        types = self.env["document.type"].sudo()
        return types._get_default(kind, company or self.env.company).sudo(False)

    def _with_document_types(self, kind, vals_list):
        """Return the values for new documents with the type of their own company, if none is given.

        The default of the field knows only the company of the user.
        """
        given = self.env.context.get("default_company_id") or self.env.company.id
        companies = self.env["res.company"]
        return [
            vals
            if "document_type_id" in vals
            else vals
            | {
                "document_type_id": self._default_document_type(
                    kind, companies.browse(vals.get("company_id") or given)
                ).id
            }
            for vals in vals_list
        ]

    def _add_number_to_name(self):
        """People look for the number on the paper, so it comes first."""
        for document in self:
            if document.document_number:
                document.display_name = f"{document.document_number} - {document.display_name}"

    @api.constrains("document_type_id")
    def _check_type_company(self):
        """Refuse a type of another company: transfers and purchase orders have no such check."""
        self._check_company(["document_type_id"])

    # === DRAWING A NUMBER ===

    def _draw_numbers(self):
        """Give a number to each of these documents whose type has a series and that has none yet.

        Call it after all other work of the transaction that may take time or fail: from here to
        the commit, others who draw from the same series wait. Documents are taken in the order of
        series and date, so that two transactions cannot wait for each other.
        """
        waiting = self.filtered(lambda document: not document.document_number)
        with_series = [(document._get_series(), document) for document in waiting]
        with_series = [(series, document) for series, document in with_series if series]
        if not with_series:
            return
        self.flush_model()
        for series, document in sorted(
            with_series, key=lambda pair: (pair[0].id, pair[1]._get_document_date(), pair[1].id)
        ):
            document._draw_number(series)

    def _draw_number(self, series):
        date = self._get_document_date()
        period = series._get_period(date)
        last = series._get_last(period)
        self._check_document_date(series, date, last)
        number = last.series_number + 1 if last else series._get_first(date)
        while not self._try_number(series, period, number):
            number += 1
        self.invalidate_recordset(["series_id", "series_period", "series_number"])
        self._write_past_lock(
            {"document_date": date, "document_number": series._format_number(number, date)}
        )

    def _try_number(self, series, period, number):
        """Take the number if nobody has it; wait for a rival who is about to take it."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET series_id = %s, series_period = %s, series_number = %s "
                        "WHERE id = %s",
                        SQL.identifier(self._table),
                        series.id,
                        period,
                        number,
                        self.id,
                    ),
                    log_exceptions=False,
                )
        except UniqueViolation:
            return False
        return True

    def _get_series(self):
        """Return the series that numbers this document: of its warehouse first; empty = none."""
        self.ensure_one()
        return self.document_type_id._get_series(self._get_document_warehouse())

    def _get_document_warehouse(self):
        """Return the warehouse whose series counts. Each kind of document knows its own."""
        return self.env["stock.warehouse"]

    def _get_document_date(self):
        """Return the date of the document: as entered, else today where the company is."""
        self.ensure_one()
        if self.document_date:
            return self.document_date
        return fields.Date.context_today(self._with_own_zone())

    def _with_own_zone(self, own=False):
        """Return the document with the time zone of ``find_zone``."""
        return self.with_context(tz=find_zone(self.company_id, own))

    def _check_document_date(self, series, date, last):
        """Refuse a date in a closed period or, where the series wants it, before the last one."""
        self._check_open_period(date)
        self._check_date_ahead(series, date)
        if not last or series.date_order == "ignore" or last.document_date <= date:
            return
        text = self.env._(
            "%(document)s is dated %(date)s, but %(last)s of the series %(series)s is of "
            "%(last_date)s already.",
            document=self.display_name,
            date=self.env["ir.qweb.field.date"].value_to_html(date, {}),
            last=last.document_number,
            series=series.name,
            last_date=self.env["ir.qweb.field.date"].value_to_html(last.document_date, {}),
        )
        if series.date_order == "block":
            raise UserError(
                text
                + " "
                + self.env._("Enter that date or a later one, or allow it on the series.")
            )
        self.message_post(body=text)

    def _check_date_ahead(self, series, date):
        """Refuse a slip of the pen that nobody could date a document after."""
        if date <= fields.Date.context_today(self) + timedelta(days=DAYS_AHEAD):
            return
        values = {
            "document": self.display_name,
            "date": self.env["ir.qweb.field.date"].value_to_html(date, {}),
            "days": DAYS_AHEAD,
        }
        if series.date_order == "ignore":
            raise UserError(
                self.env._(
                    "%(document)s is dated %(date)s, more than %(days)s days ahead. Correct the "
                    "date.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(document)s is dated %(date)s, more than %(days)s days ahead. Later documents "
                "of its series could then have no earlier date. Correct the date.",
                **values,
            )
        )

    def _check_open_period(self, date):
        """Refuse a date in a period that accounting has closed for everybody."""
        company = self.company_id.sudo()  # who ships need not see the accountants' settings
        closed = max(
            (day for day in (company.fiscalyear_lock_date, company.hard_lock_date) if day),
            default=None,
        )
        if closed and date <= closed:
            raise UserError(
                self.env._(
                    "%(document)s is dated %(date)s, but the accounts are closed up to %(closed)s. "
                    "Enter a later date.",
                    document=self.display_name,
                    date=self.env["ir.qweb.field.date"].value_to_html(date, {}),
                    closed=self.env["ir.qweb.field.date"].value_to_html(closed, {}),
                )
            )

    # === WHAT STAYS AS IT IS ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_by_hand(vals)
        # a default value, set up or in the context, would be a number by hand, too
        empty = dict.fromkeys(DRAWN | VOIDING, False)
        return super().create([{**empty, **vals} for vals in vals_list])

    def write(self, vals):
        self._refuse_by_hand(vals)
        numbered = self.filtered("document_number")
        for document, field in find_changes(numbered, vals, self._get_bound_fields()):
            raise UserError(
                self.env._(
                    "%(document)s has its number, so its %(field)s stays as it is. If it "
                    "is wrong, make the document void and enter it again.",
                    document=document.document_number,
                    field=field._description_string(self.env),
                )
            )
        return super().write(vals)

    def _write_past_lock(self, vals):
        """Write what ``write`` refuses: only for the one who draws the number or makes it void."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _get_bound_fields(self):
        """Return the names of the fields that stay as they are once the number is drawn."""
        return BOUND

    def _refuse_by_hand(self, vals):
        given = {name for name in (DRAWN | VOIDING) & vals.keys() if vals[name]}
        emptied = self and {name for name in (DRAWN | VOIDING) & vals.keys() if not vals[name]}
        if given or (emptied and any(document[name] for name in emptied for document in self)):
            raise UserError(
                self.env._(
                    "Document numbers come from their series by themselves: they can be neither "
                    "entered, imported nor changed. To go on from another program, set the first "
                    "number on the numbering series."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        for document in self:
            if document.document_number:
                raise UserError(
                    self.env._(
                        "%s has a number of its series, so it cannot be deleted: the number would "
                        "be missing. Make it void instead.",
                        document.document_number,
                    )
                )

    # === VOID ===

    def _make_void(self, reason):
        """Undo what these documents did, keep their numbers, and say that they do not count.

        Raises UserError for a document without number, one that is void already, without a reason
        or where something that follows from the document has to go first.
        """
        reason = (reason or "").strip()
        self._check_void()
        if not reason:
            raise UserError(self.env._("Say why the document is void: the register shows it."))
        self._undo_for_void()
        self._write_past_lock(
            {
                "voided": True,
                "void_reason": reason,
                "void_date": fields.Datetime.now(),
                "void_user_id": self.env.uid,
            }
        )
        for document in self:
            document.message_post(
                body=self.env._(
                    "%(document)s is void: %(reason)s",
                    document=document.document_number,
                    reason=reason,
                )
            )

    def _check_void(self):
        """Refuse to make void what cannot be; each kind of document adds its own reasons."""
        for document in self:
            if not document.document_number:
                raise UserError(
                    self.env._("%s has no number yet: cancel it instead.", document.display_name)
                )
            if document.voided:
                raise UserError(
                    self.env._(
                        "%(document)s is void since %(date)s.",
                        document=document.document_number,
                        date=self.env["ir.qweb.field.datetime"].value_to_html(
                            document.void_date, {}
                        ),
                    )
                )

    def _undo_for_void(self):
        """Take back what these documents did. Each kind of document knows its own."""
