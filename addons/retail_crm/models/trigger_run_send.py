"""Sending the message of a run, at most once.

That something leaves is committed before it leaves (state ``sending``); what became of it, after.
A process that dies in between leaves ``sending`` behind, and ``_recover`` decides: what a provider
accepts under the same key without sending it twice is repeated, everything else is for a person.
"""

import logging
import re
import smtplib

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sms.tools.sms_tools import sms_content_to_rendered_html

_logger = logging.getLogger(__name__)

PHONE = re.compile(r"\s*\+?[\d\s()./-]+\Z")
SENT, RETRY, FAILED, UNKNOWN = "sent", "retry", "failed", "unknown"


class NotConnected(Exception):
    """The mail server was not reached: nothing left."""


class RetailTriggerRun(models.Model):
    _inherit = "retail.trigger.run"

    def _is_repeatable(self):
        """Whether sending the same once more could reach the customer twice: then False."""
        if self.send_by != "sms":
            return False
        api = self._get_sms_api(self.company_id)
        return bool(getattr(api, "is_repeatable", False))

    def _send_first_possible(self, record, kinds):
        """Send by the first way that works; the others are for when it fails.

        A next try goes on with the way that had no answer: those before it were refused.
        """
        refused = kinds.index(self.send_by) if self.send_by in kinds else 0
        reasons = (self.reason or "").split("\n")[:refused]
        names = dict(self._fields["send_by"]._description_selection(self.env))
        for number, kind in enumerate(kinds[refused:], refused + 1):
            outcome, reason = self._send(record, kind)
            if reason:
                reasons.append(f"{names[kind]}: {reason}")
            if outcome != FAILED or number == len(kinds):
                words = "\n".join(reasons) or False
                self._insist(lambda words=words, result=outcome: self._end(record, result, words))
                return

    def _end(self, record, outcome, words):
        if outcome == SENT:
            # a fast provider may have told already that it arrived
            self._succeed(record, words, delivery=self.delivery or "sent")
        elif outcome == RETRY:
            self._retry(words, record)
        elif outcome == UNKNOWN:
            self._finish("unknown", words)
        else:
            self._fail(words, record)

    def _insist(self, note):
        """Write down what became of a message, whoever is writing to the same records."""
        for _try in range(3):
            try:
                note()
                self._save()
                return
            except psycopg2.OperationalError:
                self._undo()
        note()

    def _send(self, record, kind):
        """Send one message; returns what became of it and, in words, why."""
        if not self._has_consent(kind):
            return FAILED, self.env._("The customer does not want it.")
        try:
            with self.env.cr.savepoint():
                if kind == "sms":
                    self._compose_sms(record)
        except psycopg2.OperationalError as error:
            return RETRY, str(error)  # somebody else was changing the same records
        except Exception as error:  # templates are the users' own
            return FAILED, self._words(error)
        self.write({"state": "sending", "send_by": kind, "handed_at": fields.Datetime.now()})
        if kind == "sms":
            return self._send_sms()
        self._save()
        return self._send_email(record)

    # === SMS ===

    def _get_sms_api(self, company):
        api = company._get_sms_api_class()(self.env)
        api._set_company(company)
        return api

    def _compose_sms(self, record):
        """Text and number of the SMS, once; its identity is the key of the run."""
        if self.text and self.sent_to and self.send_by == "sms":
            return
        found = record._sms_get_recipients_info()[record.id]
        number = self._clean_number(found["sanitized"])
        if not number:
            raise UserError(
                self.env._("%s is no phone number.", found["number"])
                if found["number"]
                else self.env._("The customer has no phone number.")
            )
        if self.env["phone.blacklist"].sudo().search_count([("number", "=", number)], limit=1):
            raise UserError(self.env._("The customer wants no SMS (%s is blocked).", number))
        template = self.rule_id.sms_template_id.with_env(self.env)
        body = template._render_field("body", record.ids, compute_lang=True)[record.id]
        self.write({"text": " ".join(body.split()), "sent_to": number})
        if isinstance(record, self.pool["mail.thread"]):
            self.message_id = record._message_log(
                body=sms_content_to_rendered_html(self.text), message_type="sms"
            )
            self._note_recipient(self.message_id, found["partner"], number)

    @api.model
    def _clean_number(self, text):
        """Digits of a phone number, with the plus if there is one; empty when it is none.

        Odoo checks numbers only where its library of numbers is installed.
        """
        text = text or ""
        digits = re.sub(r"\D", "", text)
        if not PHONE.match(text) or not 5 <= len(digits) <= 15:
            return ""
        return ("+" if text.strip().startswith("+") else "") + digits

    def _note_recipient(self, note, partner, number):
        """Odoo's own mark of an SMS on a message: it follows the delivery reports."""
        self.env["mail.notification"].sudo().create(
            {
                "mail_message_id": note.id,
                "res_partner_id": partner.id,
                "sms_number": number,
                "notification_type": "sms",
                "notification_status": "process",
                "is_read": True,
                "sms_tracker_ids": [fields.Command.create({"sms_uuid": self.message_key})],
            }
        )

    def _send_sms(self):
        """Hand it to the provider, with no transaction open meanwhile.

        Not by a record of Odoo's own queue of SMS: that sends again what was interrupted.
        """
        api = self._get_sms_api(self.company_id)
        if hasattr(api, "_prepare"):
            api._prepare()
        numbers = [{"number": self.sent_to, "uuid": self.message_key}]
        messages = [{"content": self.text, "numbers": numbers}]
        report_url = f"{self.get_base_url()}/sms/status"
        self._save()
        try:
            results = api._send_sms_batch(messages, delivery_reports_url=report_url)
        except Exception as error:  # providers of other addons raise what they like, at any point
            _logger.warning("SMS %s: the provider failed", self.message_key, exc_info=True)
            return UNKNOWN, str(error)
        state, reason = results[0]["state"], results[0].get("failure_reason") or ""
        if state == "not_reached":
            return RETRY, reason
        if state == "unknown":
            return (RETRY if getattr(api, "is_repeatable", False) else UNKNOWN), reason
        failure = api.PROVIDER_TO_SMS_FAILURE_TYPE.get(state, "unknown")
        success = self.env["sms.sms"].IAP_TO_SMS_STATE_SUCCESS.get(state)
        self._insist(lambda: self._mark_message(success, failure, reason))
        if success:
            return SENT, ""
        labels = dict(self.env["sms.sms"]._fields["failure_type"]._description_selection(self.env))
        return FAILED, reason or labels.get(failure) or state

    def _mark_message(self, success, failure, reason):
        """Show on the message in the history what became of it."""
        # marks of messages are the system's
        trackers = self.env["sms.tracker"].sudo().search([("sms_uuid", "=", self.message_key)])
        if success:
            trackers._action_update_from_sms_state(success)
        else:
            trackers._action_update_from_sms_state(
                "error", failure_type=failure, failure_reason=reason
            )

    # === E-MAIL ===

    def _send_email(self, record):
        """Make and send it in one transaction; its Message-Id tells a repeated one apart."""
        try:
            with self.env.cr.savepoint():
                mail = self._compose_email(record)
        except psycopg2.OperationalError as error:
            return RETRY, str(error)
        except Exception as error:  # templates are the users' own
            return FAILED, self._words(error)
        try:
            with self.env.cr.savepoint():
                mail.send()
                if mail.state == "exception" and not mail.failure_type:
                    raise NotConnected(mail.failure_reason)
        except NotConnected as error:
            mail.mail_message_id.unlink()
            return RETRY, str(error)
        except (psycopg2.Error, smtplib.SMTPException, OSError) as error:
            _logger.warning("E-mail %s: broken off", self.message_key, exc_info=True)
            return UNKNOWN, str(error)
        if mail.state == "exception":
            reason = mail.failure_reason
            mail.mail_message_id.unlink()
            return FAILED, reason
        self.message_id = mail.mail_message_id
        return SENT, ""

    def _compose_email(self, record):
        template = self.rule_id.mail_template_id.with_env(self.env)
        domain = self.company_id.alias_domain_id.name or "localhost"
        values = {"message_id": f"<{self.message_key}.order-desk@{domain}>", "auto_delete": False}
        mail = template.send_mail_batch(record.ids, email_values=values)
        people = mail.recipient_ids.mapped("email")
        self.sent_to = ", ".join(filter(None, [mail.email_to, *people])) or False
        if not self.sent_to:
            raise UserError(self.env._("The customer has no e-mail address."))
        return mail
