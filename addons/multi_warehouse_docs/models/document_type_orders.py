from odoo import api, models
from odoo.exceptions import ValidationError

# Kind of document -> kind of what invoices it; other kinds are not bound to one.
INVOICED_BY = {
    "sale_order": "customer_invoice",
    "delivery": "customer_invoice",
    "customer_return": "customer_invoice",
    "purchase_order": "vendor_bill",
    "receipt": "vendor_bill",
    "vendor_return": "vendor_bill",
}


class DocumentType(models.Model):
    _inherit = "document.type"

    @api.constrains("kind", "invoice_type_id")
    def _check_invoice_type(self):
        for document_type in self:
            invoice_type = document_type.invoice_type_id
            wanted = INVOICED_BY.get(document_type.kind)
            if invoice_type and wanted and invoice_type.kind != wanted:
                raise ValidationError(
                    self.env._(
                        "%(type)s cannot be invoiced with %(invoice_type)s. Choose a type of "
                        "customer invoices for what is sold, of vendor bills for what is bought.",
                        type=document_type.name,
                        invoice_type=invoice_type.name,
                    )
                )
