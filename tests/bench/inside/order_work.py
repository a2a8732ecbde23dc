"""What it takes to give a thousand orders to people and to look for those that are late."""

import time
from collections import Counter

from odoo import Command
from odoo.tools import SQL

#: shares of the eight people; the first gets twice as much
SHARES = (2, 1, 1, 1, 1, 1, 1, 1)


def assign(env, count):
    """Seconds, queries and the orders of each person, by share, all of them new and nobody's."""
    team = env["crm.team"].create(
        {
            "name": "Desk",
            "crm_team_member_ids": [
                Command.create({"user_id": user.id, "order_weight": share})
                for user, share in zip(_people(env, len(SHARES)), SHARES, strict=True)
            ],
        }
    )
    env["retail.assignment.rule"].create(
        {"name": "All", "team_id": team.id, "method": "weighted", "is_for_typed": True}
    )
    orders = _take(env, count, "user_id = NULL, state = 'draft'")
    env.flush_all()
    env.invalidate_all()
    before, started = env.cr.sql_log_count, time.perf_counter()
    env["retail.assignment.rule"]._assign(orders)
    env.flush_all()
    seconds = time.perf_counter() - started
    given = Counter(order.user_id.login for order in orders)
    env.cr.commit()
    return {
        "seconds": seconds,
        "queries": env.cr.sql_log_count - before,
        "given": sorted(given.values(), reverse=True),
    }


def sweep(env, due, waiting):
    """Milliseconds of a look when nothing is late, and seconds to mark so many late orders."""
    Order = env["sale.order"]
    _take(env, waiting, "stage_deadline = NOW() + INTERVAL '1 day', overdue_since = NULL")
    env.cr.commit()
    idle = []
    for _round in range(5):
        env.invalidate_all()
        started = time.perf_counter()
        Order._sweep_stages()
        idle.append((time.perf_counter() - started) * 1000)
    late = "stage_deadline = NOW() AT TIME ZONE 'UTC' - INTERVAL '1 hour', overdue_since = NULL"
    orders = _take(env, due, late)
    env.cr.commit()
    started, marked = time.perf_counter(), 0
    while done := Order._sweep_stages():
        marked += done
        env.cr.commit()
    seconds = time.perf_counter() - started
    env.invalidate_all()
    if marked < len(orders) or not all(orders.mapped("overdue_since")):
        raise RuntimeError(f"{marked} of {len(orders)} late orders were marked")
    return {"idle": min(idle), "seconds": seconds, "marked": marked}


def _people(env, count):
    group = env.ref("retail_crm.group_retail_crm_user")
    return env["res.users"].create(
        [
            {
                "name": f"Person {number}",
                "login": f"person{number}",
                "group_ids": [Command.set(group.ids)],
            }
            for number in range(count)
        ]
    )


def _take(env, count, values):
    """The latest orders, with these columns set in SQL."""
    stage = env["retail.order.stage"].search([("category", "=", "new")], limit=1)
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order SET stage_id = %s, stage_category = 'new', %s
             WHERE id IN (SELECT id FROM sale_order ORDER BY id DESC LIMIT %s)
            RETURNING id
            """,
            stage.id,
            SQL(values),  # pylint: disable=sql-injection  (constants of this file)
            count,
        )
    )
    ids = sorted(row[0] for row in env.cr.fetchall())
    env.invalidate_all()
    return env["sale.order"].browse(ids)
