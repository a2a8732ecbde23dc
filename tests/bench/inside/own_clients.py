"""What it takes to keep somebody to their own clients, among very many."""

import random
import time
from statistics import median

from odoo.fields import Command

#: orders of the seller; callers that are looked up
OWN, CALLERS = 5000, 20


def search(env):
    """Milliseconds of searches, by the same person without the right and with it."""
    seller = env["res.users"].create(
        {
            "name": "Seller",
            "login": "bench_seller",
            "group_ids": [Command.set([env.ref("retail_crm.group_retail_crm_user").id])],
        }
    )
    env["crm.team"].create(
        {"name": "Bench", "crm_team_member_ids": [Command.create({"user_id": seller.id})]}
    )
    env.cr.execute(
        "UPDATE sale_order SET user_id = %s WHERE id IN (SELECT id FROM sale_order ORDER BY"
        " partner_id LIMIT %s)",
        [seller.id, OWN],
    )
    env.cr.execute("ANALYZE sale_order")
    env.invalidate_all()
    found = {"orders": OWN}
    found |= _measure(env, seller, "free")
    seller.group_ids += env.ref("retail_crm.group_own_clients")
    found |= _measure(env, seller, "own clients")
    return found


def _measure(env, seller, title):
    Partner = env(user=seller.id)["res.partner"]
    Order = Partner.env["sale.order"]
    people = env["res.partner"].search([("phone_sanitized", "!=", False)], limit=2000)
    random.seed(7)
    texts = [random.choice(people).phone_sanitized for _round in range(CALLERS)]
    page = {"limit": 80, "count_limit": 10001}
    return {
        f"{title}: list of contacts": _middle(
            [lambda: Partner.web_search_read([], {"name": {}}, **page)] * 5
        ),
        f"{title}: list of orders": _middle(
            [lambda: Order.web_search_read([], {"name": {}}, **page)] * 5
        ),
        f"{title}: caller by number": _middle(
            [lambda text=text: Partner._find_customers(text) for text in texts]
        ),
    }


def _middle(calls):
    times = []
    for call in calls:
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)
