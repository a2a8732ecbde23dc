"""What it takes to find a caller and to open the card of a customer, among very many."""

import random
import time
from statistics import median

from odoo.tools import SQL

#: repeated so often, with another customer each time; the middle one counts
ROUNDS = 60


def callers(env):
    """Milliseconds to find somebody, by what was typed; see `_timed`.

    ``"sql"`` is the query behind a number, run by the database alone; ``"lost"`` how many of the
    callers were not found first.
    """
    people = _sample(env)
    Partner = env["res.partner"]
    found, lost = {}, 0
    for title, typed in (
        ("number as in the country", lambda one: one.phone_sanitized[3:]),
        ("number with its country", lambda one: f"0039 {one.phone_sanitized[3:]}"),
        ("last seven digits", lambda one: one.phone_sanitized[-7:]),
        ("last four digits", lambda one: one.phone_sanitized[-4:]),
        ("beginning of the e-mail", lambda one: one.email[:-6]),
        ("name and number", lambda one: one.name),
    ):
        texts = {one.id: typed(one) for one in people}
        took, missing = _timed(env, texts, Partner._find_customers)
        found[title] = took
        lost += missing if title != "last four digits" else 0
    found["surname (very many hits)"], _ = _timed(
        env,
        dict(enumerate(("rossi", "bianchi", "nagy", "kovács", "ricci"))),
        Partner._find_customers,
    )
    found["customer box, by number"], _ = _timed(
        env,
        {one.id: one.phone_sanitized[3:] for one in people},
        lambda text: [one for one, _name in Partner.name_search(text, limit=8)],
    )
    found["customer box, by name"], _ = _timed(
        env,
        {one.id: one.name for one in people},
        lambda text: [one for one, _name in Partner.name_search(text, limit=8)],
    )
    return {"found": found, "lost": lost, "sql": _in_sql(env, people)}


def cards(env):
    """Milliseconds and queries of a card and of a page of the timeline: any customer, the best."""
    env.cr.execute(
        "SELECT partner_id FROM sale_order GROUP BY partner_id ORDER BY COUNT(*) DESC LIMIT 1"
    )
    heaviest = env["res.partner"].browse(env.cr.fetchone()[0])
    found = {}
    for title, people in (("ordinary", _sample(env)), ("heaviest", [heaviest] * 10)):
        for name, method in (("card", "get_customer_card"), ("timeline", "get_timeline")):
            times, queries = [], []
            for one in people:
                env.invalidate_all()
                before, started = env.cr.sql_log_count, time.perf_counter()
                getattr(one, method)()
                times.append((time.perf_counter() - started) * 1000)
                queries.append(env.cr.sql_log_count - before)
            found[f"{name}, {title}"] = {"ms": median(times), "queries": median(queries)}
    [(orders,)] = env.execute_query(
        SQL("SELECT COUNT(*) FROM sale_order WHERE partner_id = %s", heaviest.id)
    )
    return {"found": found, "orders": orders}


def duplicates(env):
    """Seconds of the nightly search for duplicates, with one customer in a hundred twice."""
    env.cr.execute(
        """
        UPDATE res_partner SET phone_sanitized = other.phone_sanitized
          FROM res_partner other
         WHERE res_partner.id % 100 = 0 AND other.id = res_partner.id + 1
               AND other.phone_sanitized IS NOT NULL AND res_partner.phone IS NOT NULL
        """
    )
    times = []
    for _round in range(2):
        env.invalidate_all()
        started = time.perf_counter()
        env["retail.duplicate"]._cron_find()
        env.flush_all()
        times.append(time.perf_counter() - started)
    return {
        "first": times[0],
        "again": times[1],
        "groups": env["retail.duplicate"].search_count([]),
    }


def _sample(env):
    env.cr.execute(
        "SELECT id FROM res_partner WHERE email LIKE 'customer%@example.com' ORDER BY id"
    )
    ids = [row[0] for row in env.cr.fetchall()]
    return env["res.partner"].browse(random.Random(42).sample(ids, ROUNDS))


def _timed(env, texts, find):
    """``(milliseconds, how many were not the first hit)`` of looking for each of the texts."""
    times, lost = [], 0
    for wanted, text in texts.items():
        env.invalidate_all()
        started = time.perf_counter()
        hits = find(text)
        times.append((time.perf_counter() - started) * 1000)
        lost += hits[:1] != [wanted]
    return median(times), lost


def _in_sql(env, people):
    """Milliseconds of the query behind a number, without what is made of its answer."""
    # known only where the addon is installed
    from odoo.addons.retail_crm.services import finder

    Partner, times = env["res.partner"], []
    terms = [finder.classify(one.phone_sanitized) for one in people]
    for term in terms:
        started = time.perf_counter()
        Partner._ids_by_phone(term)
        times.append((time.perf_counter() - started) * 1000)
    return median(times)
