"""What happens to an order that is moved into a stage."""

from odoo import models

from .retail_order_stage import STATES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _run_entry_action(self, stage):
        """Bring these orders to what their new stage says; UserError when that cannot be."""
        if not self:
            return
        if stage.category == "cancelled":
            self.filtered(lambda order: order.state != "cancel").action_cancel()
        else:
            revived = self.filtered(lambda order: order.state == "cancel")
            revived.action_draft()
            self._confirm_for_stage(stage)
            # following the state has moved them on the way
            revived.filtered(lambda order: order.stage_id != stage)._note_stage(stage)
            self._act_for_stage(stage)
        if stage.report_id:
            self._attach_stage_document(stage)

    def _confirm_for_stage(self, stage):
        """Goods are packed and sent for confirmed orders only."""
        states = STATES[stage.category]
        if stage.entry_action != "confirm" and "draft" in states:
            return
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        if quotations:
            quotations.action_confirm()

    def _act_for_stage(self, stage):
        if stage.entry_action == "invoice":
            self._invoice_for_stage()
        elif stage.entry_action == "deliver":
            self._deliver_for_stage(stage)
        elif stage.entry_action == "lock":
            self.action_lock()

    def _invoice_for_stage(self):
        """Invoice what is due, one invoice for each order, and post it."""
        due = self.filtered(lambda order: order.invoice_status == "to invoice")
        if due:
            # whoever moves the order need not keep the books: the administrator who set the stage
            # up says that this makes the invoice
            due.sudo()._create_invoices(grouped=True).action_post()

    def _deliver_for_stage(self, stage):
        """The goods have left: write off what is still open, or refuse with what is missing."""
        self._write_off_goods()
        if stage.category == "done":
            self.filtered(lambda order: not order.delivered_at).action_mark_delivered()

    def _attach_stage_document(self, stage):
        """The document of the stage as PDF in the history of each order."""
        # the report is the administrator's choice; its access list is about the print menu
        report = stage.sudo().report_id
        for order in self:
            content, kind = report._render_qweb_pdf(report.report_name, order.ids)
            name = f"{report.name} {order.name}.{kind}".replace("/", "-")
            order.message_post(
                body=self.env._("%(stage)s: document attached.", stage=stage.name),
                attachments=[(name, content)],
            )
