"""Locks that outlive transactions: who works on something that takes several of them."""

from contextlib import contextmanager

from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo.tools import SQL


@contextmanager
def session_lock(cr, space, number, *, wait=False):
    """Hold an advisory lock of PostgreSQL; yields whether we got it (always if we ``wait``).

    It belongs to the connection: it outlives our commits and ends by itself when the process dies.
    ``space``, ``number``: the two halves of its key.
    """
    function = SQL("pg_advisory_lock" if wait else "pg_try_advisory_lock")
    cr.execute(SQL("SELECT %s(%s, %s)", function, space, number))
    held = cr.fetchone()[0] is not False
    try:
        yield held
    finally:
        if held:
            if cr.connection.info.transaction_status == TRANSACTION_STATUS_INERROR:
                cr.rollback()
            cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", space, number))
