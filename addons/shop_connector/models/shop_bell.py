"""What makes exchanges of the marks that transactions noted, and wakes the runners for them."""

import logging
import threading

import psycopg2
from psycopg2 import errors
from psycopg2.extensions import TransactionRollbackError

from odoo import sql_db
from odoo.tools import SQL

from .shop_job import MARK_SOURCES

_logger = logging.getLogger(__name__)

#: without key, index or foreign key: each would be paid for by every save
NOTES = """
    CREATE TABLE IF NOT EXISTS shop_mark
        (kind varchar NOT NULL, ids integer[] NOT NULL, shops integer[],
         noted_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'))
"""
#: takes what was noted, each row once whoever else is at it
TAKE = """
    WITH taken AS (
        DELETE FROM shop_mark
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM shop_mark FOR UPDATE SKIP LOCKED))
        RETURNING kind, ids, shops)
    SELECT kind, shops, array_agg(DISTINCT id) FROM taken, unnest(ids) AS id
     GROUP BY kind, shops ORDER BY kind, shops
"""
_DUE_SHOPS = """
      FROM shop_shop shop JOIN ir_cron cron ON cron.id = shop.cron_id AND cron.active
     WHERE EXISTS (SELECT FROM shop_job job WHERE job.shop_id = shop.id AND job.state = 'pending'
                      AND job.due_at <= now() AT TIME ZONE 'UTC')
"""
DUE = f"SELECT {_DUE_SHOPS} LIMIT 1"
#: lets the crons of the shops with due work be called, as ``ir.cron._trigger`` does; for the level
#: READ COMMITTED. A run deletes its triggers (those of whole seconds that have passed) in a
#: transaction that lasts as long as it does: one that it locks does not call it once more
WAKE = f"""
    INSERT INTO ir_cron_trigger (cron_id, call_at, create_date, write_date)
    SELECT cron.id, date_trunc('second', now() AT TIME ZONE 'UTC'), now() AT TIME ZONE 'UTC',
           now() AT TIME ZONE 'UTC'
    {_DUE_SHOPS}
       AND NOT EXISTS (SELECT FROM ir_cron_trigger due WHERE due.cron_id = cron.id
                          AND due.call_at <= now() AT TIME ZONE 'UTC'
                          FOR KEY SHARE SKIP LOCKED)
"""
#: nobody waits longer for rows of a job that a big transaction holds: the marks stay noted
PATIENCE = "SET LOCAL lock_timeout = '2s'"
#: the next time it goes: what another transaction took, holds or deleted
OTHERS_WERE_QUICKER = (
    TransactionRollbackError,
    errors.LockNotAvailable,
    errors.ForeignKeyViolation,
)
#: the addon has just been removed
GONE = (errors.UndefinedTable, errors.UndefinedFunction, errors.UndefinedColumn)


def take_marks(cr):
    """Make jobs of what transactions noted; returns whether that made anything due.

    Raises one of ``OTHERS_WERE_QUICKER`` when it has to be tried again.
    """
    cr.execute(PATIENCE)
    cr.execute(TAKE, log_exceptions=False)
    found = False
    for kind, shops, ids in cr.fetchall():
        if kind not in MARK_SOURCES:
            # another version of the addon wrote it; kept, it would stop all others for ever
            _logger.warning("Marks of the unknown kind %s are dropped: %s", kind, ids)
            continue
        function = SQL.identifier(f"shop_mark_{kind}")
        cr.execute(SQL("SELECT %s(%s, %s)", function, ids, shops), log_exceptions=False)
        found |= cr.fetchone()[0]
    cr.execute("SET LOCAL lock_timeout TO DEFAULT")
    return found


class Bell:
    """Makes jobs of marks and wakes the runners of a database, twice a second at most.

    Waking takes a row in a table of Odoo and a connection to another database. Hundreds of small
    transactions need that only once; and the person who saved something need not wait for it. What
    is left when a process dies in between is found by the next poll, a minute later at most.
    """

    PAUSE = 0.5

    def __init__(self):
        self._lock = threading.Lock()
        #: database -> "due", "busy", or "again": rung while it was busy
        self._states = {}

    def ring(self, database, delay=0.0):
        """Wake them soon; one thread a database, however often it is rung.

        ``delay``: seconds until something is due; a process that ends does not wait for that.
        """
        if delay:
            self._start(delay, self.ring, database, daemon=True)
            return
        with self._lock:
            state = self._states.get(database)
            self._states[database] = "again" if state in ("busy", "again") else "due"
            if state:
                return
        # a process that ends in good order still rings
        self._start(self.PAUSE, self._notify, database, daemon=False)

    def _start(self, seconds, function, database, *, daemon):
        timer = threading.Timer(seconds, function, (database,))
        # said, because it would be inherited from the thread we are in
        timer.daemon = daemon
        timer.start()

    def _notify(self, database):
        with self._lock:
            self._states[database] = "busy"
        again = False
        try:
            again = not self._work(database)
        except GONE as error:
            _logger.info("Marks of %s are not taken any more: %s", database, error)
        except (psycopg2.OperationalError, sql_db.PoolError) as error:
            _logger.info("Runners of %s not woken: %s", database, error)
        except psycopg2.Error:
            _logger.exception("Marks of %s could not be taken", database)
        finally:
            with self._lock:
                again |= self._states.pop(database) == "again"
        if again:
            self.ring(database)

    def _work(self, database):
        """Take the marks and wake whoever is due; False when it has to be tried again."""
        try:
            if not self._is_due(database):
                return True
        except OTHERS_WERE_QUICKER as error:
            _logger.info("Marks of %s are taken a little later: %s", database, error)
            return False
        with sql_db.db_connect("postgres").cursor() as cr:
            cr.execute("SELECT pg_notify('cron_trigger', %s)", (database,))
        return True

    def _is_due(self, database):
        """Make jobs of the marks; returns whether a runner has anything to do."""
        with sql_db.db_connect(database).cursor() as cr:
            # of two that want the same row, the second is to go on and not to fail
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            take_marks(cr)
            cr.execute(DUE, log_exceptions=False)
            if not cr.rowcount:
                return False
            cr.execute(WAKE, log_exceptions=False)
            return True


bell = Bell()
