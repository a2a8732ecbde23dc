"""How marks are written: at the price of one short query for each transaction.

It is part of whatever a person just saved, so it only notes what was touched, in a bare table.
Which shops that concerns is found out later and elsewhere: by the bell, half a second after, or by
a runner. For chosen records that statement is a function of the database, made when the addon is
installed or updated: PostgreSQL plans it once a connection and not once a transaction.
"""

import logging

from odoo import api, models
from odoo.tools import SQL

from .shop_bell import NOTES, OTHERS_WERE_QUICKER, bell, take_marks
from .shop_job import EVERYTHING, INCOMING, MARK_SOURCES, MARKS, PRIORITIES

_logger = logging.getLogger(__name__)

#: makes one pending job a row of the source, or leaves the one that is due already. Nobody is the
#: author: it is the system's, and each foreign key that is filled in costs a query of its own
UPSERT = """
    INSERT INTO shop_job (shop_id, direction, kind, key, state, priority,
                          tries, due_at, create_date, write_date)
    SELECT src.shop_id, %(direction)s, %(kind)s, src.key, 'pending',
           %(priority)s, 0, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC'
      FROM (%(source)s) src
    ON CONFLICT (shop_id, kind, key) WHERE state = 'pending' DO UPDATE
       SET due_at = excluded.due_at WHERE shop_job.due_at > excluded.due_at
"""
#: on a transaction: the delays after which it will ring
RUNG = "shop_connector.rung"


class ShopJob(models.Model):
    _inherit = "shop.job"

    def init(self):
        """Make the table of notes, and each kind's function ``shop_mark_<kind>(ids, shops)``."""
        self.env.cr.execute(NOTES)
        # of the first version; its index and its foreign key were part of what every save cost
        self.env.cr.execute("ALTER TABLE shop_job DROP COLUMN IF EXISTS company_id")
        for kind, sources in MARK_SOURCES.items():
            chosen = [SQL("%s AND %s = ANY(ids)", source, column) for source, column in sources]
            everything = [source for source, _column in sources]
            self.env.cr.execute(
                SQL(
                    "CREATE OR REPLACE FUNCTION %s(ids integer[], shops integer[])"
                    " RETURNS boolean LANGUAGE plpgsql"
                    # left to itself it plans anew each time: a list of ids might be a short one
                    " SET plan_cache_mode = force_generic_plan AS %s",
                    SQL.identifier(f"shop_mark_{kind}"),
                    f"BEGIN IF {EVERYTHING} = ANY(ids)"
                    f" THEN {self._function_text(kind, everything)};"
                    f" ELSE {self._function_text(kind, chosen)};"
                    " END IF; RETURN FOUND; END",
                )
            )

    def _function_text(self, kind, sources):
        work = self._upsert_query(kind, self._shops_of(SQL(" UNION ").join(sources)))
        return self.env.cr.mogrify(work.code, work.params).decode()

    def _shops_of(self, rows):
        """The query of (shop, key) for a query of (shop, record), within such a function."""
        return SQL(
            "SELECT s.id AS shop_id, r.res_id::text AS key FROM (%s) r"
            " JOIN shop_shop s ON s.id = r.shop_id"
            " WHERE s.state <> 'draft' AND (shops IS NULL OR s.id = ANY(shops))"
            # always in one order, so that two big transactions do not wait for each other; as
            # numbers, so that the older record comes first
            " ORDER BY s.id, r.res_id",
            rows,
        )

    def _upsert_query(self, kind, source):
        return SQL(
            UPSERT,
            direction="in" if kind in INCOMING else "out",
            kind=kind,
            priority=PRIORITIES[kind],
            source=source,
        )

    def _write_marks(self):
        """Note what this transaction touched, in one statement.

        Odoo has flushed everything before, and forgets what it read when the transaction ends.
        """
        marks = self.env.cr.precommit.data.pop(MARKS, None) or {}
        notes = []
        for (kind, shop_ids), ids in marks.items():
            shops = list(shop_ids) if shop_ids is not None else None
            whole = EVERYTHING in ids
            noted = [EVERYTHING] if whole else list(self._widen_marks(kind, ids))
            notes.append((kind, noted, shops))
        if notes:
            rows = SQL(", ").join(SQL("(%s, %s, %s)", *note) for note in notes)
            self.env.cr.execute(SQL("INSERT INTO shop_mark (kind, ids, shops) VALUES %s", rows))
        if marks:
            self._ring_bell()

    def _take_marks(self):
        """Make jobs of what was noted so far, here and in other transactions."""
        self.env.cr.execute("SELECT FROM shop_mark LIMIT 1")
        if not self.env.cr.rowcount:
            return
        try:
            with self.env.cr.savepoint(flush=False):
                # a runner takes what concerns other shops too: theirs are to be woken
                if take_marks(self.env.cr):
                    self._ring_bell()
        except OTHERS_WERE_QUICKER as error:
            _logger.info("Marks are taken a little later: %s", error)
            self._ring_bell()

    def _is_noted(self, kind, res_id):
        """Whether a transaction noted this record and nobody has made a job of it yet."""
        query = SQL("SELECT FROM shop_mark WHERE kind = %s AND %s = ANY(ids) LIMIT 1", kind, res_id)
        self.env.cr.execute(query)
        return bool(self.env.cr.rowcount)

    def _widen_marks(self, kind, ids):
        """The ids that a mark concerns; for bridges that know what else depends on a record."""
        return ids

    def _upsert(self, kind, source):
        """Insert pending jobs for a (shop_id, key) query and wake the runners."""
        self.env.flush_all()
        self.env.cr.execute(self._upsert_query(kind, source))
        # what was due already has been told
        if self.env.cr.rowcount:
            self._ring_bell()
        self.invalidate_model()

    @api.model
    def _ring_bell(self, delay=0.0):
        """Ring ``delay`` seconds after this transaction is committed, once."""
        postcommit, database = self.env.cr.postcommit, self.env.cr.dbname
        rung = postcommit.data.setdefault(RUNG, set())
        if delay not in rung:
            rung.add(delay)
            postcommit.add(lambda: bell.ring(database, delay))
