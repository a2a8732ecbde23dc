"""All stock levels of a catalogue changed, beside the time the shop needs to write them itself."""

import os
import time

from _bare_stock import BARE

from suite.benchmarks import SYSTEM

NAME = "stock"
LEVELS = int(os.environ.get("BENCH_LEVELS", BARE[SYSTEM].levels))
ROUNDS = 3
BAR = 1.3


def run(context):
    """Time by the clock of a push of everything, as a multiple of the bare calls.

    A level replaces whatever the shop holds, so that nobody may write one without having looked
    just before: a sale of that moment would be undone. Both sides therefore do the same, with the
    same calls: read as many rows as fit in a call, write them, and so on. The bare calls are signed
    and ready before the clock starts, and their answers are not looked at: what is timed is the
    shop and the way to it. Both take turns, the best round of each counts.

    The simulator is quicker than any shop: for both sides it takes as long for each row that is
    read or written as a real one did. The multiple of the writing calls alone, which no careful
    sender can come near, stands beside it. BENCH_LEVELS changes the number of levels (10,000, of a
    system that writes slowly fewer), BENCH_SYSTEM the shop's system.
    """
    with context.database("shop_connector") as database, context.simulator() as shop:
        side = BARE[shop.system](shop)
        side.fill(LEVELS)
        keep_pace(shop, side)
        context.inside(
            database, "stock.prepare", access=context.access(shop), external_ids=side.products
        )
        bare, ours = [], []
        for number in range(ROUNDS):
            bare.append(exchange_bare(side, 10 + number))
            shop.clear_log()
            found = context.inside(
                database, "stock.measure", quantity=100 + number, held=10 + number
            )
            check(side, found, 100 + number)
            ours.append(found)
        best = min(ours, key=lambda each: each["seconds"])
        calls = len(shop.log)
    return figures(best, *min(bare, key=sum), calls)


def figures(best, reading, writing, calls):
    """Lines of the table from the best round of each side."""
    ratio = best["seconds"] / (reading + writing)
    title = f"{LEVELS} changed stock levels"
    return [
        row(f"{title}: time, of the shop's own", ratio, "x", f"<= {BAR}", ratio <= BAR),
        row("  sent by Odoo", best["seconds"], "s"),
        row("  bare calls", reading + writing, "s"),
        row("  of these reading", reading, "s"),
        row("  time, of the bare writing calls alone", best["seconds"] / writing, "x"),
        row("  processor time of Odoo", best["python"], "s"),
        row("  processor time of PostgreSQL", best["backend"], "s"),
        row("  calls", calls, "calls"),
        row("  queries", best["queries"], "queries"),
    ]


def keep_pace(shop, bare):
    """Let the shop take as long for stock that is written or read as a real one did."""
    answer = shop.handle

    def handle(request):
        started = time.perf_counter()
        response = answer(request)
        pace = bare.pace.read if request.method == "GET" else bare.pace.written
        seconds = bare.rows_in(request, response) / pace
        time.sleep(max(seconds - (time.perf_counter() - started), 0))
        return response

    shop.handle = handle


def exchange_bare(bare, quantity):
    """Seconds that the shop takes for reading and for writing one quantity everywhere.

    As many in a call as is best; each is written right after it was read.
    """
    seconds = [0.0, 0.0]
    with bare.session() as session:
        calls = [[session.prepare_request(call) for call in pair] for pair in bare.calls(quantity)]
        for pair in calls:
            for place, request in enumerate(pair):
                started = time.perf_counter()
                session.send(request).raise_for_status()
                seconds[place] += time.perf_counter() - started
    return seconds


def check(bare, found, quantity):
    """Raise when not every level arrived."""
    held = bare.held()
    if held != {quantity} or found["figures"]["sent"] != {"stock": len(bare.products)}:
        raise RuntimeError(f"Not every level was sent: {sorted(held)[:5]}, {found['figures']}")


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
