"""Whether the invoices of an order are made, paid or overdue: read from them, stored nowhere."""

from odoo import api, fields, models
from odoo.tools import SQL

#: payment states of an invoice on which something is still to be paid
OPEN = ("not_paid", "partial", "blocked")
#: statuses of an order that only an invoice with something to pay can give
OF_OPEN_INVOICES = {"overdue", "invoiced", "partial"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    invoicing_status = fields.Selection(
        [
            ("no", "Nothing to Invoice"),
            ("to_invoice", "To Invoice"),
            ("invoiced", "Invoiced"),
            ("partial", "Partly Paid"),
            ("overdue", "Overdue"),
            ("paid", "Paid"),
        ],
        compute="_compute_invoicing_status",
        search="_search_invoicing_status",
        help="Overdue: an invoice of this order should have been paid before today.",
    )

    @api.depends(
        "invoice_status",
        "order_line.invoice_lines.move_id.state",
        "order_line.invoice_lines.move_id.payment_state",
        "order_line.invoice_lines.move_id.invoice_date_due",
    )
    def _compute_invoicing_status(self):
        saved = tuple(self._origin.ids)
        rows = ()
        if saved:
            query = self._invoicing_status_query(SQL("o.id IN %s", saved))
            rows = self.env.execute_query(query)
        found = dict(rows)
        for order in self:
            order.invoicing_status = found.get(order._origin.id, "no")

    def _search_invoicing_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        among = SQL("TRUE")
        if wanted <= OF_OPEN_INVOICES:
            among = SQL(
                "o.id IN (SELECT sol.order_id FROM account_move move"
                " JOIN account_move_line line ON line.move_id = move.id"
                " JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id"
                " JOIN sale_order_line sol ON sol.id = rel.order_line_id"
                " WHERE move.state = 'posted' AND move.move_type = 'out_invoice'"
                " AND move.payment_state IN %s)",
                OPEN,
            )
        query = self._invoicing_status_query(among)
        statuses = tuple(wanted) or ("",)
        found = SQL("(SELECT found.id FROM (%s) found WHERE found.status IN %s)", query, statuses)
        return [("id", "in", found)]

    def _invoicing_status_query(self, condition):
        """Rows ``(order id, status)`` of the orders ``o`` that fulfil the condition.

        Straight from the tables: who sells need not be allowed to read invoices.
        """
        self.env["sale.order"].flush_model(["invoice_status"])
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        self.env["account.move"].flush_model(
            ["state", "move_type", "payment_state", "invoice_date_due"]
        )
        return SQL(
            """
            SELECT o.id,
                   CASE
                     WHEN COUNT(m.id) = 0 THEN
                       CASE WHEN o.invoice_status = 'to invoice' THEN 'to_invoice' ELSE 'no' END
                     WHEN BOOL_OR(m.payment_state IN %(open)s AND m.invoice_date_due < %(today)s)
                       THEN 'overdue'
                     WHEN BOOL_OR(m.payment_state IN %(open)s) THEN
                       CASE WHEN BOOL_AND(m.payment_state = 'not_paid') THEN 'invoiced'
                            ELSE 'partial' END
                     WHEN o.invoice_status = 'to invoice' THEN 'to_invoice'
                     ELSE 'paid'
                   END AS status
              FROM sale_order o
              LEFT JOIN (
                     sale_order_line l
                     JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                     JOIN account_move_line ml ON ml.id = r.invoice_line_id
                     JOIN account_move m ON m.id = ml.move_id
                          AND m.state = 'posted' AND m.move_type = 'out_invoice'
                   ) ON l.order_id = o.id
             WHERE %(condition)s
             GROUP BY o.id
            """,
            open=OPEN,
            today=fields.Date.context_today(self),
            condition=condition,
        )
