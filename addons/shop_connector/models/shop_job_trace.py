"""What was said about a job: duration and masked answer, and finding it again by its record."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .shop_job import INCOMING, LINK_KINDS, MODELS

#: more records of one name than this are not looked for
SEARCH_LIMIT = 5000


class ShopJob(models.Model):
    _inherit = "shop.job"

    record_name = fields.Char(search="_search_record_name")
    duration = fields.Float(
        "Duration (s)",
        digits=(16, 3),
        readonly=True,
        help="How long the exchange took; records exchanged together share it.",
    )
    answer = fields.Text(
        "Calls and Answers",
        readonly=True,
        help="The calls to the shop. Of a failed exchange also what was sent and answered, without "
        "secrets and cut.",
    )

    def _search_record_name(self, operator, value):
        """Jobs of records whose name fits."""
        if operator not in ("=", "in", "like", "ilike", "=like", "=ilike"):
            return NotImplemented
        found = Domain("key", operator, value)
        for kind, model in MODELS.items():
            # the name tells nothing that the job does not show to whoever may see the job
            records = self.env[model].sudo().with_context(active_test=False)
            ids = records.search([("display_name", operator, value)], limit=SEARCH_LIMIT).ids
            if ids:
                found |= Domain("kind", "=", kind) & self._of_records(kind, ids)
        return found

    def _of_records(self, kind, ids):
        """The condition for jobs of a kind about these records of ours."""
        if kind not in INCOMING:
            return Domain("key", "in", [str(record_id) for record_id in ids])
        linked = LINK_KINDS.get(kind, kind)
        links = self.env["shop.binding"].search([("kind", "=", linked), ("res_id", "in", ids)])
        return Domain.OR(
            Domain("shop_id", "=", shop.id) & Domain("key", "in", of_shop.mapped("external_id"))
            for shop, of_shop in links.grouped("shop_id").items()
        )

    def _still_running(self):
        """Those that nobody finished or gave back."""
        return self.exists().filtered(lambda job: job.state == "running")

    def _note_exchange(self, trace, seconds):
        """Write down how long these jobs took and what was said: all of it only if it failed.

        Those that were finished with their own part of it keep that.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE shop_job SET duration = %s,"
                " answer = CASE WHEN state = 'done' THEN %s ELSE %s END"
                " WHERE id = ANY(%s) AND duration IS NULL",
                round(seconds, 3),
                trace.lines() or None,
                trace.report() or None,
                self.ids,
            )
        )
        self.invalidate_recordset(["duration", "answer"], flush=False)
