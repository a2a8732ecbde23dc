from odoo import api, models

# Field of the order <- what its type proposes. The type's own rights do not matter: hence sudo.
PROPOSED = {
    "warehouse_id": "warehouse_id",
    "payment_term_id": "payment_term_id",
    "pricelist_id": "pricelist_id",
    "incoterm": "incoterm_id",
    "journal_id": "invoice_type_id.journal_id",
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What the type proposes comes before what Odoo would. None of these computations depends on
    # the type: they run again for many reasons, and a type chosen later must not undo in silence
    # what somebody entered. The form proposes then, see _onchange_document_type_id.

    def _compute_warehouse_id(self):
        result = super()._compute_warehouse_id()
        self._propose("warehouse_id")
        return result

    def _compute_payment_term_id(self):
        result = super()._compute_payment_term_id()
        self._propose("payment_term_id")
        return result

    def _compute_pricelist_id(self):
        result = super()._compute_pricelist_id()
        self.filtered(lambda order: order.state == "draft" and order.partner_id)._propose(
            "pricelist_id"
        )
        return result

    def _compute_journal_id(self):
        result = super()._compute_journal_id()
        self._propose("journal_id")
        return result

    @api.onchange("document_type_id")
    def _onchange_document_type_id(self):
        self._propose(*PROPOSED)

    def write(self, vals):
        if "document_type_id" not in vals:
            return super().write(vals)
        # the form need not show the routes of the lines, so they follow when the type is saved
        before = {order: order.document_type_id.sudo().route_id for order in self}
        result = super().write(vals)
        for order, route in before.items():
            if order.state in ("draft", "sent"):
                order._change_route(route, order.document_type_id.sudo().route_id)
        return result

    def _change_route(self, before, after):
        """Let the lines follow the type's route; those with a route of their own keep it."""
        if before != after:
            lines = self.order_line.filtered(
                lambda line: not line.display_type and line.route_ids <= before
            )
            lines.route_ids = after

    def _with_document_types(self, kind, vals_list):
        vals_list = super()._with_document_types(kind, vals_list)
        types = self.env["document.type"].sudo()
        incoterms = (types.browse(vals["document_type_id"]).incoterm_id for vals in vals_list)
        return [
            {"incoterm": incoterm.id} | vals if incoterm else vals
            for incoterm, vals in zip(incoterms, vals_list, strict=True)
        ]

    def _propose(self, *names):
        for order in self:
            if order.state not in ("draft", "sent", False):
                continue
            for name in names:
                proposed = order.document_type_id.sudo().mapped(PROPOSED[name])
                if proposed:
                    order[name] = proposed.sudo(False)

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if not message and self.document_type_id.require_carrier and not self.carrier_id:
            message = self.env._(
                "%(document)s: orders of the type %(type)s need a delivery method. Enter it first.",
                document=self.display_name,
                type=self.document_type_id.name,
            )
        return message
