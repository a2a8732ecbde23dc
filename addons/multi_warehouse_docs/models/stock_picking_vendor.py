from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .empty_columns import add_empty_column


class StockPicking(models.Model):
    _inherit = "stock.picking"

    vendor_document_number = fields.Char(
        "Vendor's Document",
        copy=False,
        help="Number of the vendor's own delivery note, as printed on it.",
    )
    vendor_document_date = fields.Date("Vendor's Document Date", copy=False)
    # What may not come twice; only done receipts have it.
    vendor_document_key = fields.Char(compute="_compute_vendor_document_key", store=True)

    _vendor_document_idx = models.UniqueIndex(
        "(company_id, vendor_document_key) WHERE vendor_document_key IS NOT NULL",
        "Another receipt has this delivery note of the vendor.",
    )

    def _auto_init(self):
        # The transfers of before have no vendor's document: nothing to compute for them.
        add_empty_column(self, "vendor_document_key", "varchar")
        return super()._auto_init()

    @api.depends("state", "voided", "vendor_document_number", "vendor_document_date", "partner_id")
    def _compute_vendor_document_key(self):
        for picking in self:
            counts = picking.state == "done" and not picking.voided
            picking.vendor_document_key = picking._get_vendor_document_key() if counts else False

    def _get_vendor_document_key(self, vals=None):
        """Return vendor, number and year in one text, or False if there is no number.

        Capitals and blanks make no other number: people type them as they like. ``vals`` are
        values about to be written.
        """
        new = {
            "vendor_document_number": self.vendor_document_number,
            "vendor_document_date": self.vendor_document_date,
            "partner_id": self.partner_id.id,
            **(vals or {}),
        }
        number = "".join((new["vendor_document_number"] or "").split()).casefold()
        partner = self.env["res.partner"].browse(new["partner_id"] or [])
        if not number or not partner or self.document_type_id.kind != "receipt":
            return False
        date = fields.Date.to_date(new["vendor_document_date"]) or self._get_document_date()
        return f"{partner.commercial_partner_id.id}/{date.year}/{number}"

    # === CHECKS ===

    def button_validate(self):
        self._check_vendor_document()
        return super().button_validate()

    def _action_done(self):
        self._check_vendor_document()
        return super()._action_done()

    def write(self, vals):
        if {"vendor_document_number", "vendor_document_date", "partner_id"} & vals.keys():
            for picking in self.filtered(lambda one: one.state == "done" and not one.voided):
                picking._check_vendor_document_once(vals)
        return super().write(vals)

    def _check_vendor_document(self):
        """Refuse receipts without the vendor's document where it is needed, and the same twice."""
        for picking in self.filtered(lambda one: one.document_type_id.kind == "receipt"):
            required = picking.document_type_id.require_vendor_reference
            if required and not (picking.vendor_document_number and picking.vendor_document_date):
                raise UserError(
                    self.env._(
                        "%(receipt)s: enter number and date of the vendor's delivery note first. "
                        "The document type %(type)s requires them.",
                        receipt=picking.display_name,
                        type=picking.document_type_id.name,
                    )
                )
            picking._check_vendor_document_once()

    def _check_vendor_document_once(self, vals=None):
        key = self._get_vendor_document_key(vals)
        if not key:
            return
        first = self.sudo().search(  # also in a warehouse that is closed to the user
            [
                ("vendor_document_key", "=", key),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if first:
            raise UserError(
                self.env._(
                    "The delivery note %(number)s of %(vendor)s was received already with "
                    "%(first)s of %(date)s. Correct the number, or bring the goods of both "
                    "receipts into one before you validate them.",
                    number=first.vendor_document_number,
                    vendor=first.partner_id.commercial_partner_id.display_name,
                    first=first.document_number or first.name,
                    date=format_date(self.env, first._get_document_date()),
                )
            )

    def _get_invoice_section_name(self, language=None):
        """On a bill, say also which document of the vendor it was."""
        name = super()._get_invoice_section_name(language)
        if not self.vendor_document_number:
            return name
        here = self.with_context(lang=language or self.env.lang)
        if not self.vendor_document_date:
            return here.env._(
                "%(document)s (your document %(number)s)",
                document=name,
                number=self.vendor_document_number,
            )
        return here.env._(
            "%(document)s (your document %(number)s of %(date)s)",
            document=name,
            number=self.vendor_document_number,
            date=format_date(here.env, self.vendor_document_date, lang_code=language),
        )
