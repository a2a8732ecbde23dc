"""Why an order was cancelled: asked of every person, known for shops and customers.

Context key of ours: ``retail_ask_reason`` on the Cancel button, so that it opens the question.
Programs that call ``action_cancel`` cancel, as in Odoo.
"""

from odoo import fields, models
from odoo.exceptions import RedirectWarning


class SaleOrder(models.Model):
    _inherit = "sale.order"

    cancel_reason_id = fields.Many2one(
        "crm.lost.reason",
        "Cancellation Reason",
        copy=False,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    cancel_note = fields.Text("About the Cancellation", copy=False)

    def action_cancel(self):
        if self.env.context.get("retail_ask_reason") and self._needs_cancel_reason():
            return self._get_cancel_action()
        return super().action_cancel()

    def _needs_cancel_reason(self):
        return any(order.state != "cancel" and not order.cancel_reason_id for order in self)

    def _get_cancel_action(self):
        """The window that asks for the reason and cancels these orders."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Order"),
            "res_model": "retail.order.cancel",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def _action_cancel(self):
        self._reason_without_person()
        return super()._action_cancel()

    def _reason_without_person(self):
        """The shop or the customer cancels: nobody is there to be asked."""
        unexplained = self.filtered(lambda order: not order.cancel_reason_id)
        if not unexplained:
            return
        xmlid = False
        if self.env.context.get("from_shop"):
            xmlid = "retail_crm.cancel_reason_shop"
        elif self.env.user.share:
            xmlid = "retail_crm.cancel_reason_customer"
        # an administrator may have deleted the reason: then there is none
        reason = xmlid and self.env.ref(xmlid, raise_if_not_found=False)
        if reason:
            unexplained.cancel_reason_id = reason

    def _check_stage(self, stage, vals):
        result = super()._check_stage(stage, vals)
        asked = stage.category == "cancelled" and not self.env.su
        if asked and not vals.get("cancel_reason_id") and self._needs_cancel_reason():
            raise RedirectWarning(
                self.env._(
                    "Why is %s cancelled? Choose the reason first.",
                    ", ".join(self.mapped("name")),
                ),
                self._get_cancel_action(),
                self.env._("Choose the Reason"),
            )
        return result

    def action_draft(self):
        self.filtered(lambda order: order.state == "cancel").write(
            {"cancel_reason_id": False, "cancel_note": False}
        )
        return super().action_draft()
