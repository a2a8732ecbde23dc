from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

KIND_OF_TYPE = {
    "out_invoice": "customer_invoice",
    "out_refund": "customer_invoice",
    "in_invoice": "vendor_bill",
    "in_refund": "vendor_bill",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    document_type_id = fields.Many2one(
        "document.type",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', document_kind), ('company_id', '=', company_id)]",
        tracking=True,
        help="Chooses journal, payment terms and note. The journal numbers the invoice.",
    )
    document_kind = fields.Char(compute="_compute_document_kind")
    delivery_note_ids = fields.Many2many(
        "stock.picking", compute="_compute_delivery_notes", string="Delivery Notes"
    )
    delivery_note_count = fields.Integer(compute="_compute_delivery_notes")

    # === TYPE ===

    @api.depends("move_type")
    def _compute_document_kind(self):
        for move in self:
            move.document_kind = KIND_OF_TYPE.get(move.move_type)

    @api.model_create_multi
    def create(self, vals_list):
        types = self.env["document.type"]
        for vals in vals_list:
            chosen = types.browse(vals.get("document_type_id") or [])
            if chosen.journal_id:  # what is chosen further weighs more than the type
                vals.setdefault("journal_id", chosen.journal_id.id)
        moves = super().create(vals_list)
        untyped = moves.browse(
            move.id
            for move, vals in zip(moves, vals_list, strict=True)
            if "document_type_id" not in vals and move.document_kind
        )
        for same in untyped.grouped(
            lambda move: (move.document_kind, move.company_id, move.journal_id)
        ).values():
            same.document_type_id = same[0]._get_default_document_type()
        return moves

    def _get_default_document_type(self):
        """Return the first type that uses the journal, else the first without a journal."""
        # who enters invoices need not be allowed to see the set-up
        types = self.env["document.type"].sudo()
        fitting = types.search(
            Domain("kind", "=", self.document_kind)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("journal_id", "in", (False, self.journal_id.id))
        )
        return fitting.sorted(lambda one: not one.journal_id)[:1].sudo(False)

    @api.onchange("document_type_id")
    def _onchange_document_type_id(self):
        if self.document_type_id and self.document_type_id != self._origin.document_type_id:
            self.update(self.document_type_id._get_invoice_values())

    # === DELIVERY NOTES ===

    @api.depends("invoice_line_ids.stock_move_link_ids.picking_id")
    def _compute_delivery_notes(self):
        # who sees the invoice may see which delivery notes it covers
        links = self.env["stock.move.invoice.link"].sudo()
        found = dict(
            links._read_group(
                [("account_move_id", "in", self.ids), ("picking_id", "!=", False)],
                ["account_move_id"],
                ["picking_id:recordset"],
            )
        )
        for move in self:
            notes = found.get(move._origin, self.env["stock.picking"])
            notes = notes.sudo(False).with_env(self.env)
            move.delivery_note_ids = notes
            move.delivery_note_count = len(notes)

    def action_view_delivery_notes(self):
        self.ensure_one()
        return self.delivery_note_ids._get_records_action(name=self.env._("Delivery Notes"))

    # === WHAT CHANGES THE LINKS ===

    def write(self, vals):
        changed = self.filtered(lambda move: "state" in vals and move.state != vals["state"])
        cancelled = changed.filtered(lambda move: move.state == "cancel")
        result = super().write(vals)
        if vals.get("state") == "cancel":
            # who cancels an invoice need not see the goods that it sets free
            changed.sudo().invoice_line_ids.stock_move_link_ids.unlink()
        elif cancelled:
            cancelled.invoice_line_ids._match_stock_moves()
        return result

    def action_switch_move_type(self):
        # In between, type and quantities do not fit together.
        result = super(
            AccountMove, self.with_context(switching_move_type=True)
        ).action_switch_move_type()
        self.invoice_line_ids._match_stock_moves()
        return result

    # === NUMBERS OF VENDORS ===

    def _post(self, soft=True):
        for bill in self.filtered(lambda move: move.is_purchase_document() and move.ref):
            date = bill.invoice_date or fields.Date.context_today(bill)
            values = (bill.company_id, bill.commercial_partner_id, bill.ref, date, bill.move_type)
            same = bill._find_vendor_number(*values) - bill
            bill._refuse_vendor_number(
                same.filtered(
                    lambda one, bill=bill: (
                        one.state == "posted" or (one in self and one.id < bill.id)
                    )
                )
            )
        return super()._post(soft=soft)

    @api.model
    def _find_vendor_number(self, company, vendor, number, date, move_type="in_invoice"):
        """Return the bills of that vendor and year with that number; capitals do not matter.

        Odoo only warns of them, and of equal amounts, too, which is no more than a hint.
        """
        same = self.search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", vendor.commercial_partner_id.id),
                ("move_type", "=", move_type),
                ("state", "!=", "cancel"),
                ("ref", "=ilike", escape_psql(number.strip())),
            ]
        )
        return same.filtered(lambda one: not one.invoice_date or one.invoice_date.year == date.year)

    def _refuse_vendor_number(self, same):
        """Say which bill has the number of the vendor already, if there is one."""
        if same:
            raise UserError(
                self.env._(
                    "%(vendor)s: the number %(number)s is on %(first)s already. Correct the "
                    "number, or delete this bill if it was entered twice.",
                    vendor=same[0].commercial_partner_id.display_name,
                    number=same[0].ref,
                    first=same[0].display_name,
                )
            )
