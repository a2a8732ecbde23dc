from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .field_changes import find_changes

KINDS = [
    ("sale_order", "Sales Order"),
    ("purchase_order", "Purchase Order"),
    ("delivery", "Delivery"),
    ("receipt", "Receipt"),
    ("internal", "Internal Document"),
    ("customer_return", "Return from Customer"),
    ("vendor_return", "Return to Vendor"),
    ("customer_invoice", "Customer Invoice"),
    ("vendor_bill", "Vendor Bill"),
]
ORDER_KINDS = ("sale_order", "purchase_order")
TRANSFER_KINDS = ("delivery", "receipt", "internal", "customer_return", "vendor_return")
INVOICE_KINDS = ("customer_invoice", "vendor_bill")
MODEL_OF_KIND = {
    "sale_order": "sale.order",
    "purchase_order": "purchase.order",
    **dict.fromkeys(TRANSFER_KINDS, "stock.picking"),
    **dict.fromkeys(INVOICE_KINDS, "account.move"),
}


class DocumentType(models.Model):
    """One of the different types of the same document: how it moves, is numbered and printed."""

    _name = "document.type"
    _description = "Document Type"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="Short, for lists and for imports.")
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="The first type of a kind is proposed on new documents."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, required=True, default="delivery", tracking=True)
    series_ids = fields.Many2many(
        "document.series",
        "document_type_series_rel",
        "type_id",
        "series_id",
        "Numbering Series",
        check_company=True,
        help="The series of the document's warehouse numbers it, else the one without a "
        "warehouse. Types may share a series. Without any, documents of the type get no number.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        help="Invoices and bills of the type are entered in this journal, which numbers them.",
    )
    causal_id = fields.Many2one("stock.causal", check_company=True, tracking=True)
    causal_ids = fields.Many2many(
        "stock.causal",
        string="Other Causals",
        check_company=True,
        help="May be chosen on the document instead of the usual one.",
    )
    picking_type_ids = fields.One2many(
        "stock.picking.type",
        "document_type_id",
        "Operation Types",
        help="Transfers of these operation types become documents of the type.",
    )
    return_type_id = fields.Many2one(
        "document.type",
        "Type of Returns",
        check_company=True,
        domain="[('kind', 'in', ('customer_return', 'vendor_return', 'internal'))]",
    )
    movement_trigger = fields.Selection(
        [
            ("manual", "Validated by Hand"),
            ("confirm", "When the Order is Confirmed"),
            ("delivered", "When the Order is Delivered"),
        ],
        "Goods Move",
        required=True,
        default="manual",
        tracking=True,
        help="By hand: the warehouse validates the transfers. When the order is confirmed: all of "
        "it moves at once, as over the counter. When delivered: the step 'Delivered' of the order, "
        "taken by a person or by a web shop, moves what is still open.",
    )
    report_id = fields.Many2one(
        "ir.actions.report",
        "Layout",
        domain="[('model', '=', report_model)]",
        help="The PDF of the documents. Copy one of the layouts to change it.",
    )
    report_model = fields.Char(compute="_compute_report_model")
    language_mode = fields.Selection(
        [
            ("partner", "Of the Recipient"),
            ("company", "Of the Company"),
        ],
        "Printed Language",
        required=True,
        default="partner",
    )
    print_prices = fields.Boolean(help="Prices are not required on a transport document.")
    copies = fields.Integer(default=2, help="How many copies are printed at once.")
    require_partner = fields.Boolean()
    require_carrier = fields.Boolean()
    require_vendor_reference = fields.Boolean(
        "Require the Vendor's Document",
        help="Number and date of the vendor's transport document must be entered.",
    )
    # === DEFAULTS OF ITS DOCUMENTS ===
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True)
    route_id = fields.Many2one("stock.route", check_company=True)
    payment_term_id = fields.Many2one("account.payment.term", "Payment Terms", check_company=True)
    incoterm_id = fields.Many2one("account.incoterms")
    pricelist_id = fields.Many2one("product.pricelist", check_company=True)
    note = fields.Html("Terms and Notes", translate=True, help="Printed below the lines.")

    _unique_code = models.Constraint(
        "UNIQUE (company_id, code)", "Another document type of the company has this code."
    )

    @api.depends("kind")
    def _compute_report_model(self):
        for document_type in self:
            document_type.report_model = MODEL_OF_KIND.get(document_type.kind)

    # === CHOICE ===

    @api.model
    def _get_default(self, kind, company):
        """Return the type proposed for new documents of that kind, or an empty record."""
        return self.search([("kind", "=", kind), ("company_id", "=", company.id)], limit=1)

    def _get_series(self, warehouse):
        """Return the series that numbers documents of this type in that warehouse, or none."""
        series = self.sudo().series_ids  # who ships need not be allowed to see the set-up
        own = series.filtered(lambda one: one.warehouse_id and one.warehouse_id == warehouse)
        return (own or series.filtered(lambda one: not one.warehouse_id))[:1]

    # === CHECKS ===

    @api.constrains("kind", "series_ids")
    def _check_series(self):
        for document_type in self:
            series = document_type.series_ids
            wrong = series.filtered(
                lambda one, kind=document_type.kind: one.document_model != MODEL_OF_KIND[kind]
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(type)s: the series %(series)s numbers other documents. Choose or make "
                        "one for %(kind)s; invoices and bills are numbered by their journal.",
                        type=document_type.name,
                        series=", ".join(wrong.mapped("name")),
                        kind=dict(self._fields["kind"]._description_selection(self.env))[
                            document_type.kind
                        ],
                    )
                )
            if len(series.warehouse_id) + (not all(one.warehouse_id for one in series)) != len(
                series
            ):
                raise ValidationError(
                    self.env._(
                        "%s has two series for the same warehouse, so a document could take its "
                        "number from either. Keep one.",
                        document_type.name,
                    )
                )

    def write(self, vals):
        for document_type, field in find_changes(self, vals, {"kind", "company_id"}):
            if document_type._is_used():
                raise UserError(
                    self.env._(
                        "%(type)s has documents, so its %(field)s stays. Make a new type.",
                        type=document_type.name,
                        field=field._description_string(self.env),
                    )
                )
        return super().write(vals)

    def _is_used(self):
        """Whether a document of this type exists."""
        model = MODEL_OF_KIND[self.kind]
        documents = self.env[model].sudo().with_context(active_test=False)
        return bool(documents.search_count([("document_type_id", "=", self.id)], limit=1))
