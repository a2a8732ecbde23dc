"""Deliveries validated by six processes at once: with gap-free numbers, and without numbers."""

import os
from statistics import median

NAME = "numbering"
BAR = 0.8
PROCESSES = 6
#: numbers given in a large database, and seconds in which a screen about them is there
LARGE, SCREEN_BAR = 100_000, 1.0
SIZE = int(os.environ.get("BENCH_VALIDATIONS", "48"))
#: the first batch of each warms the caches and is left out
BATCHES = 1 + int(os.environ.get("BENCH_ROUNDS", "4"))


def run(context):
    """Ratio of the rates, in turns, and what was lost or is missing.

    BENCH_VALIDATIONS is the number of deliveries in a round, BENCH_ROUNDS that of the rounds.
    """
    with context.database("multi_warehouse_docs") as database:
        found = context.inside(
            database, "numbering.compare", batches=BATCHES, size=SIZE, processes=PROCESSES
        )
        state = context.inside(database, "numbering.state")
        screens = context.inside(database, "numbering.at_size", numbers=LARGE)
    rates = {
        name: [SIZE / batch["seconds"] for batch in batches[1:]] for name, batches in found.items()
    }
    ratio = median(a / b for a, b in zip(rates["with"], rates["without"], strict=True))
    lost = sum(len(batch["lost"]) for batches in found.values() for batch in batches)
    again = sum(batch["attempts"] - SIZE for batch in found["with"])
    given = state["numbers"] == list(range(1, SIZE * BATCHES + 1))
    title = f"{SIZE} validations in {PROCESSES} processes"
    return [
        row(f"{title}: rate with / without numbers", ratio, "x", f">= {BAR}", ratio >= BAR),
        row("  with numbers", median(rates["with"]), "a second"),
        row("  without numbers", median(rates["without"]), "a second"),
        row("  lost", lost, "validations", "0", lost == 0),
        row("  repeated", again, "validations"),
        row("  missing numbers", state["gaps"], "gaps", "0", given and not state["gaps"]),
        *(
            row(f"{LARGE} numbers: {name}", took, "s", f"<= {SCREEN_BAR:g}", took <= SCREEN_BAR)
            for name, took in screens.items()
        ),
    ]


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
