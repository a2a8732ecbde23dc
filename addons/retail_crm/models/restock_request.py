from odoo import api, fields, models


class RetailRestockRequest(models.Model):
    """Somebody wants to know when a product can be had again."""

    _name = "retail.restock.request"
    _description = "Restock Request"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_storable", "=", True)],
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        help="The customer is told when at least so much is free.",
    )
    note = fields.Char()
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("open", "Waiting"), ("told", "Told"), ("cancelled", "Cancelled")],
        required=True,
        default="open",
        tracking=True,
        index=True,
    )
    notified_at = fields.Datetime("Told On", readonly=True, copy=False)

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "Somebody waits for more than nothing."
    )
    _waiting_once = models.UniqueIndex(
        "(product_id, partner_id, company_id) WHERE state = 'open'",
        "This customer waits for this product already.",
    )

    @api.depends("product_id", "partner_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._(
                "%(product)s for %(customer)s",
                product=request.product_id.display_name,
                customer=request.partner_id.display_name,
            )

    def _get_available(self):
        """Those of these requests that could be served now."""
        found = self.browse()
        for company, requests in self.grouped("company_id").items():
            products = requests.product_id.with_company(company)
            products = products.with_context(allowed_company_ids=company.ids)
            # figures of stock are kept for as long as a transaction goes
            products.invalidate_recordset(["free_qty"], flush=False)
            free = {product.id: product.free_qty for product in products}
            found |= requests.filtered(
                lambda one, free=free: free[one.product_id.id] >= one.quantity
            )
        return found

    def _on_trigger_run(self, run):
        """The customer has been told: it is not waited for any more."""
        self.write({"state": "told", "notified_at": fields.Datetime.now()})

    def action_cancel(self):
        """The customer does not wait any longer."""
        self.filtered(lambda one: one.state == "open").state = "cancelled"
