from odoo import api, fields, models
from odoo.exceptions import ValidationError

INVOICED_BY = {"sale_order": "customer_invoice", "purchase_order": "vendor_bill"}


class DocumentType(models.Model):
    _inherit = "document.type"  # pylint: disable=consider-merging-classes-inherited

    invoice_type_id = fields.Many2one(
        "document.type",
        "Type of Invoices",
        check_company=True,
        domain="[('kind', '=', {'sale_order': 'customer_invoice', 'purchase_order': "
        "'vendor_bill'}.get(kind)), ('company_id', '=', company_id)]",
        help="Orders of the type are invoiced in the journal of that type.",
    )

    @api.constrains("kind", "invoice_type_id")
    def _check_invoice_type(self):
        for document_type in self:
            invoice_type = document_type.invoice_type_id
            if invoice_type and invoice_type.kind != INVOICED_BY.get(document_type.kind):
                raise ValidationError(
                    self.env._(
                        "%(type)s cannot be invoiced with %(invoice_type)s. Choose a type of "
                        "customer invoices for sales orders, of vendor bills for purchase orders.",
                        type=document_type.name,
                        invoice_type=invoice_type.name,
                    )
                )
