"""What the PDF of a transfer says, ready to be set in a layout."""

from collections import Counter

from odoo import models
from odoo.tools import formatLang, html2plaintext

ANY_LAYOUT = "multi_warehouse_docs.report_document"
STANDARD_LAYOUT = "multi_warehouse_docs.report_document_standard"
HEADER_LINES = 3
HEADER_LINE_HEIGHT = 7  # mm
HEADER_GAP = 4  # mm between the company's header and the title
COMING_IN = ("receipt", "customer_return")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # === WHICH LAYOUT, WHICH LANGUAGE, HOW MANY COPIES ===

    def action_print_document(self):
        """Download these documents as one PDF, each in the layout of its type."""
        return self.env.ref("multi_warehouse_docs.action_report_document").report_action(self)

    def _get_document_layout(self):
        """Return the report that prints this document: that of its type, else the standard one."""
        self.ensure_one()
        layout = self.sudo().document_type_id.report_id  # who prints need not see the set-up
        return layout or self.env.ref("multi_warehouse_docs.action_report_document_standard").sudo()

    def _group_by_layout(self):
        """Return ``{report: documents}`` in the order of the documents."""
        groups = {}
        for picking in self:
            layout = picking._get_document_layout()
            groups[layout] = groups.get(layout, self.browse()) | picking
        return groups

    def _get_document_lang(self):
        """Return the language code of the print: the recipient's or the company's, as set."""
        self.ensure_one()
        company = self.company_id.partner_id.lang or self.env.lang
        if self.document_type_id.language_mode == "company":
            return company
        partner = self.partner_id
        return partner.lang or partner.commercial_partner_id.lang or company

    def _get_document_copies(self):
        """Return the ids of these documents, each as often as its type wants it printed."""
        ids = []
        for picking in self:
            copies = max(1, picking.document_type_id.copies)
            ids += [picking.id] * (1 if self.env.context.get("single_copy") else copies)
        return ids

    def _get_document_sheets(self, layout=None):
        """Return what to print, one dict for each document and time that it is named here.

        :param layout: the name of a report template; empty: that of each document's type.
        :return: dicts with ``document`` (in its language), ``template``, ``lang``, ``copy`` (1..)
            and ``copies``.
        """
        sheets, copies = [], Counter(self.ids)
        printed = Counter()
        for picking in self:
            lang = picking._get_document_lang()
            name = layout or picking._get_document_layout().report_name
            printed[picking.id] += 1
            sheets.append(
                {
                    "document": picking.with_context(lang=lang),
                    "template": f"{name}_document",
                    "lang": lang,
                    "copy": printed[picking.id],
                    "copies": copies[picking.id],
                }
            )
        return sheets

    def _get_document_file_name(self):
        """Return the name of the PDF file, without extension: the number, fit for a file."""
        self.ensure_one()
        return (self.document_number or self.name or "").replace("/", "-")

    def _get_paper_top(self):
        """Return the room for the company's header in mm, as ``(margin, spacing)``.

        Odoo's own suffices for three lines of company details; a longer address would lie on the
        title, and on the head of the lines on all further pages.
        """
        paper = self.company_id[:1].paperformat_id or self.env.company.paperformat_id
        more = max(
            0, *(company._count_header_lines() - HEADER_LINES for company in self.company_id)
        )
        room = HEADER_GAP + more * HEADER_LINE_HEIGHT
        return paper.margin_top + room, paper.header_spacing + room

    # === HEAD ===

    def _get_document_title(self):
        return self.document_type_id.name or self.picking_type_id.name

    def _get_document_parties(self):
        """Return who sends, who receives and where to, as partners; the last may be empty.

        :return: dict with ``sender``, ``departure``, ``recipient`` and ``destination``; places
            that are the party's own address are empty.
        """
        self.ensure_one()
        us = self.company_id.partner_id
        here = self.picking_type_id.warehouse_id.partner_id or us
        there = self.partner_id
        them = there.commercial_partner_id or us
        if self.document_type_id.kind in COMING_IN:
            sender, departure, recipient, destination = them, there, us, here
        else:
            arrival = self.location_dest_id.warehouse_id.partner_id
            sender, departure = us, here
            recipient, destination = them, there or arrival
        nobody = us.browse()
        return {
            "sender": sender,
            "departure": departure if departure != sender else nobody,
            "recipient": recipient,
            "destination": destination if destination != recipient else nobody,
        }

    def _get_document_orders(self):
        """Return the orders of the goods as ``[(order, date, reference of the partner)]``."""
        sales = self.move_ids.sale_line_id.order_id
        purchases = self.move_ids.purchase_line_id.order_id
        return [
            *((one, one.date_order, one.client_order_ref) for one in sales),
            *((one, one.date_approve, one.partner_ref) for one in purchases),
        ]

    def _get_document_timezone(self):
        """Return the time zone of the place where the goods leave."""
        warehouse = self.picking_type_id.warehouse_id.partner_id
        return warehouse.tz or self.company_id.partner_id.tz or self.env.user.tz or "UTC"

    def _get_transport_reason(self):
        """Return the reason of transport as printed, or an empty text."""
        return self.causal_id._get_print_text() if self.causal_id else ""

    # === LINES ===

    def _get_document_lines(self):
        """Return the goods, one dict per move, in the order of the orders.

        Keys: ``order`` (record or empty), ``code``, ``name``, ``description``, ``quantity`` and
        ``unit`` (as text in the language of the print), ``lots`` (``[(name, quantity)]``),
        ``packages`` (names), ``price`` and ``amount`` (untaxed, less discount, in ``currency``);
        the last three are empty where no customer's order says them.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(lambda one: one.state != "cancel")
        moves = moves.filtered(lambda one: not one.product_uom.is_zero(one._get_printed_quantity()))
        moves = moves.sorted(
            lambda one: (
                one.sale_line_id.order_id.id or one.purchase_line_id.order_id.id or 0,
                one.sequence,
                one.id,
            )
        )
        return [move._get_document_line() for move in moves]

    def _get_document_total(self, lines):
        """Return the untaxed value of the lines and its currency; nothing if currencies differ."""
        currencies = {line["currency"] for line in lines if line["currency"]}
        if len(currencies) != 1:
            return None
        (currency,) = currencies
        return currency.round(sum(line["amount"] or 0 for line in lines)), currency

    def _get_document_rest(self):
        """Return what follows later as ``[(product name, quantity, unit)]`` in print form."""
        waiting = self.backorder_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        moves = waiting.move_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        return [
            (
                move.product_id.display_name,
                move._format_quantity(move.product_uom_qty),
                move.product_uom.name,
            )
            for move in moves
        ]

    def _format_measure(self, value, precision):
        """Return a weight or volume in the language of the print, without idle zeros."""
        digits = self.env["decimal.precision"].precision_get(precision)
        return _format_plain(self.env, value, digits)

    def _get_volume_unit(self):
        return self.env["product.template"]._get_volume_uom_name_from_ir_config_parameter()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_printed_quantity(self):
        """Return what has moved, or what is to move while nothing is entered yet."""
        if self.state == "done" or self.quantity:
            return self.quantity
        return self.product_uom_qty

    def _format_quantity(self, quantity):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return _format_plain(self.env, quantity, digits)

    def _get_document_line(self):
        product, quantity = self.product_id, self._get_printed_quantity()
        name = product.with_context(display_default_code=False).display_name
        description = (self.description_picking or "").strip()
        if description and description in self._get_product_names():
            description = ""  # it says no more than the line above it
        return {
            "order": self.sale_line_id.order_id or self.purchase_line_id.order_id,
            "code": product.default_code or "",
            "name": name,
            "description": description,
            "quantity": self._format_quantity(quantity),
            "unit": self.product_uom.name,
            "lots": self._get_document_lots(),
            "packages": ", ".join(self.move_line_ids.result_package_id.mapped("name")),
            **self._get_document_price(quantity),
        }

    def _get_product_names(self):
        """Return the product's names in every language: none of them adds to the line."""
        product = self.product_id.with_context(display_default_code=False)
        names = set()
        for code, _name in self.env["res.lang"].get_installed():
            translated = product.with_context(lang=code)
            coded = self.product_id.with_context(lang=code, display_default_code=True)
            names |= {translated.display_name, translated.name, coded.display_name}
        return names

    def _get_document_lots(self):
        quantities = {}
        for line in self.move_line_ids.filtered("lot_id"):
            name = line.lot_id.name
            done = line.product_uom_id._compute_quantity(line.quantity, self.product_uom)
            quantities[name] = quantities.get(name, 0) + done
        return [(name, self._format_quantity(done)) for name, done in quantities.items()]

    def _get_document_price(self, quantity):
        line = self.sale_line_id
        if not line:
            return {"price": None, "amount": None, "currency": None}
        quantity = self.product_uom._compute_quantity(quantity, line.product_uom_id)
        share = quantity / line.product_uom_qty if line.product_uom_qty else 0
        currency = line.currency_id
        return {
            "price": line.price_reduce_taxexcl,
            "amount": currency.round(line.price_subtotal * share),
            "currency": currency,
        }


class ResCompany(models.Model):
    _inherit = "res.company"

    def _count_header_lines(self):
        """Return how many lines the company takes in the header of a document."""
        self.ensure_one()
        if self.is_company_details_empty:
            text = self.partner_id._display_address()
        else:
            text = html2plaintext(self.company_details)
        return sum(bool(line.strip()) for line in text.splitlines()) + self.is_company_details_empty


def _format_plain(env, value, digits):
    """Return a number as the language writes it, with no more decimals than it needs."""
    value = round(value or 0, digits) or 0.0  # never "-0"
    needed = len(f"{value:.{digits}f}".rstrip("0").partition(".")[2])
    return formatLang(env, value, digits=needed)
