from odoo import api, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _with_document_types(self, kind, vals_list):
        vals_list = super()._with_document_types(kind, vals_list)
        types = self.env["document.type"]
        return [
            self._get_proposed(types.browse(vals["document_type_id"])) | vals for vals in vals_list
        ]

    @api.model
    def _get_proposed(self, document_type):
        """Return the values that the type proposes for an order, as ids; only those it has."""
        document_type = document_type.sudo()  # who buys need not be allowed to see the set-up
        proposed = {
            "payment_term_id": document_type.payment_term_id.id,
            "incoterm_id": document_type.incoterm_id.id,
            "picking_type_id": document_type.warehouse_id.in_type_id.id,
        }
        return {name: value for name, value in proposed.items() if value}

    @api.onchange("document_type_id")
    def _onchange_document_type_id(self):
        if self.state in ("draft", "sent"):
            self.update(self._get_proposed(self.document_type_id))

    @api.onchange("partner_id", "company_id")
    def onchange_partner_id(self):
        """The type's terms of payment come before those of the vendor."""
        result = super().onchange_partner_id()
        term = self._get_proposed(self.document_type_id).get("payment_term_id")
        if self.partner_id and term:
            self.payment_term_id = term
        return result

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        # who bills need not be allowed to see the set-up of documents
        journal = self.document_type_id.sudo().invoice_type_id.journal_id
        if journal:
            values["journal_id"] = journal.id
        return values

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if not message and self.document_type_id.require_vendor_reference and not self.partner_ref:
            message = self.env._(
                "%(document)s: orders of the type %(type)s need the vendor's reference. Enter it "
                "first.",
                document=self.display_name,
                type=self.document_type_id.name,
            )
        return message
