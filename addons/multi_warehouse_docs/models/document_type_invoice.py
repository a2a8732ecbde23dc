from odoo import fields, models


class DocumentType(models.Model):
    _inherit = "document.type"

    invoice_type_id = fields.Many2one(
        "document.type",
        "Type of Invoices",
        check_company=True,
        domain="[('kind', 'in', ('customer_invoice', 'vendor_bill')), "
        "('company_id', '=', company_id)]",
        help="Invoices made from documents of this type are of that type. Empty: the first type "
        "that uses the journal.",
    )
    post_invoices = fields.Boolean(
        "Post Immediate Invoices",
        help="Invoices that are made when the document is validated (causal: Invoiced at Once) "
        "are posted, instead of waiting as drafts for a person to look at them.",
    )

    def _get_invoice_values(self):
        """Return what an invoice of this type starts with: journal, payment terms, note."""
        self.ensure_one()
        values = {"document_type_id": self.id}
        if self.journal_id:
            values["journal_id"] = self.journal_id.id
        if self.payment_term_id:
            values["invoice_payment_term_id"] = self.payment_term_id.id
        if self.note:
            values["narration"] = self.note
        return values
