"""The demo: two simulated shops of two systems, Odoo with the demo company, and the main job."""

import json
import time
from pathlib import Path

from suite import databases, detached, environment, paths, templates
from suite.console import Fault, say, step
from suite.server import OdooServer, require_free_port

#: the demo company's own shop, and a smaller one beside it that sells from the same stock
SYSTEM, SECOND_SYSTEM = "prestashop", "woocommerce"
DATABASE = "demo"
STATE = paths.RUN / "demo.json"
_PIDS = ("odoo_pid", "shop_pid", "second_shop_pid")
JOB = Path(__file__).with_name("demo_job.py")


def check() -> int:
    """Run the main job on servers of our own, leave nothing, print the figures as JSON."""
    started = time.monotonic()
    environment.ensure()
    databases.drop_leftovers()
    with databases.temporary(templates.demo()) as database:
        shops = _open_shops(0, paths.RUN / f"shop-{database}")
        try:
            with OdooServer(database, cron=False):
                outcome = run_job(database, *shops)
        finally:
            for shop in shops:
                shop.stop()
        for shop in shops:
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
    shop, second = _open_shops(shop_port, paths.RUN / "demo-shop")
    odoo = OdooServer(DATABASE, port=port, cron=False, log=paths.RUN / "demo-odoo.log")
    try:
        odoo.start()
        # Scheduled jobs wait until the figures are taken.
        outcome = run_job(DATABASE, shop, second)
        odoo.stop()
        odoo.cron = True
        odoo.start()
    except BaseException:
        odoo.stop()
        shop.stop()
        second.stop()
        raise
    summary = _summary(odoo, shop, second, outcome["figures"])
    pids = {"odoo_pid": odoo.pid, "shop_pid": shop.pid, "second_shop_pid": second.pid}
    detached.remember(STATE, **pids, summary=summary)
    for fault in outcome["faults"]:
        say(f"  wrong: {fault}")
    print(summary)
    return 1 if outcome["faults"] else 0


def stop() -> None:
    """End the shop and Odoo that :func:`start` left running."""
    state = detached.recall(STATE)
    for name in _PIDS:
        if name in state:
            detached.end(state[name])
    STATE.unlink(missing_ok=True)


def run_job(database: str, shop: detached.ShopProcess, second: detached.ShopProcess) -> dict:
    """Run ``demo_job.py`` inside Odoo and return ``{"figures": {...}, "faults": [sentences]}``."""
    given = f"SHOP = {shop.access!r}\nSECOND = {second.access!r}\n"
    code = f"{given}{JOB.read_text(encoding='utf-8')}"
    with step("Main job: connect the shops, send the catalogue, fetch the orders"):
        printed = databases.shell(database, code)
    try:
        return json.loads(printed.strip().splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise Fault(f"The main job printed no figures, but: {printed[-300:]!r}") from error


def _open_shops(port: int, log: Path) -> list[detached.ShopProcess]:
    """The demo company's shop at that port and the second one at a free one."""
    with step("Opening the demo shops"):
        first = detached.ShopProcess(SYSTEM, port=port, log=log.with_suffix(".log"))
        try:
            log = log.with_name(f"{log.name}-2.log")
            return [first, detached.ShopProcess(SECOND_SYSTEM, log=log)]
        except BaseException:
            first.stop()
            raise


def _is_running(state: dict) -> bool:
    return all(detached.is_ours(state.get(name, 0)) for name in _PIDS)


def _summary(
    odoo: OdooServer, shop: detached.ShopProcess, second: detached.ShopProcess, figures: dict
) -> str:
    lines = [f"  {name.replace('_', ' ')}: {value}" for name, value in figures.items()]
    return "\n".join(
        [
            "Synchronised:",
            *lines,
            f"Odoo: {odoo.url}  (login admin, password admin)",
            f"Shop: {shop.url}  (web service key {shop.api_key})",
            f"Second shop: {second.url}",
            "End all with scripts/demo --stop",
        ]
    )
