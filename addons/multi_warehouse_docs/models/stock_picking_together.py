"""Several deliveries become one document, so that several orders travel on one."""

from markupsafe import Markup

from odoo import models
from odoo.exceptions import LockError, UserError

SAME = (
    "company_id",
    "partner_id",
    "picking_type_id",
    "document_type_id",
    "causal_id",
    "carrier_id",
    "location_id",
    "location_dest_id",
    "owner_id",
)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_deliver_together(self):
        """Move the goods of these ready deliveries into the first of them, and open it.

        The orders keep their lines and quantities: only the document is the same.
        """
        pickings = self.sorted(lambda one: (one.scheduled_date, one.id))
        pickings._check_together()
        try:
            pickings.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody is working on these deliveries right now. Please try again.")
            ) from error
        target = pickings[0]
        target._take_over(pickings - target)
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": target.id,
            "view_mode": "form",
        }

    def _check_together(self):
        """Refuse deliveries that are not ready or not alike, and say which and in what."""
        if len(self) < 2:
            raise UserError(self.env._("Choose at least two deliveries to the same recipient."))
        waiting = self.filtered(
            lambda one: one.state != "assigned" or one.picking_type_code != "outgoing"
        )
        if waiting:
            raise UserError(
                self.env._(
                    "Only deliveries that are ready can travel together. Not so: %s.",
                    ", ".join(waiting.mapped("name")),
                )
            )
        if not self[0].partner_id:
            raise UserError(
                self.env._("%s has no recipient: enter the contact first.", self[0].name)
            )
        for name in SAME:
            if len({one[name] for one in self}) > 1:
                raise UserError(
                    self.env._(
                        "These deliveries cannot travel on one document, for they differ in "
                        "'%(field)s': %(values)s. Choose those that have the same.",
                        field=self._fields[name]._description_string(self.env),
                        values=", ".join(
                            f"{one.name}: {one[name].display_name or '-'}" for one in self
                        ),
                    )
                )

    def _take_over(self, others):
        """Take the moves of the other deliveries and remove those, empty now."""
        self.ensure_one()
        origins = [one.origin for one in self | others if one.origin]
        names = ", ".join(others.mapped("name"))
        notes = [one.note for one in self | others if one.note]
        lines = others.move_line_ids
        others.move_ids.picking_id = self
        lines.picking_id = self
        self.origin = ", ".join(dict.fromkeys(origins))
        self.note = Markup("").join(notes)
        self.message_post(body=self.env._("Travels together with what was %s.", names))
        others.unlink()
