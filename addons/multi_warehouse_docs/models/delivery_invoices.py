"""Invoices made from delivery notes: which goods go into which invoice, with which lines."""

from collections import defaultdict

from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tools import SQL, float_compare

from .delivery_invoice_lines import DeliveryInvoiceLines


def lock_pickings(pickings):
    """Let nobody else invoice these documents meanwhile, nor bill them.

    The row is written, not only locked: who waited for us starts again and sees our invoice.
    Raises UserError while somebody else has them.
    """
    env = pickings.env
    try:
        pickings.sudo().lock_for_update()  # also for who may only read transfers
    except LockError as error:
        raise UserError(
            env._("Somebody else is at work on these documents. Try again in a moment.")
        ) from error
    env.cr.execute(
        SQL(
            "UPDATE stock_picking SET write_date = write_date WHERE id IN %s",
            tuple(pickings.ids) or (0,),
        )
    )


class InvoiceDraft:
    """One invoice to be: what its goods have in common, and its lines.

    ``goods`` maps each delivery note to {order line (may be empty) or move: [(move, quantity)]};
    quantities are in the unit of the product, below zero for what came back.
    """

    def __init__(self, company, partner, currency, payment_term, fiscal_position):
        self.company = company
        self.partner = partner
        self.currency = currency
        self.payment_term = payment_term
        self.fiscal_position = fiscal_position
        self.goods = defaultdict(lambda: defaultdict(list))
        self.lines = []  # values of account.move.line, signed like an invoice
        self.totals = {}

    @property
    def key(self):
        return tuple(
            record.id
            for record in (
                self.company,
                self.partner,
                self.currency,
                self.payment_term,
                self.fiscal_position,
            )
        )

    @property
    def is_credit(self):
        return float_compare(self.total, 0.0, precision_rounding=self.currency.rounding) < 0

    @property
    def total(self):
        return self.totals.get("total_amount_currency", 0.0)

    def get_pickings(self, env):
        """Return the delivery notes in the order in which the invoice names them."""
        return env["stock.picking"].union(*self.goods)

    def get_orders(self, env):
        """Return the sales orders whose goods the invoice covers."""
        lines = [line for note in self.goods.values() for line in note]
        return env["sale.order"].union(
            *(line.order_id for line in lines if line._name == "sale.order.line")
        )


