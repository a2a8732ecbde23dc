"""The demo: a simulated shop, Odoo with the demo company, and the main job between the two."""

import json
import time
from pathlib import Path

from suite import databases, detached, environment, paths, templates
from suite.console import Fault, say, step
from suite.server import OdooServer, require_free_port

SYSTEM = "prestashop"
DATABASE = "demo"
STATE = paths.RUN / "demo.json"
JOB = Path(__file__).with_name("demo_job.py")


def check() -> int:
    """Run the main job on servers of our own, leave nothing, print the figures as JSON."""
    started = time.monotonic()
    environment.ensure()
    databases.drop_leftovers()
    with databases.temporary(templates.demo()) as database:
        shop = _open_shop(0, paths.RUN / f"shop-{database}.log")
        try:
            with OdooServer(database, cron=False):
                outcome = run_job(database, shop)
        finally:
            shop.stop()
        shop.log.unlink(missing_ok=True)
    figures = {**outcome["figures"], "seconds": round(time.monotonic() - started, 1)}
    for fault in outcome["faults"]:
        say(f"  wrong: {fault}")
    print(json.dumps(figures))
    return 1 if outcome["faults"] else 0


def start(port: int, shop_port: int) -> int:
    """Run the main job and leave the shop and Odoo running. A running demo is left as it is."""
    state = detached.recall(STATE)
    if _is_running(state):
        print(f"The demo is running already (scripts/demo --stop ends it).\n{state['summary']}")
        return 0
    stop()
    environment.ensure()
    require_free_port(port)
    require_free_port(shop_port)
    template = templates.demo()
    databases.drop(DATABASE)
    databases.clone(template, DATABASE)
    shop = _open_shop(shop_port, paths.RUN / "demo-shop.log")
    odoo = OdooServer(DATABASE, port=port, cron=False, log=paths.RUN / "demo-odoo.log")
    try:
        odoo.start()
        # Scheduled jobs wait until the figures are taken.
        outcome = run_job(DATABASE, shop)
        odoo.stop()
        odoo.cron = True
        odoo.start()
    except BaseException:
        odoo.stop()
        shop.stop()
        raise
    summary = _summary(odoo, shop, outcome["figures"])
    pids = {"odoo_pid": odoo.pid, "shop_pid": shop.pid}
    detached.remember(STATE, **pids, summary=summary)
    for fault in outcome["faults"]:
        say(f"  wrong: {fault}")
    print(summary)
    return 1 if outcome["faults"] else 0


def stop() -> None:
    """End the shop and Odoo that :func:`start` left running."""
    state = detached.recall(STATE)
    for name in ("odoo_pid", "shop_pid"):
        if name in state:
            detached.end(state[name])
    STATE.unlink(missing_ok=True)


def run_job(database: str, shop: detached.ShopProcess) -> dict:
    """Run ``demo_job.py`` inside Odoo and return ``{"figures": {...}, "faults": [sentences]}``."""
    access = {"system": SYSTEM, "base_url": shop.url, "api_key": shop.api_key}
    code = f"SHOP = {access!r}\n{JOB.read_text(encoding='utf-8')}"
    with step("Main job: connect the shop, send the catalogue, fetch the orders"):
        printed = databases.shell(database, code)
    try:
        return json.loads(printed.strip().splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Fault(f"The main job printed no figures, but: {printed[-300:]!r}") from error


def _open_shop(port: int, log: Path) -> detached.ShopProcess:
    with step("Opening the demo shop"):
        return detached.ShopProcess(SYSTEM, port=port, log=log)


def _is_running(state: dict) -> bool:
    return all(detached.is_ours(state.get(name, 0)) for name in ("odoo_pid", "shop_pid"))


def _summary(odoo: OdooServer, shop: detached.ShopProcess, figures: dict) -> str:
    lines = [f"  {name.replace('_', ' ')}: {value}" for name, value in figures.items()]
    return "\n".join(
        [
            "Synchronised:",
            *lines,
            f"Odoo: {odoo.url}  (login admin, password admin)",
            f"Shop: {shop.url}  (web service key {shop.api_key})",
            "End both with scripts/demo --stop",
        ]
    )
