from odoo import api, fields, models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "document.numbered"]
    _rec_names_search = ["name", "document_number"]

    # A return is copied from the delivery, but it is another document.
    document_type_id = fields.Many2one(copy=False)

    _document_number_idx = models.UniqueIndex(
        "(series_id, series_period, series_number) WHERE series_id IS NOT NULL",
        "Another transfer has this document number.",
    )

    @api.depends("document_number")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        self._add_number_to_name()
        return result

    # === TYPE ===

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        for picking, vals in zip(pickings, vals_list, strict=True):
            if "document_type_id" not in vals:
                picking._set_document_type()
        return pickings

    def write(self, vals):
        result = super().write(vals)
        places = {"picking_type_id", "location_id", "location_dest_id"}
        if places & vals.keys() and "document_type_id" not in vals:
            for picking in self.filtered(lambda one: one.state not in ("done", "cancel")):
                picking._set_document_type(keep="picking_type_id" not in vals)
        return result

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        backorder.document_type_id = self.document_type_id
        return backorder

    def _set_document_type(self, keep=False):
        """Take the type that follows from operation and places; ``keep`` one that suits them."""
        found = self._find_document_type()
        if self.document_number or (keep and self._can_keep_document_type(found)):
            return
        if found != self.document_type_id:
            self.document_type_id = found

    def _can_keep_document_type(self, found):
        """Whether the type, maybe chosen by hand, is as right for the places as ``found``."""
        mine = self.document_type_id
        return bool(mine) and mine.kind == found.kind and mine.company_id == self.company_id

    def _find_document_type(self):
        """Return the type that this transfer is a document of; none for a step in a warehouse.

        The operation type decides. Returns are documents of their own, whatever operation carries
        them. Goods that go to another warehouse by way of a transit place are one internal
        document, that of the leg that leaves.
        """
        proposed = self.picking_type_id.document_type_id
        if self.location_id.usage == "transit":
            return self.env["document.type"]
        if self.location_dest_id.usage == "transit":
            return proposed if proposed.kind == "internal" else self._get_default_type("internal")
        kind = self._get_return_kind()
        if not kind or proposed.kind == kind:
            return proposed
        return self.return_id.document_type_id.return_type_id or self._get_default_type(kind)

    def _get_return_kind(self):
        """Return the kind of a return, or None for a transfer that is none."""
        if self.location_id.usage == "customer":
            return "customer_return"
        if self.location_dest_id.usage == "supplier":
            return "vendor_return"
        return None

    def _get_default_type(self, kind):
        return self._default_document_type(kind, self.company_id)

    # === NUMBER ===

    def _get_document_warehouse(self):
        return self.picking_type_id.warehouse_id

    def _get_document_date(self):
        """A transfer that is done without a number stays of the day on which it was done."""
        if self.state == "done" and self.date_done and not self.document_date:
            return fields.Date.context_today(self._with_own_zone(own=True), self.date_done)
        return super()._get_document_date()

    def _send_confirmation_email(self):
        # The last step of a validation, and the first that shows the number to somebody.
        self._draw_numbers_when_done()
        return super()._send_confirmation_email()

    def _action_done(self):
        self._check_required()
        result = super()._action_done()
        self._draw_numbers_when_done()  # in case another addon sends its mail in another way
        return result

    def _draw_numbers_when_done(self):
        self.filtered(lambda picking: picking.state == "done")._draw_numbers()

    # === WHAT THE TYPE REQUIRES ===

    def _check_required(self):
        """Refuse to carry out documents that lack what their type requires."""
        texts = [text for picking in self for text in picking._get_missing_data()]
        if texts:
            raise UserError("\n".join(texts))

    def _get_missing_data(self):
        """Return a sentence for everything that the type requires and this transfer lacks."""
        document_type, texts = self.document_type_id, []
        if document_type.require_partner and not self.partner_id:
            texts.append(
                self.env._(
                    "%(document)s: documents of the type %(type)s need a contact. Enter it first.",
                    document=self.display_name,
                    type=document_type.name,
                )
            )
        if document_type.require_carrier and not self._has_carrier():
            texts.append(
                self.env._(
                    "%(document)s: documents of the type %(type)s need a carrier. Enter it first.",
                    document=self.display_name,
                    type=document_type.name,
                )
            )
        return texts

    def _has_carrier(self):
        """Whether it is said who carries the goods."""
        return bool(self.carrier_id)
