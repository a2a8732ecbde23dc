"""Every message that came through a lead form, and what became of it."""

import secrets
from datetime import timedelta

from odoo import api, fields, models

from .claim import insert_once
from .retail_lead_form import WINDOW

#: days after which senders are forgotten, and what made no inquiry is
IP_DAYS, TRACE_DAYS = 30, 90


class RetailLeadFormAttempt(models.Model):
    _name = "retail.lead.form.attempt"
    _description = "Message of a Lead Form"
    _order = "received_at desc, id desc"
    _rec_name = "reference"

    form_id = fields.Many2one("retail.lead.form", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    received_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    state = fields.Selection(
        [
            ("created", "Inquiry Made"),
            ("repeated", "Came Before"),
            ("refused", "Refused"),
            ("dropped", "Robot"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    reference = fields.Char(required=True, readonly=True, help="What the sender was answered.")
    key = fields.Char(readonly=True, help="Two messages with the same key are one.")
    content_hash = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    ip = fields.Char("Sender", readonly=True, help="Forgotten after a month.")
    origin = fields.Char("Web Site", readonly=True)
    has_consent = fields.Boolean("Consent", readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", "Inquiry", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _key_uniq = models.UniqueIndex(
        "(form_id, key) WHERE key IS NOT NULL", "This message is known already."
    )
    _recent_idx = models.Index("(form_id, received_at)")
    _sender_idx = models.Index("(form_id, ip, received_at)")

    @api.model
    def _note(self, form, state, visitor, **values):
        """Write down a message that makes no inquiry; it counts against the sender's limit."""
        reference = secrets.token_hex(8)
        return self.create(
            [visitor | values | {"form_id": form.id, "state": state, "reference": reference}]
        )

    @api.model
    def _claim(self, form, submission, visitor, key=None):
        """Return ``(row, whether it is new)`` for a message that makes an inquiry.

        The database decides: of two equal messages at the same moment one waits for the other, and
        then is its repetition.
        """
        now = fields.Datetime.now()
        content = submission.fingerprint
        if not key:
            before = self._find_equal(form, content, now)
            if before:
                return before, False
            key = f"content {content} {int(now.timestamp()) // (60 * WINDOW)}"
        values = {
            "form_id": form.id,
            "company_id": form.company_id.id,
            "received_at": now,
            "state": "created",
            "reference": secrets.token_hex(8),
            "key": key,
            "content_hash": content,
            "ip": visitor["ip"],
            "origin": visitor["origin"],
            "has_consent": submission.has_consent,
        }
        attempt = insert_once(self, values, key=("form_id", "key"))
        if attempt:
            return attempt, True
        return self.search([("form_id", "=", form.id), ("key", "=", key)], limit=1), False

    def _find_equal(self, form, content, now):
        """The message that said the same a moment ago."""
        return self.search(
            [
                ("form_id", "=", form.id),
                ("state", "=", "created"),
                ("received_at", ">", now - timedelta(minutes=WINDOW)),
                ("content_hash", "=", content),
            ],
            limit=1,
        )

    @api.autovacuum
    def _forget(self):
        """Senders are nobody's business for long; what came to nothing need not be kept."""
        now = fields.Datetime.now()
        old = [("received_at", "<", now - timedelta(days=IP_DAYS)), ("ip", "!=", False)]
        self.search(old, limit=10_000).ip = False
        gone = [("received_at", "<", now - timedelta(days=TRACE_DAYS)), ("state", "!=", "created")]
        self.search(gone, limit=10_000).unlink()
