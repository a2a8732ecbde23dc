from odoo import models
from odoo.exceptions import AccessError, UserError

OPEN_STATES = ("draft", "waiting", "confirmed", "partially_available", "assigned")


class OrderLineCancellation(models.AbstractModel):
    """What a sales and a purchase order line share: giving up what has not been moved yet.

    The remainder of a line is what was ordered and not delivered (received), or what its transfers
    still plan if that is more. Of the remainder a part may be *live* (planned by open transfers)
    and a part not: its transfer was cancelled, or the goods went back for a refund. Quantities are
    in the unit of the line.
    """

    _name = "order.line.cancellation"
    _description = "Cancellation of What Remains of an Order Line"

    # names of the two quantities on the line that inherits this, and the order's open state
    _ordered_field = None
    _done_field = None
    _open_state = None

    # === QUANTITIES ===

    def _get_remaining_quantity(self):
        """What is still to be moved, never below zero."""
        self.ensure_one()
        ordered = self[self._ordered_field] - self[self._done_field]
        return max(ordered, self._get_live_quantity(), 0.0)

    def _get_cancellable_quantity(self):
        """The part of the remainder that nobody was billed for."""
        self.ensure_one()
        remaining = self._get_remaining_quantity()
        billed = max(self.qty_invoiced - max(self[self._done_field], 0.0), 0.0)
        return max(remaining - billed, 0.0)

    def _get_live_quantity(self):
        """What the open transfers of the line still plan."""
        self.ensure_one()
        return sum(
            move.product_uom._compute_quantity(
                move.product_uom_qty, self.product_uom_id, rounding_method="HALF-UP"
            )
            for move in self._get_last_moves(self._get_live_moves())
        )

    def _get_live_moves(self):
        """Open moves that bring the goods of the line to their end; returns are not among them."""
        raise NotImplementedError  # what brings goods differs: receipts here, deliveries there

    def _get_last_moves(self, moves):
        """Of moves that wait for each other the last ones, those not begun first.

        Goods that wait in a first step come before goods that were already picked.
        """
        last = moves.filtered(lambda move: not move.move_dest_ids & moves)
        return last.sorted(
            lambda move: ("done" in move.move_orig_ids.mapped("state"), move.date, -move.id)
        )

    # === CANCELLING ===

    def _cancel_remaining(self, quantities, reason=None):
        """Take quantities ``{line: quantity}`` off lines of one order and off their transfers.

        Raises AccessError without the right to change the order, UserError when the order is not
        open or locked, and when more is asked for than remains or is free of invoices.
        """
        lines = self.browse([line.id for line in quantities])
        lines._check_cancellation(quantities)
        done = []
        for line, quantity in quantities.items():
            before = line[self._ordered_field]
            line._cancel_quantity(quantity)
            done.append((line, before))
        lines.order_id.message_post(body=lines._cancellation_note(done, reason))

    def _check_cancellation(self, quantities):
        order = self.order_id
        order.ensure_one()
        order.check_access("write")
        if not self.env.su and not self.env.user.has_group(self._cancellation_group):
            raise AccessError(self.env._("You may not change %s.", order.display_name))
        if order.state != self._open_state:
            raise UserError(
                self.env._("%s is not confirmed: change its lines instead.", order.display_name)
            )
        if order.locked:
            raise UserError(
                self.env._("%s is locked. Unlock it to cancel what remains.", order.display_name)
            )
        for line, quantity in quantities.items():
            line._check_cancelled_quantity(quantity)

    def _check_cancelled_quantity(self, quantity):
        unit, remaining = self.product_uom_id, self._get_remaining_quantity()
        names = {"product": self.product_id.display_name, "unit": unit.display_name}
        show = self.env["stock.move"]._format_quantity
        if unit.compare(quantity, 0.0) <= 0:
            raise UserError(
                self.env._("Enter how many %(unit)s of %(product)s to cancel.", **names)
            )
        if unit.compare(quantity, remaining) > 0:
            raise UserError(
                self.env._(
                    "Only %(remaining)s %(unit)s of %(product)s remain: what was moved already "
                    "cannot be cancelled, make a return instead.",
                    remaining=show(remaining),
                    **names,
                )
            )
        cancellable = self._get_cancellable_quantity()
        if unit.compare(quantity, cancellable) > 0:
            raise UserError(
                self.env._(
                    "%(invoiced)s %(unit)s of %(product)s are invoiced: at most %(cancellable)s "
                    "can be cancelled. Make a credit note for the others first.",
                    invoiced=show(self.qty_invoiced),
                    cancellable=show(cancellable),
                    **names,
                )
            )

    def _cancel_quantity(self, quantity):
        """Take a checked quantity off the line, then off what its transfers plan too much."""
        self.ensure_one()
        unit = self.product_uom_id
        ordered, done = self[self._ordered_field], self[self._done_field]
        everything = unit.compare(quantity, self._get_remaining_quantity()) == 0
        live = 0.0 if everything else max(self._get_live_quantity() - quantity, 0.0)
        target = ordered - min(quantity, max(ordered - max(done, 0.0), 0.0))
        self._check_goods_in_hand(live)
        # Odoo moves what the line asks for: where that is not what is planned (a cancelled
        # transfer, a refund) it would order the difference anew, so it is told to leave it.
        planned = self._is_planned_as_ordered()
        if not planned:
            self._reduce_moves(live)
        self._write_ordered(target, procure=planned)
        self._reduce_moves(live)

    def _check_goods_in_hand(self, live):
        """Refuse to plan less than what somebody has in hand, marked as picked in a transfer."""
        moves = self._get_live_moves().filtered("picked")
        in_hand = sum(
            move.product_uom._compute_quantity(
                move.quantity, self.product_uom_id, rounding_method="HALF-UP"
            )
            for move in self._get_last_moves(moves)
        )
        if self.product_uom_id.compare(live, in_hand) < 0:
            raise UserError(
                self.env._(
                    "%(quantity)s %(unit)s of %(product)s are being processed in %(transfers)s. "
                    "Validate it, or take them out of it, before you cancel them.",
                    quantity=self.env["stock.move"]._format_quantity(in_hand),
                    unit=self.product_uom_id.display_name,
                    product=self.product_id.display_name,
                    transfers=", ".join(moves.picking_id.mapped("display_name")),
                )
            )

    def _is_planned_as_ordered(self):
        """Whether the transfers add up to the ordered quantity, so that Odoo can follow it."""
        return (
            self.product_uom_id.compare(self._get_qty_procurement(), self[self._ordered_field]) == 0
        )

    def _write_ordered(self, quantity, procure):
        """Write the ordered quantity through the order, as a person would; with its warnings."""
        raise NotImplementedError  # each order has a context key of its own to keep its transfers

    def _reduce_moves(self, live):
        """Cancel or shorten open moves until they plan no more than ``live``."""
        # Sales and purchase users change the order, not the transfers behind it.
        line = self.sudo()
        moves = line._get_live_moves()
        excess = line._get_live_quantity() - live
        for move in line._get_last_moves(moves):
            if self.product_uom_id.compare(excess, 0.0) <= 0:
                break
            demand = move.product_uom._compute_quantity(
                move.product_uom_qty, self.product_uom_id, rounding_method="HALF-UP"
            )
            part = min(demand, excess)
            excess -= part
            line._shorten(
                move, moves, self.product_uom_id._compute_quantity(part, move.product_uom)
            )

    def _shorten(self, move, moves, quantity):
        """Take a quantity (unit of the move) off a move and off those it waits for."""
        for before in move.move_orig_ids & moves:
            part = move.product_uom._compute_quantity(quantity, before.product_uom)
            self._shorten(before, moves, min(part, before.product_uom_qty))
        rest = move.product_uom_qty - quantity
        if move.product_uom.compare(rest, 0.0) <= 0:
            move._action_cancel()
            return
        reserved = move.state in ("partially_available", "assigned")
        move.product_uom_qty = rest
        if reserved and move.state in ("confirmed", "waiting", "partially_available"):
            move._action_assign()

    # === CHATTER ===

    def _cancellation_note(self, done, reason):
        """One note: what was cancelled on which line, and why."""
        render = self.env["ir.qweb"]._render
        show = self.env["stock.move"]._format_quantity
        return render(
            "multi_warehouse_docs.cancellation_note",
            {
                "reason": reason,
                "rows": [
                    (
                        line.product_id.display_name,
                        show(before),
                        show(line[self._ordered_field]),
                        line.product_uom_id.name,
                    )
                    for line, before in done
                ],
            },
        )
