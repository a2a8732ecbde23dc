"""An order and its opportunity end together, whichever of them is ended."""

from odoo import models

from .retail_order_stage import ENDED


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _on_stage_entered(self, stage):
        result = super()._on_stage_entered(stage)
        if stage.category == "done":
            # the deal may be a colleague's, who hears of it in its history
            self.sudo().opportunity_id._win_with_orders()
        return result


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _win_with_orders(self):
        """Won as soon as none of its orders is open any more."""
        open_deals = self.filtered(lambda lead: lead.active and not lead.stage_id.is_won)
        open_deals.filtered(
            lambda lead: not set(lead.order_ids.mapped("stage_category")) - set(ENDED)
        ).action_set_won()

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """Whichever way a deal is won, by the button or on the board, its orders follow."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        before = {lead_id for lead_id, status in old_status_by_lead.items() if status["is_won"]}
        now = {lead_id for lead_id, status in new_status_by_lead.items() if status["is_won"]}
        self.filtered(lambda lead: lead.id in now - before)._complete_orders()
        return result

    def _complete_orders(self):
        """Orders whose goods have left are done with the deal; quotations ask to be confirmed."""
        # the orders may be a colleague's, who hears of it in their history
        orders = self.sudo().order_ids
        for company, sent in (
            orders.filtered(lambda order: order.stage_category == "delivery")
            .grouped("company_id")
            .items()
        ):
            sent._note_stage(self.env["retail.order.stage"]._get_first(("done",), company))
        for order in orders.filtered(lambda order: order.state in ("draft", "sent")):
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The opportunity is won: confirm the order"),
                user_id=order._get_answerable().id,
            )

    def action_set_lost(self, **additional_values):
        """The quotations of a lost deal are cancelled for the same reason."""
        result = super().action_set_lost(**additional_values)
        quotations = self.order_ids.filtered(lambda order: order.state in ("draft", "sent"))
        for lead, orders in quotations.grouped("opportunity_id").items():
            orders.cancel_reason_id = lead.lost_reason_id
            orders._action_cancel()
        return result