class DeliveryInvoices(DeliveryInvoiceLines):
    """The invoices and credit notes of some delivery notes and customer returns.

    Prices, discounts and taxes are those of the orders; goods outside orders have the price of
    the customer's pricelist, and goods that come back the price they were invoiced at.
    """

    def __init__(self, pickings, invoice_date=None, document_type=None, options=()):
        self.env = pickings.env
        self.pickings = pickings
        self.invoice_date = invoice_date
        self.document_type = document_type or self.env["document.type"]
        self.without = set(options)  # "services", "down_payments": left out
        self._terms = {}  # of orders and delivery notes: many goods share them

    # === WHAT GOES WHERE ===

    def get_drafts(self):
        """Return the invoices to be, by customer; nothing is written."""
        drafts = {}
        for move, quantity in self._get_goods():
            draft = self._find_draft(move)
            if draft:
                draft = drafts.setdefault(draft.key, draft)
                source = move.sale_line_id or move
                draft.goods[move.picking_id][source].append((move, quantity))
        for draft in drafts.values():
            self._fill_lines(draft)
        return sorted(drafts.values(), key=lambda one: (one.partner.display_name or "", one.key))

    def get_nameless(self):
        """Return the documents with goods to invoice that name no customer."""
        moves = [move for move, _quantity in self._get_goods() if not self._find_draft(move)]
        return self.env["stock.picking"].union(*(move.picking_id for move in moves))

    def _get_goods(self):
        open_moves = self.pickings._get_open_moves("sale")
        dates = {note: note._get_document_date() for note in self.pickings}

        def by_document(pair):
            move = pair[0]
            note = move.picking_id
            line = move.sale_line_id
            return dates[note], note.series_number, note.id, line.sequence, line.id, move.id

        return sorted(open_moves.items(), key=by_document)

    def _find_draft(self, move):
        """Return an empty draft with the terms of the goods, or None without a customer."""
        order, picking = move.sale_line_id.order_id, move.picking_id
        source = order or picking
        if source not in self._terms:
            self._terms[source] = (
                self._get_order_terms(order) if order else self._get_terms(picking)
            )
        terms = self._terms[source]
        return InvoiceDraft(*terms) if terms else None

    def _get_order_terms(self, order):
        """Return what goods of the order share with others on one invoice; see InvoiceDraft."""
        positions = order.fiscal_position_id.with_company(order.company_id)
        position = positions or positions._get_fiscal_position(order.partner_invoice_id)
        return (
            order.company_id,
            order.partner_invoice_id,
            order.currency_id,
            order.payment_term_id,
            position,
        )

    def _get_terms(self, picking):
        """Return the same for goods outside orders; None if nobody is named."""
        picking = picking.with_company(picking.company_id)
        partner = picking.partner_id
        if not partner:
            return None
        invoiced = partner.browse(partner.address_get(["invoice"])["invoice"])
        invoiced = invoiced.with_company(picking.company_id)
        position = picking.env["account.fiscal.position"]._get_fiscal_position(invoiced, partner)
        return (
            picking.company_id,
            invoiced,
            invoiced.property_product_pricelist.currency_id or picking.company_id.currency_id,
            invoiced.property_payment_term_id,
            position,
        )

    # === LINES ===

    def _fill_lines(self, draft):
        language = draft.partner.lang
        for note, sources in draft.goods.items():
            draft.lines.append(
                {
                    "display_type": "line_section",
                    "name": note._get_invoice_section_name(language),
                    "delivery_note_id": note.id,
                }
            )
            draft.lines += [
                self._prepare_goods_line(draft, source, moves) for source, moves in sources.items()
            ]
        draft.totals = self._get_totals(draft, draft.lines)
        orders = self._get_delivering_orders(draft)
        if "services" not in self.without:
            draft.lines += self._prepare_service_lines(orders, language)
            draft.totals = self._get_totals(draft, draft.lines)
        if "down_payments" not in self.without:
            self._deduct_down_payments(draft, orders)

    def _get_delivering_orders(self, draft):
        orders = [
            source.order_id
            for sources in draft.goods.values()
            for source, moves in sources.items()
            if source._name == "sale.order.line" and any(quantity > 0 for _move, quantity in moves)
        ]
        return self.env["sale.order"].union(*orders)

    def _deduct_down_payments(self, draft, orders):
        """Take off what was paid before, for as many orders as the invoice is worth."""
        taxes = self.env["account.tax"]
        for order in orders:
            paid = order.order_line.filtered(
                lambda line: line.is_downpayment and not line.display_type and line.qty_invoiced > 0
            )
            if not paid:
                continue
            lines = [order._prepare_down_payment_section_line()]
            lines += [
                self._prepare_order_line(
                    line,
                    draft.partner.lang,
                    quantity=-1.0,
                    extra_tax_data=taxes._reverse_quantity_base_line_extra_tax_data(
                        line.extra_tax_data
                    ),
                )
                for line in paid
            ]
            totals = self._get_totals(draft, draft.lines + lines)
            if float_compare(totals["total_amount_currency"], 0, precision_digits=6) >= 0:
                draft.lines += lines
                draft.totals = totals

    # === WRITING ===

    def make(self, keys=None):
        """Create the invoices as drafts; ``keys`` keeps to some of ``get_drafts``. Return them."""
        lock_pickings(self.pickings)
        drafts = [one for one in self.get_drafts() if keys is None or one.key in keys]
        invoices = self.env["account.move"]
        for company in self.env["res.company"].union(*(draft.company for draft in drafts)):
            values = [self._prepare_invoice(one) for one in drafts if one.company == company]
            invoices |= invoices.with_company(company).create(values)
        for invoice in invoices:
            orders = invoice.line_ids.sale_line_ids.order_id
            invoice.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": invoice, "origin": orders or invoice.delivery_note_ids},
                subtype_xmlid="mail.mt_note",
            )
        return invoices

    def _prepare_invoice(self, draft):
        values = self._prepare_head(draft)
        sign = -1 if draft.is_credit else 1
        taxes = self.env["account.tax"]
        commands = []
        for sequence, line in enumerate(draft.lines, 1):
            line = {**line, "sequence": sequence}
            if draft.is_credit and line["display_type"] == "product":
                line["quantity"] *= sign
                line["extra_tax_data"] = taxes._reverse_quantity_base_line_extra_tax_data(
                    line.get("extra_tax_data")
                )
            commands.append(Command.create(line))
        values["move_type"] = "out_refund" if draft.is_credit else "out_invoice"
        values["invoice_line_ids"] = commands
        if draft.is_credit:
            values["reversed_entry_id"] = self._get_credited_invoice(draft).id
        return values

    def _prepare_head(self, draft):
        orders = draft.get_orders(self.env)
        values = {}
        if orders:
            first = orders[0].with_company(draft.company).with_context(lang=draft.partner.lang)
            values = first._prepare_invoice()
            references = dict.fromkeys(order.client_order_ref or order.name for order in orders)
            values["ref"] = ", ".join(references)[:2000]
            values["invoice_origin"] = ", ".join(orders.mapped("name"))
            if len(orders) > 1:
                values["payment_reference"] = False
                transactions = [
                    order._prepare_invoice()["transaction_ids"]
                    for order in orders.filtered(lambda one: one.sudo().transaction_ids)
                ]
                values["transaction_ids"] = [
                    Command.set([key for command in transactions for key in command[0][2]])
                ]
        pickings = draft.get_pickings(self.env)
        values.update(
            {
                "partner_id": draft.partner.id,
                "company_id": draft.company.id,
                "currency_id": draft.currency.id,
                "invoice_payment_term_id": draft.payment_term.id,
                "fiscal_position_id": draft.fiscal_position.id,
                "invoice_date": self.invoice_date,
            }
        )
        document_type = (
            self.document_type or pickings._get_invoicing_document_type().invoice_type_id[:1]
        )
        if document_type and document_type.company_id == draft.company:
            type_values = document_type._get_invoice_values()
            type_values.pop("invoice_payment_term_id", None)  # agreed on the order
            values.update(type_values)
        return values

    def _get_credited_invoice(self, draft):
        """Return the invoice that all credited goods were on, or none if they were on several."""
        moves = [
            move
            for sources in draft.goods.values()
            for parts in sources.values()
            for move, _quantity in parts
        ]
        origins = self.env["stock.move"].union(*(move.origin_returned_move_id for move in moves))
        links = origins.sudo().invoice_link_ids.filtered(lambda link: link.side == "sale")
        invoices = links.account_move_id.filtered(
            lambda one: one.move_type == "out_invoice" and one.state == "posted"
        )
        return invoices if len(invoices) == 1 else invoices.browse()
