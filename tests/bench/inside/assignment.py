"""What it takes to deal orders out, and to keep somebody to their own clients."""

import random
import time
from collections import Counter
from statistics import median

from odoo.fields import Command

PEOPLE = 8
ORDERS = 1000
ROUNDS = 20


def _team(env):
    users = env["res.users"].create(
        [
            {
                "name": f"Seller {number}",
                "login": f"bench_seller_{number}",
                "group_ids": [Command.set([env.ref("retail_crm.group_retail_crm_user").id])],
            }
            for number in range(PEOPLE)
        ]
    )
    return env["crm.team"].create(
        {
            "name": "Bench Team",
            "crm_team_member_ids": [Command.create({"user_id": user.id}) for user in users],
        }
    )


def deal(env):
    """Seconds and queries for a thousand imported orders; the first of the team is due a fifth."""
    team = _team(env)
    team.crm_team_member_ids[0].order_weight = 2
    rule = env["retail.assignment.rule"].create(
        {"name": "Bench", "team_id": team.id, "takeover_minutes": 30}
    )
    orders = env["sale.order"].search([("state", "=", "sale")], limit=ORDERS)
    orders.with_context(tracking_disable=True).write({"user_id": False})
    env.flush_all()
    env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    rule._assign(orders, rule)
    env.flush_all()
    took = time.perf_counter() - started
    shares = Counter(order.user_id.id for order in orders)
    return {
        "seconds": took,
        "queries": env.cr.sql_log_count - queries,
        "shares": list(shares.values()),
    }


def rights(env):
    """Milliseconds of searches, by somebody with the switch and by the same person without."""
    team = _team(env)
    seller = team.member_ids[0]
    orders = env["sale.order"].search([], limit=5000)
    env.cr.execute("UPDATE sale_order SET user_id = %s WHERE id = ANY(%s)", [seller.id, orders.ids])
    env.cr.execute("ANALYZE sale_order")
    env.invalidate_all()
    found = {}
    for title, groups in (("free", []), ("own clients", ["retail_crm.group_own_clients"])):
        seller.group_ids += env["res.groups"].union(*(env.ref(group) for group in groups))
        Partner = env(user=seller.id)["res.partner"]
        people = env["res.partner"].search([("phone_sanitized", "!=", False)], limit=2000)
        random.seed(7)
        texts = [random.choice(people).phone_sanitized for _round in range(ROUNDS)]
        found[f"{title}: contact list"] = _middle(
            [lambda: Partner.web_search_read([], {"name": {}}, limit=80, count_limit=10001)] * 5
        )
        found[f"{title}: orders list"] = _middle(
            [
                lambda: Partner.env["sale.order"].web_search_read(
                    [], {"name": {}}, limit=80, count_limit=10001
                )
            ]
            * 5
        )
        found[f"{title}: caller by number"] = _middle(
            [lambda text=text: Partner._find_customers(text) for text in texts]
        )
    return found


def _middle(calls):
    times = []
    for call in calls:
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)
