"""Somebody did not answer: when to call again."""

from odoo import api, models


class RetailOrderDesk(models.AbstractModel):
    _inherit = "retail.order.desk"

    @api.model
    def set_not_reached(self, partner_id, order_id=False):
        """Plan to call a customer again who did not answer. Returns a sentence on when.

        The attempt is noted in the log of calls; the task is on the order, else on the customer.
        The one planned before is done with it.
        """
        partner = self.env["res.partner"].browse(partner_id)
        order = self.env["sale.order"].browse(order_id or ())
        return self.env["retail.call"]._note_not_reached(partner or order.partner_id, order)

    def _get_activities(self, partner, orders):
        missed = self.env["retail.call"].search(
            [("partner_id", "in", partner._get_family().ids), ("is_to_return", "=", True)]
        )
        return super()._get_activities(partner, orders) | missed.activity_ids
