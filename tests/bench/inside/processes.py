"""Requests that several processes make at once, each repeated by Odoo as it repeats any request."""

import multiprocessing
import os
import time
import traceback

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying

FORK = multiprocessing.get_context("fork")
SECONDS = 300


def at_once(env, shares, work):
    """Let a process for each share call ``work(registry, item)`` for its items, all at once.

    Returns the seconds it took and the list of all answers, which have to be plain data.
    """
    env.cr.commit()
    start = FORK.Barrier(len(shares) + 1)
    answers = FORK.Queue()
    workers = [
        FORK.Process(target=_serve, args=(env.cr.dbname, share, work, start, answers))
        for share in shares
    ]
    for worker in workers:
        worker.start()
    start.wait(SECONDS)
    started = time.perf_counter()
    found = [answers.get(timeout=SECONDS) for _worker in workers]
    seconds = time.perf_counter() - started
    for worker in workers:
        worker.join(SECONDS)
    faults = [share for share in found if isinstance(share, str)]
    if faults:
        raise RuntimeError(faults[0])
    env.invalidate_all()
    return seconds, [answer for share in found for answer in share]


def request(registry, act):
    """Return what ``act(env)`` returns in a transaction of its own."""
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        return retrying(lambda: act(env), env)


def _serve(database, share, work, start, answers):
    """What one process does; it must not touch the connections of the one it was forked from."""
    try:
        sql_db._Pool = sql_db._Pool_readonly = None
        registry = Registry.registries[database]
        registry._db, registry._db_readonly = sql_db.db_connect(database), None
        with registry.cursor() as cr:
            cr.execute("SELECT 1")  # connected
        start.wait(SECONDS)
        answers.put([work(registry, item) for item in share])
    except Exception:  # whatever it is, the parent tells it
        answers.put(traceback.format_exc())
    finally:
        answers.close()
        answers.join_thread()
        os._exit(0)  # nothing of the parent's may be tidied up here
