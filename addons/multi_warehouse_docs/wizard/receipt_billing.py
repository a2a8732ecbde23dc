from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..models.receipt_bills import ReceiptBill


class ReceiptBilling(models.TransientModel):
    """A vendor's bill, checked line by line against what came in."""

    _name = "receipt.billing"
    _description = "Bill Goods Receipts"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", "Vendor", required=True)
    picking_ids = fields.Many2many(
        "stock.picking",
        string="Receipts",
        help="Only these receipts and returns. Empty: all of the vendor that are not billed.",
    )
    bill_number = fields.Char("Number of the Bill", help="As the vendor printed it.")
    bill_date = fields.Date(
        "Date of the Bill", required=True, default=lambda self: fields.Date.context_today(self)
    )
    document_type_id = fields.Many2one(
        "document.type",
        "Type of the Bill",
        check_company=True,
        domain="[('kind', '=', 'vendor_bill'), ('company_id', '=', company_id)]",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Receipts of orders in another currency are on other bills.",
    )
    line_ids = fields.One2many(
        "receipt.billing.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount_untaxed = fields.Monetary("Untaxed Amount", compute="_compute_amounts")
    amount_difference = fields.Monetary(
        "Difference",
        compute="_compute_amounts",
        help="Above zero: the vendor bills more than the orders and receipts say.",
    )

    # === PROPOSAL ===

    @api.depends("partner_id", "picking_ids")
    def _compute_currency_id(self):
        for wizard in self:
            orders = wizard._find_open_moves()
            currencies = [move.purchase_line_id.currency_id for move in orders]
            currencies = [one for one in currencies if one]
            vendor = wizard.partner_id.with_company(wizard.company_id)
            wizard.currency_id = (
                currencies[0]
                if currencies
                else vendor.property_purchase_currency_id or wizard.company_id.currency_id
            )

    @api.depends("partner_id", "picking_ids", "currency_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = [Command.clear()]
            for move, quantity in wizard._find_open_moves().items():
                price = ReceiptBill.get_price(move, wizard.partner_id, wizard.currency_id)
                if price is not None:
                    lines.append(
                        Command.create(
                            {
                                "move_id": move.id,
                                "open_quantity": quantity,
                                "quantity": quantity,
                                "order_price": price,
                                "price_unit": price,
                            }
                        )
                    )
            wizard.line_ids = lines

    def _find_open_moves(self):
        """Return {move: quantity to bill} of the vendor, by receipt; below zero for returns."""
        if not self.partner_id:
            return {}
        pickings = self.env["stock.picking"].sudo()  # an accountant need not see transfers
        vendor = self.partner_id._origin.commercial_partner_id
        domain = Domain("company_id", "in", (self.company_id & self.env.companies).ids)
        domain &= pickings._get_invoicing_domain(sides=("purchase",))
        domain &= Domain("partner_id", "child_of", vendor.ids)
        domain &= Domain("invoice_state", "=", "to_invoice")
        if self.picking_ids:
            domain &= Domain("id", "in", self.picking_ids._origin.ids)
        found = pickings.search(domain)._get_open_moves("purchase")
        return dict(
            sorted(
                found.items(),
                key=lambda pair: (
                    pair[0].picking_id._get_document_date(),
                    pair[0].picking_id.id,
                    pair[0].id,
                ),
            )
        )

    @api.depends("line_ids.amount", "line_ids.amount_difference", "line_ids.selected")
    def _compute_amounts(self):
        for wizard in self:
            lines = wizard.line_ids.filtered("selected")
            wizard.amount_untaxed = sum(lines.mapped("amount"))
            wizard.amount_difference = sum(lines.mapped("amount_difference"))

    # === BILL ===

    def action_create_bill(self):
        """Create the draft bill, or the refund if more went back than came, and show it."""
        self.ensure_one()
        # the button is for those who may write bills; goods they need not see
        self.env["account.move"].check_access("create")
        lines = self.line_ids.filtered(lambda line: line.selected and line.quantity)
        if not lines:
            raise UserError(
                self.env._("Nothing is chosen. Tick the lines that are on the vendor's bill.")
            )
        lines.move_id.sudo().picking_id.with_env(self.env)._check_own_companies()
        self._check_bill_number()
        bill = ReceiptBill(self.sudo(), lines.sudo()).make().with_env(self.env)
        return bill._get_records_action(name=self.env._("Vendor Bill"))

    def _check_bill_number(self):
        if self.bill_number:
            bills = self.env["account.move"]
            bills._refuse_vendor_number(
                bills._find_vendor_number(
                    self.company_id, self.partner_id, self.bill_number, self.bill_date
                )
            )


class ReceiptBillingLine(models.TransientModel):
    """Goods of a receipt, and what the vendor bills for them."""

    _name = "receipt.billing.line"
    _description = "Line of a Goods Receipt to Bill"

    wizard_id = fields.Many2one("receipt.billing", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    selected = fields.Boolean("Bill", default=True)
    move_id = fields.Many2one("stock.move", required=True, readonly=True)
    document_name = fields.Char("Receipt", compute="_compute_goods")
    vendor_document_number = fields.Char("Vendor's Document", compute="_compute_goods")
    order_name = fields.Char("Order", compute="_compute_goods")
    product_id = fields.Many2one("product.product", compute="_compute_goods")
    uom_id = fields.Many2one("uom.uom", "Unit", compute="_compute_goods")
    ordered_quantity = fields.Float("Ordered", digits="Product Unit", compute="_compute_goods")
    received_quantity = fields.Float("Received", digits="Product Unit", compute="_compute_goods")
    open_quantity = fields.Float(
        "Not Billed",
        digits="Product Unit",
        readonly=True,
        help="Of this receipt. Below zero: to be refunded.",
    )
    billed_quantity = fields.Float("Billed", digits="Product Unit", compute="_compute_goods")
    quantity = fields.Float(digits="Product Unit", help="As the vendor bills it.")
    order_price = fields.Float(
        "Price of the Order", digits="Product Price", readonly=True, help="After discount."
    )
    price_unit = fields.Float("Price", digits="Product Price", help="As the vendor bills it.")
    amount = fields.Monetary(compute="_compute_amounts")
    quantity_difference = fields.Float(digits="Product Unit", compute="_compute_amounts")
    amount_difference = fields.Monetary("Difference", compute="_compute_amounts")

    @api.depends("move_id")
    def _compute_goods(self):
        for line in self:
            move = line.move_id.sudo()  # see the wizard
            ordered = move.purchase_line_id
            picking = move.picking_id
            line.document_name = picking.document_number or picking.name
            line.vendor_document_number = picking.vendor_document_number
            line.order_name = ordered.order_id.document_number or ordered.order_id.name
            line.product_id = move.product_id.sudo(False)
            line.uom_id = move.product_id.uom_id
            line.ordered_quantity = ordered.product_uom_qty
            line.received_quantity = move._get_invoice_sign("purchase") * move._get_done_quantity()
            line.billed_quantity = line.received_quantity - line.open_quantity

    @api.depends("quantity", "price_unit", "open_quantity", "order_price", "currency_id")
    def _compute_amounts(self):
        for line in self:
            expected = line.open_quantity * line.order_price
            line.amount = line.quantity * line.price_unit
            line.quantity_difference = line.quantity - line.open_quantity
            line.amount_difference = line.amount - expected
