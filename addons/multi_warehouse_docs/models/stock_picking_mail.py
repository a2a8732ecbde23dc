"""The document goes to the recipient by mail, after the transaction that drew its number.

The PDF takes seconds to make, and from the draw of a number to the commit everybody else waits
who validates in the same series. So validation only notes that a mail is due.
"""

import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)
CRON = "multi_warehouse_docs.cron_mail_documents"


class StockPicking(models.Model):
    _inherit = "stock.picking"

    document_mail_due = fields.Boolean(copy=False, index="btree_not_null", readonly=True)

    # === BY HAND ===

    def action_send_document(self):
        """Open a mail with the document attached."""
        self.ensure_one()
        template = self._get_mail_template() or self.env["document.type"]._default_mail_template()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
            },
        }

    def _get_mail_template(self):
        return self.sudo().document_type_id.mail_template_id.sudo(False)

    def _get_mail_recipient(self):
        """Return whom the document goes to: the ship-to contact, else its company."""
        self.ensure_one()
        partner = self.partner_id
        if partner.email:
            return partner
        return partner.parent_id if partner.parent_id.email else partner.commercial_partner_id

    # === BY ITSELF ===

    def _send_confirmation_email(self):
        # one mail, not two: ours takes the place of Odoo's where both are wanted
        due = self.filtered(lambda one: one.state == "done" and one._wants_document_mail())
        result = super(
            StockPicking, self.with_context(document_mail_due=due.ids)
        )._send_confirmation_email()
        due = due.filtered("document_number")
        if due:
            due.document_mail_due = True
            self.env.ref(CRON).sudo()._trigger()  # who ships need not be allowed to run jobs
        return result

    def _wants_document_mail(self):
        document_type = self.sudo().document_type_id
        if not document_type.mail_template_id or not self._get_series():
            return False
        by_odoo = self.company_id.stock_move_email_validation
        return document_type.mail_on_validation or (
            by_odoo and self.picking_type_id.code == "outgoing"
        )

    def message_post_with_source(self, source_ref, **kwargs):
        due = self.env.context.get("document_mail_due", ())
        confirmation = self.company_id.stock_mail_confirmation_template_id
        if self.id in due and not isinstance(source_ref, str) and source_ref == confirmation:
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, **kwargs)

    @api.model
    def _cron_mail_documents(self, limit=100):
        """Mail the documents that are due. What cannot be mailed ends as a task on the document."""
        due = self.search([("document_mail_due", "=", True)], limit=limit, order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for picking in due:
            picking = picking.try_lock_for_update().filtered("document_mail_due")
            if picking:
                picking._mail_document()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _mail_document(self):
        """Mail this document to its recipient, or say on it why that was not possible."""
        self.document_mail_due = False
        if self.voided:
            return
        recipient = self._get_mail_recipient()
        if not recipient.email:
            self._report_unsent(
                self.env._(
                    "%(document)s was not mailed: %(partner)s has no e-mail address. Enter one on "
                    "the contact, then press Send by Email.",
                    document=self.document_number,
                    partner=self.partner_id.display_name or self.env._("the document"),
                )
            )
            return
        try:
            with self.env.cr.savepoint():
                self.message_post_with_source(
                    self._get_mail_template(),
                    email_layout_xmlid="mail.mail_notification_light",
                    subtype_xmlid="mail.mt_comment",
                )
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # a rival: the job tries again
        except Exception as error:  # layouts and templates are the users' own
            _logger.warning("%s was not mailed", self.document_number, exc_info=True)
            self._report_unsent(
                self.env._(
                    "%(document)s was not mailed: %(reason)s Mend it, then press Send by Email.",
                    document=self.document_number,
                    reason=error,
                )
            )

    def _report_unsent(self, text):
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            note=text,
            user_id=self.user_id.id or self.sale_id.user_id.id or self.create_uid.id,
        )
