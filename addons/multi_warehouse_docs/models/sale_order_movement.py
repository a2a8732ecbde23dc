"""The state of an order moves its goods, where its document type says so."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    can_write_off = fields.Boolean(compute="_compute_can_write_off")

    @api.depends("state", "delivery_status", "document_type_id.movement_trigger")
    def _compute_can_write_off(self):
        for order in self:
            order.can_write_off = (
                order.state == "sale"
                and order.delivery_status in ("pending", "started", "partial")
                and order.document_type_id.movement_trigger == "delivered"
            )

    def _move_goods_on_confirm(self):
        """Over the counter: who confirms the order hands over the goods."""
        self.filtered(
            lambda order: order.document_type_id.movement_trigger == "confirm"
        )._write_off_goods()

    def action_mark_delivered(self):
        """The customer has the goods: write off what is still open, all of it or nothing.

        Another addon may have a part of its own in this step (a web shop hears of it): whichever
        was loaded later calls the other's by ``super()``, and the goods always move first.
        Raises UserError with the missing lines, or where a person has to validate.
        """
        self.check_access("write")
        self.filtered(
            lambda order: order.document_type_id.movement_trigger != "manual"
        )._write_off_goods()
        further = getattr(super(), "action_mark_delivered", None)
        if further:
            return further()
        waiting = self.filtered(lambda order: order.state != "sale" or order._get_open_deliveries())
        if waiting:
            raise UserError(
                self.env._(
                    "%s: not all goods have left yet. Confirm the order and validate its "
                    "deliveries first.",
                    ", ".join(waiting.mapped("display_name")),
                )
            )
        return True

    def _take_reported_delivery(self):
        """A web shop says that its customer has the goods of these orders.

        Nobody is there to read an error: it ends on the order, with a task for its salesperson.
        """
        for order in self.filtered(
            lambda one: one.document_type_id.movement_trigger == "delivered"
        ):
            try:
                with self.env.cr.savepoint():
                    order._write_off_goods()
            except UserError as error:
                order._tell_not_written_off(str(error))
        further = getattr(super(), "_take_reported_delivery", None)
        return further() if further else None

    def _tell_not_written_off(self, reason):
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Reported as delivered, but the goods are not written off"),
            note=reason,
            user_id=(self.user_id or self.env.user).id,
        )

    # === WRITING OFF ===

    def _write_off_goods(self):
        """Validate what is still to be delivered of these orders in full, step after step.

        Raises UserError with the products that are missing; the caller's transaction (or
        savepoint) takes back what was done before.
        """
        # Whoever closes the order need not be a storekeeper: the document type, set up by an
        # administrator, says that this moves the goods.
        for order in self.sudo().filtered(lambda one: one.state == "sale"):
            deliveries = self.env["stock.picking"]
            while following := order._get_next_deliveries():
                order._validate_deliveries(following)
                deliveries |= following
            if deliveries:
                order.message_post(
                    body=self.env._(
                        "Goods written off: %s",
                        ", ".join(deliveries.mapped("display_name")),
                    )
                )

    def _get_open_deliveries(self):
        """Return the transfers, of any step, that bring goods of this order to the customer."""
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel")
                and any(
                    (move.location_final_id or move.location_dest_id).usage == "customer"
                    and move.location_id.usage != "customer"
                    for move in picking.move_ids
                )
            )
        )

    def _get_next_deliveries(self):
        """Return the open transfers that no other transfer has to come before."""
        waiting = self._get_open_deliveries()
        free = waiting.filtered(
            lambda picking: all(
                move.state in ("done", "cancel") for move in picking.move_ids.move_orig_ids
            )
        )
        # When all wait for something else (goods still to be bought), they are what is missing.
        return free or waiting

    def _validate_deliveries(self, pickings):
        """Carry out these transfers, as far as they are of this order."""
        pickings.action_assign()
        moves = pickings.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        ours = moves.filtered(lambda move: move.sale_line_id.order_id <= self)
        missing = ours._get_missing_lines()
        if missing:
            raise UserError(
                self.env._(
                    "%(order)s cannot be delivered in full. Missing:\n%(missing)s",
                    order=self.display_name,
                    missing=missing,
                )
            )
        ours.picked = True
        (moves - ours).picked = False  # of other orders in the same transfer: they stay open
        pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
        undone = pickings.filtered(lambda picking: picking.state != "done")
        if undone:
            raise UserError(
                self.env._(
                    "%s asks for a decision. Validate it by hand first.",
                    ", ".join(undone.mapped("display_name")),
                )
            )
