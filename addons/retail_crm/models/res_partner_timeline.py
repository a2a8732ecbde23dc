from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, html2plaintext

PAGE = 30
#: letters of a message that are shown; the whole stands on its document
PREVIEW = 600
#: what people wrote and said; the rest is what Odoo noted by itself
CORRESPONDENCE = ("email", "email_outgoing", "comment", "auto_comment", "out_of_office", "sms")
NEVER = ("user_notification",)


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.readonly
    def get_timeline(self, before=None, everything=False, limit=PAGE):
        """A page of all that was written about and with this customer, the newest first.

        Messages on the customer, their people and addresses, orders, leads, invoices, deliveries
        and calls are in one list; of documents the user may not see there are none. ``before`` is
        the ``cursor`` of the page before; ``everything``: with what Odoo noted by itself.

        ``{"entries": [...], "cursor": [...] or false}``, see `_describe_entries`.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The timeline is for the people of the company only."))
        limit = max(1, min(int(limit), 100))
        family = self.commercial_partner_id._get_family()
        rows = self._get_timeline_rows(family, before, everything, limit + 1)
        more = len(rows) > limit
        rows = rows[:limit]
        cursor = [fields.Datetime.to_string(rows[-1][0]), rows[-1][1]] if more else False
        messages = self.env["mail.message"].browse([row[1] for row in rows])
        return {"entries": self._describe_entries(messages), "cursor": cursor}

    def _get_timeline_rows(self, family, before, everything, limit):
        """``[(time, message id)]``; one query, each part of which reads an index."""
        self.env["mail.message"].flush_model()
        types = SQL("message_type NOT IN %s", NEVER)
        if not everything:
            types = SQL("message_type IN %s", CORRESPONDENCE)
        page = SQL("TRUE")
        if before:
            moment, last = fields.Datetime.to_datetime(before[0]), int(before[1])
            # the second of the page before may hold more; microseconds are not sent
            page = SQL("(date_trunc('second', date), id) < (%s, %s)", moment, last)
        parts = [
            SQL(
                """
                (SELECT date, id, date_trunc('second', date) AS second FROM mail_message
                  WHERE model = %s AND res_id IN %s AND %s AND %s
                  ORDER BY second DESC, id DESC LIMIT %s)
                """,
                model,
                ids,
                types,
                page,
                limit,
            )
            for model, ids in self._get_timeline_documents(family).items()
        ]
        query = SQL(
            "SELECT second, id FROM (%s) entries ORDER BY second DESC, id DESC LIMIT %s",
            SQL(" UNION ALL ").join(parts),
            limit,
        )
        return self.env.execute_query(query)

    def _get_timeline_documents(self, family):
        """``{model: query of the ids}`` of the documents whose messages belong to the customer."""
        found = {}
        for model, (field, more) in self._get_timeline_sources().items():
            Model = self.env[model].with_context(active_test=False)
            if Model.has_access("read"):
                found[model] = Model._search([(field, "in", family.ids), *more]).subselect()
        return found

    @api.model
    def _get_timeline_sources(self):
        """``{model: (field that names the customer, further domain)}`` of all that has messages."""
        return {
            "res.partner": ("id", []),
            "sale.order": ("partner_id", []),
            "crm.lead": ("partner_id", []),
            "account.move": ("partner_id", [("move_type", "in", ("out_invoice", "out_refund"))]),
            "stock.picking": ("partner_id", []),
        }

    def _describe_entries(self, messages):
        """What the list shows of each message: plain values, no HTML.

        ``key``, ``id``, ``date``, ``kind`` ("mail_in", "mail_out", "sms", "note", "system"),
        ``author``, ``subject``, ``text``, ``attachments`` (count), ``failed``, ``model``,
        ``res_id``, ``document`` (its name) and ``document_kind``.
        """
        # sudo: the documents are those the user may see (`_get_timeline_documents`), and messages
        # are for whoever may see their document; asking again for each costs a query per model
        messages = messages.sudo()
        names = self._get_document_names(messages)
        return [
            {
                "key": f"message {message.id}",
                "id": message.id,
                "date": message.date,
                "kind": self._get_entry_kind(message),
                "author": message.author_id.display_name or message.email_from or "",
                "subject": message.subject or "",
                "text": self._get_entry_text(message),
                "attachments": len(message.attachment_ids),
                "failed": message.has_error,
                "model": message.model,
                "res_id": message.res_id,
                "document": names.get((message.model, message.res_id), ""),
                "document_kind": self.env["ir.model"]._get(message.model).name,
            }
            for message in messages
        ]

    def _get_document_names(self, messages):
        names = {}
        for model, ones in messages.grouped("model").items():
            documents = self.env[model].browse(set(ones.mapped("res_id")))
            names |= {(model, one.id): one.display_name for one in documents}
        return names

    def _get_entry_kind(self, message):
        if message.message_type == "sms":
            return "sms"
        if message.message_type in ("email", "out_of_office"):
            return "mail_in"
        if message.message_type in ("notification", "user_notification"):
            return "system"
        return "note" if message.is_internal or message.subtype_id.internal else "mail_out"

    def _get_entry_text(self, message):
        text = html2plaintext(message.body or "").strip()
        # fields the user may not read are left out, as in the chatter
        values = message.tracking_value_ids._filter_has_field_access(self.env)
        changes = [
            "{}: {} → {}".format(
                one["fieldInfo"]["changedField"], one["oldValue"] or "-", one["newValue"] or "-"
            )
            for one in values._tracking_value_format()
        ]
        text = "\n".join(filter(None, [text, *changes]))
        return text if len(text) <= PREVIEW else text[:PREVIEW].rstrip() + " …"
