from odoo import api, fields, models

from .ir_sequence import SILENT_SEQUENCES

# Documents that go with goods on the road; the numbers of the others are entries in our books.
DDT_KINDS = ("delivery", "vendor_return", "internal")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # Odoo copies it: a backorder or return would start with the number of another document.
    l10n_it_ddt_number = fields.Char(
        compute="_compute_l10n_it_ddt_number", store=True, copy=False, readonly=True
    )

    @api.model
    def _get_ddt_kinds(self):
        """Return the kinds of documents whose number is a DDT number."""
        return DDT_KINDS

    @api.depends("document_number")
    def _compute_l10n_it_ddt_number(self):
        for picking in self:
            ours = picking.document_number and picking._is_ddt()
            # what Odoo drew before, or draws for operations without a document type, stays
            picking.l10n_it_ddt_number = (
                picking.document_number if ours else picking.l10n_it_ddt_number
            )

    def _is_ddt(self):
        """Whether the type makes this transfer a document that travels with the goods."""
        return self.document_type_id.kind in self._get_ddt_kinds()

    def _get_ddt_date(self):
        """Return the date that goes with the DDT number: as printed, or the day of the transfer."""
        self.ensure_one()
        if self.document_number:
            return self.document_date
        return self.date_done and fields.Date.context_today(self, self.date_done)

    # === ONE NUMBER ===

    def _action_done(self):
        # Odoo's module draws from a counter before the stock work, for every transfer of an
        # operation with a sequence, and forgets the result of the work.
        silent = tuple(self.picking_type_id.l10n_it_ddt_sequence_id.ids)
        speechless = self.with_context(**{SILENT_SEQUENCES: silent})
        result = super(StockPicking, speechless)._action_done()
        return True if result is None else result

    def _draw_numbers_when_done(self):
        result = super()._draw_numbers_when_done()
        self._draw_odoo_ddt_numbers()
        return result

    def _draw_odoo_ddt_numbers(self):
        """Let Odoo's sequence number the deliveries that no series of ours numbers."""
        here = self.with_context(**{SILENT_SEQUENCES: ()})
        for picking in here:
            sequence = picking.picking_type_id.l10n_it_ddt_sequence_id
            if (
                sequence
                and picking.state == "done"
                and not picking.document_number
                and not picking.l10n_it_ddt_number
                # what the customer keeps came to him with another DDT
                and not picking._is_sold_where_it_lies()
                # goods on the way to another warehouse of ours are no customer's
                and "transit" not in (picking.location_id.usage, picking.location_dest_id.usage)
            ):
                picking.l10n_it_ddt_number = sequence.next_by_id()

    # === ONE PAPER ===

    @api.depends("document_number", "document_type_id", "causal_id")
    def _compute_l10n_it_show_print_ddt_button(self):
        result = super()._compute_l10n_it_show_print_ddt_button()
        without = self.filtered(lambda one: one.document_number or one._is_sold_where_it_lies())
        without.l10n_it_show_print_ddt_button = False
        return result
