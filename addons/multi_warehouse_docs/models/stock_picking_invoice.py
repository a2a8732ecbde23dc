from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .delivery_invoices import DeliveryInvoices
from .stock_move_invoice_link import SIDES

SIDE_OF_KIND = {
    "delivery": "sale",
    "customer_return": "sale",
    "receipt": "purchase",
    "vendor_return": "purchase",
}
INVOICED = ("immediate", "deferred", "credit")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    invoice_state = fields.Selection(
        [
            ("no", "Nothing to Invoice"),
            ("to_invoice", "To Invoice"),
            ("invoiced", "Invoiced"),
        ],
        "Invoicing",
        compute="_compute_invoice_state",
        search="_search_invoice_state",
        help="Whether invoices, credit notes or bills cover all the goods. Drafts count.",
    )
    invoice_side = fields.Selection(SIDES, compute="_compute_invoice_state")
    invoice_ids = fields.Many2many(
        "account.move",
        compute="_compute_invoice_ids",
        string="Invoices",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_ids",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    # === STATE ===

    def _get_invoicing(self):
        """Return how the causal of the transfer has it invoiced; 'none' without a causal."""
        return self.causal_id.invoicing or "none"

    def _is_given_away(self):
        """Whether the goods of the document are never invoiced: gifts, samples, substitutes."""
        return (
            self.causal_id.invoicing == "none"
            and self.document_type_id.kind in SIDE_OF_KIND
            and not self.voided
        )

    def _get_invoice_side(self):
        """Return 'sale' or 'purchase', or None for a transfer that is never invoiced."""
        self.ensure_one()
        if self.state != "done" or self.voided or self._get_invoicing() not in INVOICED:
            return None
        if self._is_sold_where_it_lies():
            return "sale"
        return SIDE_OF_KIND.get(self.document_type_id.kind)

    def _get_invoicing_document_type(self):
        """Return the types that say how these transfers are invoiced.

        What is sold where it lies has none of its own: that of the operation counts.
        """
        return self.env["document.type"].union(
            *(one.document_type_id or one.picking_type_id.document_type_id for one in self)
        )

    def _is_sold_where_it_lies(self):
        """Whether the customer keeps goods of ours: nothing travels, so there is no document."""
        causal = self.causal_id
        places = (causal.source_usage, causal.destination_usage)
        return not self.document_type_id and places == ("third_party", "customer")

    def _get_open_moves(self, side):
        """Return {move: quantity} of the goods still to invoice or, below zero, to credit."""
        moves = self.filtered(lambda one: one._get_invoice_side() == side).move_ids
        return {move: still for move, still in moves._get_open_quantities(side).items() if still}

    @api.depends("state", "voided", "causal_id", "move_ids.quantity", "move_ids.invoice_link_ids")
    def _compute_invoice_state(self):
        transfers = self.sudo()  # who ships may know that it is invoiced, not for how much
        waiting = self.browse()
        for side in ("sale", "purchase"):
            open_moves = transfers._get_open_moves(side)
            waiting |= self.browse(move.picking_id.id for move in open_moves)
        for picking, transfer in zip(self, transfers, strict=True):
            side = picking.invoice_side = transfer._get_invoice_side()
            if not side or not any(move._get_invoice_sign(side) for move in transfer.move_ids):
                picking.invoice_state = "no"
            else:
                picking.invoice_state = "to_invoice" if picking in waiting else "invoiced"

    def _search_invoice_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        possible = self._get_invoicing_domain()
        goods = SQL("SELECT picking_id FROM (%s) AS goods", self._get_goods_sql())
        still = SQL("%s WHERE is_open", goods)
        domains = {
            "to_invoice": possible & Domain("id", "in", still),
            "invoiced": possible & Domain("id", "in", goods) & Domain("id", "not in", still),
            "no": ~possible | Domain("id", "not in", goods),
        }
        return Domain.OR(domains[one] for one in value if one in domains)

    @api.model
    def _get_invoicing_domain(self, sides=("sale", "purchase")):
        """Return the domain of the documents that are invoiced at some time, or were."""
        kinds = [kind for kind, side in SIDE_OF_KIND.items() if side in sides]
        documents = Domain("document_type_id.kind", "in", kinds)
        if "sale" in sides:  # and what is sold where it lies
            documents |= (
                Domain("document_type_id", "=", False)
                & Domain("causal_id.source_usage", "=", "third_party")
                & Domain("causal_id.destination_usage", "=", "customer")
            )
        return (
            Domain("state", "=", "done")
            & Domain("voided", "=", False)
            & documents
            & Domain("causal_id.invoicing", "in", INVOICED)
        )

    def _get_goods_sql(self):
        """Return the query of moves to invoice, as ``_get_invoice_sign``: picking_id, is_open."""
        for model in ("stock.move", "stock.picking", "stock.move.invoice.link"):
            self.env[model].flush_model()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return SQL(
            """
            SELECT move.picking_id,
                   ABS(move.quantity * unit.factor / own.factor)
                   - COALESCE(ABS(SUM(link.quantity)), 0) > %(least)s AS is_open
              FROM stock_move AS move
              JOIN stock_picking AS picking ON picking.id = move.picking_id
              LEFT JOIN document_type AS kind ON kind.id = picking.document_type_id
              LEFT JOIN stock_causal AS own_cause ON own_cause.id = picking.causal_id
              JOIN stock_location AS source ON source.id = move.location_id
              JOIN stock_location AS target ON target.id = move.location_dest_id
              JOIN product_product AS product ON product.id = move.product_id
              JOIN product_template AS template ON template.id = product.product_tmpl_id
              JOIN uom_uom AS unit ON unit.id = move.product_uom
              JOIN uom_uom AS own ON own.id = template.uom_id
              LEFT JOIN stock_move AS origin ON origin.id = move.origin_returned_move_id
              LEFT JOIN stock_picking AS first ON first.id = origin.picking_id
              LEFT JOIN stock_causal AS reason ON reason.id = first.causal_id
              LEFT JOIN stock_move_invoice_link AS link
                     ON link.move_id = move.id
                    AND link.side = CASE WHEN kind.kind IN ('receipt', 'vendor_return')
                                         THEN 'purchase' ELSE 'sale' END
             WHERE move.state = 'done' AND first.voided IS NOT TRUE
               AND (kind.id IS NOT NULL OR own_cause.source_usage = 'third_party')
               AND COALESCE(reason.invoicing, '') != 'none'
               AND CASE WHEN kind.kind IS NULL OR kind.kind IN ('delivery', 'customer_return')
                   THEN (target.usage = 'customer' OR source.usage = 'customer')
                        AND (origin.id IS NULL OR move.to_refund)
                   WHEN target.usage = 'supplier' THEN origin.id IS NULL OR move.to_refund
                   ELSE source.usage = 'supplier' AND (origin.id IS NULL OR move.to_refund)
                   END
             GROUP BY move.id, move.picking_id, move.quantity, unit.factor, own.factor
            """,
            least=0.5 * 10**-digits,
        )

    def _is_invoiced(self):
        """Whether an invoice or bill that is not cancelled covers goods of the document."""
        self.ensure_one()
        links = self.env["stock.move.invoice.link"].sudo()  # asked by those who ship, too
        sums = links._read_group([("picking_id", "=", self.id)], ["move_id"], ["quantity:sum"])
        return any(round(quantity, 6) for _move, quantity in sums)

    def _get_blocking_invoices(self):
        """An invoice that names the document keeps it from becoming void."""
        invoices = super()._get_blocking_invoices()
        for picking in self.filtered(lambda one: one._is_invoiced()):
            sections = self.env["account.move.line"].sudo()  # as in super
            named = sections.search([("delivery_note_id", "=", picking.id)]).move_id
            invoices |= named.filtered(
                lambda one: one.state != "cancel" and one.payment_state != "reversed"
            )
        return invoices

    def _make_void(self, reason):
        result = super()._make_void(reason)
        self.move_ids._match_invoices()  # what was invoiced in advance waits for other goods
        return result

    @api.depends("move_ids.invoice_link_ids.account_move_id")
    def _compute_invoice_ids(self):
        links = self.env["stock.move.invoice.link"].sudo()  # rules of invoices come below
        found = dict(
            links._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["account_move_id:recordset"]
            )
        )
        for picking in self:
            invoices = found.get(picking._origin, self.env["account.move"])
            invoices = invoices.with_env(self.env)._filtered_access("read")
            picking.invoice_ids = invoices
            picking.invoice_count = len(invoices)

    # === ACTIONS ===

    def action_view_invoices(self):
        self.ensure_one()
        return self.invoice_ids._get_records_action(name=self.env._("Invoices"))

    def action_invoice(self):
        """Make the draft invoice or credit note of these documents, by customer."""
        self.env["account.move"].check_access("create")
        self._check_own_companies()
        # who invoices need not see goods and orders of others
        invoices = DeliveryInvoices(self.sudo()).make().with_env(self.env)
        if not invoices:
            raise UserError(
                self.env._(
                    "There is nothing to invoice: the goods are invoiced already, the causal says "
                    "that they are not, or the document names no customer."
                )
            )
        return invoices._get_records_action(name=self.env._("Invoices"))

    def _check_own_companies(self):
        """Refuse documents of companies in which the user does not work at the moment."""
        self._refuse_other_companies(self.sudo().company_id)

    @api.model
    def _refuse_other_companies(self, companies):
        others = companies - self.env.companies
        if others:
            raise AccessError(
                self.env._(
                    "These documents are of %s. Switch to that company first.",
                    ", ".join(others.mapped("name")),
                )
            )

    def action_bill(self):
        """Open the comparison of the vendor's bill with these receipts."""
        vendors = self.partner_id.commercial_partner_id
        if len(vendors) != 1:
            raise UserError(
                self.env._("A bill is of one vendor. Choose receipts that name the same one.")
            )
        wizard = self.env["receipt.billing"].create(
            {
                "partner_id": vendors.id,
                "picking_ids": [Command.set(self.ids)],
                "company_id": self.company_id[:1].id,
            }
        )
        return wizard._get_records_action(name=self.env._("Vendor Bill"), target="new")

    # === AT ONCE ===

    def _draw_numbers_when_done(self):
        # Invoices first: from the number to the commit others wait for theirs.
        made = self._invoice_at_once()
        result = super()._draw_numbers_when_done()
        for invoices in made:
            invoices.invoice_line_ids._name_delivery_sections()
            types = invoices.delivery_note_ids._get_invoicing_document_type()
            if any(types.mapped("post_invoices")):
                (self & invoices.delivery_note_ids)._try_invoicing(
                    invoices.action_post,
                    self.env._("Post the invoice of this document"),
                    self.env._("The invoice was made as a draft and could not be posted: %s"),
                )
        return result

    def _invoice_at_once(self):
        """Invoice those of these transfers whose causal wants it now; return lists of invoices."""
        made = []
        for picking in self:
            if (
                picking._get_invoice_side() == "sale"
                and picking._get_invoicing() == "immediate"
                and not picking.document_number
            ):
                # who ships goods has no right to write invoices: the causal decides
                builder = DeliveryInvoices(
                    picking.sudo(), picking._get_document_date(), picking._get_immediate_type()
                )
                invoices = picking._try_invoicing(
                    builder.make,
                    self.env._("Invoice this document"),
                    self.env._(
                        "It could not be invoiced at once: %s Mend that, then invoice it from here "
                        "or with the delivery notes of the month."
                    ),
                )
                if invoices:
                    made.append(invoices)
        return made

    def _get_immediate_type(self):
        """Return the type of an invoice made at once: the order's, else the usual one."""
        orders = self.sudo().move_ids.sale_line_id.order_id  # as above
        chosen = orders.document_type_id.invoice_type_id[:1]
        return chosen or self._default_document_type("customer_invoice", self.company_id)

    def _try_invoicing(self, work, summary, text):
        """Do it, or say on the document why it cannot be done: the goods leave all the same.

        ``summary`` is the task that the documents get then, ``text`` its note with %s for the
        reason.
        """
        try:
            with self.env.cr.savepoint():
                return work()
        except (UserError, RedirectWarning) as error:
            for picking in self.sudo():  # who ships need not be allowed to give others tasks
                if summary in picking.activity_ids.mapped("summary"):
                    continue  # said already when the goods left
                picking.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=summary,
                    note=text % error.args[0],
                    user_id=picking._get_invoicing_user().id,
                )
            return None

    def _get_invoicing_user(self):
        """Return who looks after the invoices of the document: the seller, else who ships."""
        sellers = self.sudo().move_ids.sale_line_id.order_id.user_id
        return sellers[:1] or self.user_id or self.env.user

    # === ON THE INVOICE ===

    def _get_invoice_section_name(self, language=None):
        """Return what stands above the lines of this document on an invoice: 'DDT n of date'."""
        self.ensure_one()
        here = self.with_context(lang=language or self.env.lang)
        brought = self.move_ids.third_party_move_id.picking_id
        if brought and self._is_sold_where_it_lies():
            names = (one._get_invoice_section_name(language) for one in brought)
            return here.env._("Kept of %(documents)s", documents=", ".join(names))
        return here.env._(
            "%(document)s %(number)s of %(date)s",
            document=here.document_type_id.name or here.picking_type_id.name,
            number=here.document_number or here.name,
            date=format_date(here.env, here._get_document_date(), lang_code=language),
        )
