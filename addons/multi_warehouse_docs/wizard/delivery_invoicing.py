from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import format_date

from ..models.delivery_invoices import DeliveryInvoices
from ..models.document_numbered import find_zone

# Day of the following month by which a deferred invoice has to be made (DPR 633/1972, art. 21).
LAST_DAY = 15


class DeliveryInvoicing(models.TransientModel):
    """The month's delivery notes of each customer become one invoice."""

    _name = "delivery.invoicing"
    _description = "Invoice Delivery Notes"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    month = fields.Selection(
        selection="_get_months", required=True, default=lambda self: self._get_default_month()
    )
    include_earlier = fields.Boolean(
        "Earlier Ones Too", help="Also what was left of earlier months."
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        domain="[('parent_id', '=', False)]",
        help="Only the delivery notes of these customers. Empty: of all.",
    )
    document_type_id = fields.Many2one(
        "document.type",
        "Type of Invoices",
        check_company=True,
        domain="[('kind', '=', 'customer_invoice'), ('company_id', '=', company_id)]",
        help="Chooses the journal and the note. Empty: what the type of the delivery notes says.",
    )
    invoice_date = fields.Date(
        compute="_compute_invoice_date",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    with_services = fields.Boolean(
        "Services and Delivery Costs",
        default=True,
        help="What the orders hold besides goods is invoiced along, once.",
    )
    with_down_payments = fields.Boolean("Deduct Down Payments", default=True)
    line_ids = fields.One2many(
        "delivery.invoicing.line",
        "wizard_id",
        "Invoices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    warning = fields.Text(compute="_compute_warning")

    # === PERIOD ===

    def _get_months(self):
        """Return the last two years' months, the newest first."""
        first = fields.Date.context_today(self).replace(day=1)
        months = [first - relativedelta(months=count) for count in range(24)]
        return [
            (f"{month:%Y-%m}", format_date(self.env, month, date_format="MMMM yyyy"))
            for month in months
        ]

    def _get_default_month(self):
        """Return the month before this one: its invoices are due by the 15th."""
        return f"{fields.Date.context_today(self) - relativedelta(months=1):%Y-%m}"

    def _get_period(self):
        """Return the first and the last day of the month."""
        first = fields.Date.to_date(f"{self.month}-01")
        return first, first + relativedelta(day=31)

    @api.depends("month")
    def _compute_invoice_date(self):
        for wizard in self:
            if wizard.month:
                last = wizard._get_period()[1]
                wizard.invoice_date = min(last, fields.Date.context_today(wizard))

    @api.depends("month", "invoice_date", "line_ids.last_date", "line_ids.selected")
    def _compute_warning(self):
        for wizard in self:
            wizard.warning = "\n".join(wizard._get_warnings()) if wizard.month else False

    def _get_warnings(self):
        due = self._get_period()[1] + relativedelta(days=LAST_DAY)
        if self.invoice_date and self.invoice_date > due:
            yield self.env._(
                "Deferred invoices for this month are due by %(due)s: this date is later.",
                due=format_date(self.env, due),
            )
        dates = self.line_ids.filtered("selected").mapped("last_date")
        last = max(filter(None, dates), default=None)
        if self.invoice_date and last and last > self.invoice_date:
            yield self.env._(
                "Some of the goods left on %(day)s, after the date of the invoices.",
                day=format_date(self.env, last),
            )
        nameless = self._get_invoices(self._find_pickings()).get_nameless()
        if nameless:
            yield self.env._(
                "Without a customer, so left out: %(documents)s",
                documents=", ".join(one.document_number or one.name for one in nameless),
            )

    # === PREVIEW ===

    @api.depends(
        "month",
        "include_earlier",
        "partner_ids",
        "invoice_date",
        "document_type_id",
        "with_services",
        "with_down_payments",
    )
    def _compute_line_ids(self):
        for wizard in self:
            lines = [Command.clear()]
            if wizard.month:
                drafts = wizard._get_invoices(wizard._find_pickings()).get_drafts()
                lines += [Command.create(wizard._prepare_line(draft)) for draft in drafts]
            wizard.line_ids = lines

    def _find_pickings(self):
        """Return the delivery notes and returns of the period that may be invoiced."""
        first, last = self._get_period()
        pickings = self.env["stock.picking"].sudo()  # an accountant need not see transfers
        domain = Domain("company_id", "in", (self.company_id & self.env.companies).ids)
        domain &= pickings._get_invoicing_domain(sides=("sale",))
        before = Domain("document_date", "<=", last)
        unnumbered = Domain("document_date", "=", False)
        unnumbered &= Domain("date_done", "<", self._get_start(last + relativedelta(days=1)))
        if self.include_earlier:
            domain &= (before | unnumbered) & Domain("invoice_state", "=", "to_invoice")
        else:
            before &= Domain("document_date", ">=", first)
            domain &= before | (unnumbered & Domain("date_done", ">=", self._get_start(first)))
        partners = self.partner_ids._origin
        if partners:
            domain &= Domain("partner_id", "child_of", partners.ids) | Domain(
                "move_ids.sale_line_id.order_id.partner_invoice_id", "child_of", partners.ids
            )
        return pickings.search(domain)

    def _get_start(self, day):
        """Return when the day begins where the company is, as the database keeps times."""
        zone = ZoneInfo(find_zone(self.company_id, own=True))
        return datetime.combine(day, time.min, zone).astimezone(UTC).replace(tzinfo=None)

    def _get_invoices(self, pickings):
        options = []
        if not self.with_services:
            options.append("services")
        if not self.with_down_payments:
            options.append("down_payments")
        return DeliveryInvoices(
            pickings, self.invoice_date, self.document_type_id._origin.sudo(), options
        )

    def _prepare_line(self, draft):
        pickings = draft.get_pickings(self.env).sudo()  # their numbers will stand on the invoice
        return {
            "selected": True,
            "partner_id": draft.partner.id,
            "currency_id": draft.currency.id,
            "payment_term_id": draft.payment_term.id,
            "fiscal_position_id": draft.fiscal_position.id,
            "document_names": ", ".join(one.document_number or one.name for one in pickings),
            "last_date": max(one._get_document_date() for one in pickings),
            "is_credit": draft.is_credit,
            "amount_untaxed": draft.totals["base_amount_currency"],
            "amount_tax": draft.totals["tax_amount_currency"],
            "amount_total": draft.totals["total_amount_currency"],
        }

    # === CREATION ===

    def action_create_invoices(self):
        """Create the chosen invoices as drafts and show them."""
        self.ensure_one()
        # the button is for those who may write invoices; goods they need not see
        self.env["account.move"].check_access("create")
        lines = self.line_ids.filtered("selected")
        if not lines:
            raise UserError(
                self.env._("No invoice is chosen. Tick a line, or choose another month.")
            )
        self.env["stock.picking"]._refuse_other_companies(self.company_id.sudo())
        shown = {line._get_key(): line for line in lines}
        chosen = self._find_chosen(shown)
        invoices = self._get_invoices(chosen).make(shown.keys()).with_env(self.env)
        return invoices._get_records_action(name=self.env._("Invoices of Delivery Notes"))

    def _find_chosen(self, shown):
        """Return the documents of ``{key: line}``, and no others: they are locked while invoiced.

        They are looked for again: lines come from the screen. Raises UserError where the invoices
        would not be those that the lines show.
        """
        drafts = self._get_invoices(self._find_pickings()).get_drafts()
        drafts = [draft for draft in drafts if draft.key in shown]
        if not drafts:
            raise UserError(
                self.env._("These delivery notes are invoiced already. Open the list again.")
            )
        if len(drafts) < len(shown) or any(
            draft.currency.compare_amounts(draft.total, shown[draft.key].amount_total)
            for draft in drafts
        ):
            raise UserError(self.env._("Documents came or went since. Open the list again."))
        pickings = self.env["stock.picking"].sudo()  # an accountant need not see transfers
        return pickings.union(*(draft.get_pickings(self.env) for draft in drafts))


class DeliveryInvoicingLine(models.TransientModel):
    """An invoice that would be made."""

    _name = "delivery.invoicing.line"
    _description = "Invoice of Delivery Notes"

    wizard_id = fields.Many2one("delivery.invoicing", required=True, ondelete="cascade")
    selected = fields.Boolean("Create", default=True)
    partner_id = fields.Many2one("res.partner", "Invoice to", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    payment_term_id = fields.Many2one("account.payment.term", "Payment Terms", readonly=True)
    fiscal_position_id = fields.Many2one("account.fiscal.position", readonly=True)
    # as texts: who invoices need not see the transfers themselves
    document_names = fields.Char("Documents", readonly=True)
    last_date = fields.Date("Last Delivery", readonly=True)
    is_credit = fields.Boolean("Credit Note", readonly=True)
    amount_untaxed = fields.Monetary("Untaxed", readonly=True)
    amount_tax = fields.Monetary("Tax", readonly=True)
    amount_total = fields.Monetary("Total", readonly=True)

    def _get_key(self):
        """Return the key of the invoice, as ``InvoiceDraft.key``."""
        return (
            self.wizard_id.company_id.id,
            self.partner_id.id,
            self.currency_id.id,
            self.payment_term_id.id,
            self.fiscal_position_id.id,
        )
