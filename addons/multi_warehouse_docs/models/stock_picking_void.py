from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class StockPicking(models.Model):
    _inherit = "stock.picking"
    _void_group = "stock.group_stock_manager"

    undoes_id = fields.Many2one(
        "stock.picking",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The void document whose goods this transfer brought back. It is no document itself.",
    )

    def _find_document_type(self):
        if self.undoes_id:
            return self.env["document.type"]
        return super()._find_document_type()

    def _send_confirmation_email(self):
        # nobody is told that goods are on their way when a document is taken back
        return super(
            StockPicking, self.filtered(lambda one: not one.undoes_id)
        )._send_confirmation_email()

    def unlink(self):
        self._unlink_except_numbered()  # before Odoo cancels the moves, with words of its own
        return super().unlink()

    # === VOID ===

    def _name_standing_transfers(self):
        """Return the numbers of those of them that are done and were not undone, as text."""
        done = self.filtered(
            lambda one: one.state == "done" and not one.voided and not one.undoes_id
        )
        return ", ".join(one.document_number or one.name for one in done)

    def _check_void(self):
        for picking in self:
            if picking.undoes_id:
                raise UserError(
                    self.env._(
                        "%(transfer)s took back %(document)s, which is void: that stays. Enter a "
                        "new transfer instead.",
                        transfer=picking.name,
                        document=picking.undoes_id.document_number,
                    )
                )
        result = super()._check_void()
        for picking in self:
            picking._check_nothing_follows()
        return result

    def _check_nothing_follows(self):
        """Refuse to undo a transfer that was returned or invoiced."""
        returns = self.move_ids.returned_move_ids.filtered(lambda move: move.state != "cancel")
        if returns:
            raise UserError(
                self.env._(
                    "%(document)s was returned with %(returns)s, so it cannot become void. Make "
                    "that void or cancel it first.",
                    document=self.document_number,
                    returns=", ".join(
                        one.document_number or one.name for one in returns.picking_id
                    ),
                )
            )
        invoices = self._get_blocking_invoices()
        if invoices:
            raise UserError(
                self.env._(
                    "%(document)s is invoiced with %(invoices)s. Make a credit note first.",
                    document=self.document_number,
                    invoices=", ".join(one.display_name for one in invoices),
                )
            )

    def _get_blocking_invoices(self):
        """Return the invoices that would claim more than was delivered or received without this.

        Whoever undoes a transfer need not be allowed to read invoices: hence ``sudo``.
        """
        invoices = self.env["account.move"].sudo()
        done = self.move_ids.sudo().filtered(lambda move: move.state == "done")
        sent = done.filtered(lambda move: move.location_dest_id.usage == "customer")
        for line, moves in sent.grouped("sale_line_id").items():
            if line.product_id.invoice_policy == "delivery":
                left = line.qty_delivered - moves._get_quantity_in(line.product_uom_id)
                if line.product_uom_id.compare(line.qty_invoiced, left) > 0:
                    invoices |= line.invoice_lines.move_id
        come = done.filtered(lambda move: move.location_id.usage == "supplier")
        for line, moves in come.grouped("purchase_line_id").items():
            if line.product_id.purchase_method == "receive":
                left = line.qty_received - moves._get_quantity_in(line.product_uom_id)
                if line.product_uom_id.compare(line.qty_invoiced, left) > 0:
                    invoices |= line.invoice_lines.move_id
        return invoices.filtered(lambda one: one.state != "cancel")

    def _undo_for_void(self):
        for picking in self:
            picking._bring_back()
        return super()._undo_for_void()

    def _bring_back(self):
        """Move the goods of this done transfer back where they came from, all of them or none."""
        wizard = self.env["stock.return.picking"].create({"picking_id": self.id})
        wizard.makes_void = True
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity
        back = wizard._create_return()
        missing = back.move_ids._get_missing_lines()
        if missing:
            raise UserError(
                self.env._(
                    "%(document)s cannot become void, since its goods are not there any more:\n"
                    "%(missing)s\nBring them back to %(place)s first.",
                    document=self.document_number,
                    missing=missing,
                    place=back.location_id.display_name,
                )
            )
        back.move_ids.picked = True
        back.with_context(cancel_backorder=True)._action_done()

    def _plan_again(self):
        """Return a planned transfer of the same goods, without a number."""
        self.ensure_one()
        again = self.copy({"move_ids": [Command.clear()], "return_id": self.return_id.id})
        for move in self.move_ids.filtered(lambda one: one.state == "done"):
            move.copy(
                {
                    "picking_id": again.id,
                    "product_uom_qty": move.quantity,
                    "procure_method": "make_to_stock",
                    "origin_returned_move_id": move.origin_returned_move_id.id,
                }
            )
        again.document_type_id = self.document_type_id
        again.action_confirm()
        again.action_assign()
        return again
