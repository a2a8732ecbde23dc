"""How jobs go back into the queue, how they fail, and what a failure leaves to the next try."""

from datetime import timedelta

from psycopg2 import errorcodes, errors

from odoo import api, fields, models
from odoo.tools import SQL

#: a pause up to this ends with the bell, a longer one with the poll of the shop
RUNG_PAUSE = timedelta(seconds=30)


class MarkedMeanwhile(errors.SerializationFailure):
    """Another transaction, which ours does not see, marked the same thing: to be repeated."""

    # the driver fills it in only for what the server raised, and Odoo asks for it
    pgcode = errorcodes.SERIALIZATION_FAILURE


class ShopJob(models.Model):
    _inherit = "shop.job"

    _goods_idx = models.Index("(shop_id) WHERE goods IS NOT NULL")

    # === AGAIN ===

    @api.model
    def _take_back(self, shop):
        """Jobs that a runner left behind when it died are waiting again.

        Safe because a shop has one runner at a time, told by the shop's lock and not by a time-out.
        """
        running = self.search([("shop_id", "=", shop.id), ("state", "=", "running")])
        running._release()

    def _release(self, error=None, pause=timedelta(0), tried=True):
        """Put jobs back into the queue, unless the same thing was marked again meanwhile.

        ``tried``: False where their turn did not come, so that it makes no later pause longer.
        Raises MarkedMeanwhile when that happens at this very moment.
        """
        if not self:
            return
        self.flush_model()
        twins = self._find_twins()
        self._hand_on_goods(twins)
        doubles = self.browse({job for job, _twin in twins})
        doubles.unlink()
        back = self - doubles
        now = fields.Datetime.now()
        query = SQL(
            "UPDATE shop_job SET state = 'pending', error = %s, due_at = %s, write_uid = %s,"
            " write_date = %s, tries = GREATEST(tries - %s, 0) WHERE id = ANY(%s)",
            str(error) if error else None,
            now + pause,
            self.env.uid,
            now,
            0 if tried else 1,
            back.ids,
        )
        try:
            # nothing that the log has to tell of
            self.env.cr.execute(query, log_exceptions=False)
        except errors.UniqueViolation as fault:
            raise MarkedMeanwhile(str(fault)) from fault
        back.invalidate_recordset(flush=False)
        if timedelta(0) < pause <= RUNG_PAUSE:
            self._ring_bell(pause.total_seconds())

    def _find_twins(self):
        """Pairs (job, job that stands for the same thing and stays), as ids."""
        return self.env.execute_query(
            SQL(
                """
                WITH job AS (SELECT id, shop_id, kind, key FROM shop_job WHERE id = ANY(%s))
                SELECT job.id, twin.id FROM job JOIN shop_job twin USING (shop_id, kind, key)
                 WHERE twin.state = 'pending' AND twin.id <> job.id
                 UNION
                SELECT job.id, twin.id FROM job JOIN job twin USING (shop_id, kind, key)
                 WHERE twin.id > job.id
                """,
                self.ids,
            )
        )

    def action_retry(self):
        """Try failed exchanges again now."""
        self.check_access("read")
        # one that waits already under another number is gone afterwards
        shops = self.shop_id
        # whoever puts a record right may have it tried again; the log itself is not theirs to edit
        self.sudo().filtered(lambda job: job.state == "failed")._release()
        shops._wake()

    # === FAILED ===

    def _fail(self, error):
        """This exchange cannot go on by itself: a person reads the error and retries."""
        settled = self._find_failures()
        self._hand_on_goods([(failed, job) for job, failed in settled])
        self.browse(failed for _job, failed in settled).unlink()
        self.write({"state": "failed", "error": str(error), "finished_at": fields.Datetime.now()})

    def _settle_failures(self):
        """Older failures of the same records are no longer true."""
        self.browse(failed for _job, failed in self._find_failures()).unlink()

    def _find_failures(self):
        """Pairs (job, older failure of the same record), as ids."""
        self.flush_model()
        return self.env.execute_query(
            SQL(
                "SELECT job.id, failed.id FROM shop_job failed"
                " JOIN shop_job job USING (shop_id, kind, key)"
                " WHERE job.id = ANY(%s) AND failed.state = 'failed' AND failed.id <> job.id",
                self.ids,
            )
        )

    @api.model
    def _hand_on_goods(self, pairs):
        """What an order is known to have taken stays known: pairs (job that goes, that stays)."""
        if not pairs:
            return
        leaving, staying = (list(column) for column in zip(*pairs, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE shop_job heir SET goods = latest.goods
                  FROM (SELECT DISTINCT ON (pair.staying) pair.staying, job.goods
                          FROM unnest(%s::integer[], %s::integer[]) AS pair (leaving, staying)
                          JOIN shop_job job ON job.id = pair.leaving
                         WHERE job.goods IS NOT NULL
                      ORDER BY pair.staying, job.id DESC) latest
                 WHERE heir.id = latest.staying AND heir.goods IS NULL
                """,
                leaving,
                staying,
            )
        )
        self.browse(staying).invalidate_recordset(["goods"], flush=False)
