from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("state", "invoice_line_ids.stock_move_link_ids.picking_id")
    def _compute_ddt_ids(self):
        return super()._compute_ddt_ids()

    def _get_ddt_values(self):
        """Return ``{DDT: [number of each line of the invoice that covers its goods]}``.

        By the links that are stored between goods and invoice lines. Only for invoices of before,
        which have none, Odoo's guess stands; it may name Odoo's own numbers, never ours. A DDT
        without number is left out, since the electronic invoice would be refused, and so is one
        that is later than the invoice: that one was paid in advance.
        """
        self.ensure_one()
        if self.move_type != "out_invoice" or self.state != "posted":
            return {}
        found = self._get_linked_ddts()
        if not found:
            guessed = super()._get_ddt_values()
            found = {
                picking: lines
                for picking, lines in guessed.items()
                if not picking.document_number and not picking.voided
            }
        return {
            picking: lines
            for picking, lines in sorted(found.items(), key=lambda item: _by_date(item[0]))
            if picking.l10n_it_ddt_number and picking._get_ddt_date() <= self._get_ddt_limit()
        }

    def _get_linked_ddts(self):
        """Return ``{DDT: line numbers}`` of the goods that are linked to the lines.

        Goods that the customer kept are named by the DDT that brought them to him.
        """
        found = {}
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type not in ("line_section", "line_subsection", "line_note")
        )
        for number, line in enumerate(lines, 1):
            # who sends invoices need not see the goods; only the numbers of papers are read
            for link in line.sudo().stock_move_link_ids:
                if link.quantity > 0 and link.picking_id:
                    picking = link.picking_id
                    if picking._is_sold_where_it_lies():
                        picking = link.move_id.third_party_move_id.picking_id or picking
                    picking = picking.sudo(False).with_env(self.env)
                    found.setdefault(picking, {})[number] = True
        return {picking: list(numbers) for picking, numbers in found.items()}

    def _get_ddt_limit(self):
        return self.invoice_date or self.date

    def _l10n_it_edi_invoice_is_direct(self):
        """Whether all goods left on the day of the invoice; else it is a deferred one (TD24)."""
        return all(
            picking._get_ddt_date() == self.invoice_date for picking in self._get_ddt_values()
        )

    def _l10n_it_edi_get_values(self, pdf_values=None):
        values = super()._l10n_it_edi_get_values(pdf_values)
        # The lines get their numbers while the values are made, in an order of their own.
        numbers = {
            line["record"]: line["it_values"]["numero_linea"] for line in values["base_lines"]
        }
        counted = self.invoice_line_ids.filtered(
            lambda line: line.display_type not in ("line_section", "line_subsection", "line_note")
        )
        values["ddt_dict"] = {
            picking: sorted(numbers.get(counted[number - 1], number) for number in lines)
            for picking, lines in values["ddt_dict"].items()
        }
        return values


def _by_date(picking):
    return picking._get_ddt_date(), picking.series_number, picking.id
