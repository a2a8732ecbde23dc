"""Two transactions of which neither sees the other: nothing is lost, done twice or made a fault.

Each scenario runs in Odoo's shell, which commits for real; beside it, on connections of their own,
other processes do what they do at the worst moment.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from odoo_side import prepare

from suite import databases, templates
from suite.simulators import open_simulator

CONNECT = """
stocked("WINE", {{lang: "Wine" for lang in ("en_US", "it_IT", "hu_HU")}}, 9.99, 20)
shop = env["shop.shop"].create({{
    "name": "Cellar Online", "base_url": {url!r}, "api_key": {key!r}, "pricelist_id": pricelist.id,
    "warehouse_ids": [Command.set(warehouse.ids)], "orders_since": "2020-01-01 00:00:00",
}})
env["product.template"].search([("default_code", "=", "WINE")]).shop_ids = shop
shop.action_connect()
figures = shop.action_sync_now()
assert figures["sent"]["stock"] == 1, figures
"""
#: every scenario begins with it; nobody else is awake
BESIDE = """
import contextlib, threading, time
from unittest.mock import patch
import psycopg2
from odoo import api, fields, sql_db
from odoo.addons.shop_connector.models import shop_bell, shop_runner
from odoo.addons.shop_connector.sync import order_import

shop_bell.bell.ring = lambda *_arguments: None
# a scenario that goes wrong is to fail and not to hang
env.cr.execute("SET lock_timeout = '60s'")
env.cr.commit()
shop = env["shop.shop"].search([])
Job = env["shop.job"]
wine = env["product.product"].search([("default_code", "=", "WINE")])

@contextlib.contextmanager
def another():
    "What another process does, and commits."
    with contextlib.closing(sql_db.db_connect(env.cr.dbname).cursor()) as cr:
        yield api.Environment(cr, api.SUPERUSER_ID, {})
        cr.commit()

def mark(there):
    there["shop.job"]._mark("stock", wine.ids, shop)
    there["shop.job"]._flush_marks()

def save_shop():
    "A person saves the form of the shop."
    with another() as there:
        there["shop.shop"].browse(shop.id).log_days += 1

def unfinished(kind):
    env.invalidate_all()
    return Job.search([("kind", "=", kind), ("state", "!=", "done")])

def lanes():
    "Who holds or wants the lane of a company: [whether he has it]."
    env.cr.execute(
        "SELECT granted FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        [order_import.LANE_SPACE],
    )
    return [granted for (granted,) in env.cr.fetchall()]
"""
MARKED_MEANWHILE = """
mark(env)
env.cr.commit()
taken = Job._take(shop, "stock", 10)
env.cr.commit()
assert len(taken) == 1

class Unfinished:
    def _process(self, shop, adapter, jobs, tally):
        assert jobs.mapped("state") == ["running"]
        with another() as there:
            mark(there)
        jobs._release()

with shop._runner_lock(), shop._open_adapter() as adapter:
    shop._serve(Unfinished(), adapter, taken, shop_runner.Tally())
assert unfinished("stock").mapped("state") == ["pending"], unfinished("stock").mapped("error")
assert not taken.exists()
assert shop.action_sync_now()["skipped"] == {"stock": 1}
assert not unfinished("stock")
"""
SEEN_ONCE_STORED = """
note = env.registry["shop.job"]._mark_incoming

def disturbed(self, *arguments):
    save_shop()
    return note(self, *arguments)

tally = shop_runner.Tally()
with shop._open_adapter() as adapter:
    with patch.object(env.registry["shop.job"], "_mark_incoming", disturbed):
        try:
            shop._poll_orders(adapter, tally)
            shop._end_transaction()
        except psycopg2.OperationalError:
            env.cr.rollback()
        else:
            raise AssertionError("nothing disturbed it")
    assert not unfinished("order")
    assert shop._poll_orders(adapter, tally), "the order was forgotten"
assert len(unfinished("order")) == 1
assert shop.action_sync_now()["received"] == {"order": 1}
"""
ONE_CUSTOMER = """
opened = threading.Event()

def other_shop():
    "Another shop imports an order of the same new customer."
    with another() as there:
        lane = (order_import.LANE_SPACE, shop.company_id.id)
        there.cr.execute("SELECT pg_advisory_lock(%s, %s)", lane)
        opened.set()
        waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        for _moment in range(600):
            there.cr.execute(waiting)
            if there.cr.rowcount:
                break
            time.sleep(0.05)
        there["res.partner"].create({"name": "Ada", "email": "ada@example.com"})
        there.cr.commit()
        there.cr.execute("SELECT pg_advisory_unlock(%s, %s)", lane)

thread = threading.Thread(target=other_shop, daemon=True)
thread.start()
assert opened.wait(30)
figures = shop.action_sync_now()
thread.join()
assert figures["received"] == {"order": 1}, figures
customers = env["res.partner"].search(
    [("email_normalized", "=", "ada@example.com"), ("parent_id", "=", False)]
)
assert len(customers) == 1, customers.mapped("name")
assert customers.name == "Ada"
assert not lanes()
"""
LANE_LEFT = """
importer = env.registry["shop.sync.order"]
for fault in (KeyError("oops"), psycopg2.errors.SerializationFailure()):
    def broken(self, *_arguments):
        assert lanes() == [True]
        if isinstance(fault, KeyError):
            raise fault
        with another() as there:
            there["res.partner"].browse(1).comment = "Changed."
            there.cr.commit()
        env["res.partner"].browse(1).comment = "Changed too."
        env.flush_all()
    with patch.object(importer, "_store", broken):
        shop.action_sync_now()
    assert not lanes()
    jobs = unfinished("order")
    if isinstance(fault, KeyError):
        assert jobs.state == "failed" and "oops" in jobs.error
        jobs.action_retry()
        env.cr.commit()
    else:
        assert jobs.state == "pending" and not jobs.error
        assert jobs.due_at > fields.Datetime.now()
        jobs.due_at = fields.Datetime.now()
assert shop.action_sync_now()["received"] == {"order": 1}
"""
WOKEN_AGAIN = """
mark(env)
env.cr.execute("DELETE FROM ir_cron_trigger")
env.cr.commit()
count = "SELECT count(*) FROM ir_cron_trigger WHERE cron_id = %s"

def wake():
    "The bell, on a connection of its own."
    with another() as there:
        there.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        there.cr.execute(shop_bell.WAKE)
        there.cr.commit()
        there.cr.execute(count, [shop.cron_id.id])
        return there.cr.fetchone()[0]

assert [wake(), wake()] == [1, 1], "one is enough"
with contextlib.closing(sql_db.db_connect(env.cr.dbname).cursor()) as run:
    # Odoo's scheduler begins a run; it commits after it
    there = api.Environment(run, api.SUPERUSER_ID, {})
    there["ir.cron"]._clear_schedule({"id": shop.cron_id.id})
    run.execute(count, [shop.cron_id.id])
    assert run.fetchone()[0] == 0, "a run must clear what was due when it began"
    wake()
    run.commit()
    run.execute(count, [shop.cron_id.id])
    assert run.fetchone()[0] == 1, "what became due while it ran calls it once more"
"""
SAVED_MEANWHILE = """
report = env.registry["shop.shop"]._report_success
saved = []

def disturbed(self):
    report(self)
    if not saved:
        saved.append(self.name)
        save_shop()

env.cr.execute("UPDATE shop_shop SET last_run_at = NULL")
env.cr.commit()
with patch.object(env.registry["shop.shop"], "_report_success", disturbed):
    shop._cron_run()
assert saved
env.invalidate_all()
assert shop.last_run_at
"""


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Any, str]]:
    """A shop and the database that it is connected to, in step with each other."""
    with (
        open_simulator("prestashop", seed="empty") as shop,
        databases.temporary(templates.suite()) as database,
    ):
        prepare(database, CONNECT.format(url=shop.url, key=shop.api_key))
        yield shop, database


def _play(database: str, scenario: str) -> None:
    databases.shell(database, BESIDE + scenario + "\nenv.cr.commit()\n")


def test_what_is_marked_while_it_is_put_back_is_no_fault(world: tuple[Any, str]) -> None:
    _play(world[1], MARKED_MEANWHILE)


def test_an_order_is_not_seen_before_it_is_noted(world: tuple[Any, str]) -> None:
    shop, database = world
    shop.place_order([("WINE", 1)], payment="ps_checkout")
    _play(database, SEEN_ONCE_STORED)


def test_who_buys_in_two_shops_at_once_is_one_customer(world: tuple[Any, str]) -> None:
    shop, database = world
    shop.place_order([("WINE", 1)], {"email": "ada@example.com"}, payment="ps_checkout")
    _play(database, ONE_CUSTOMER)


def test_the_lane_of_a_company_is_left_whatever_happens(world: tuple[Any, str]) -> None:
    shop, database = world
    shop.place_order([("WINE", 1)], payment="ps_checkout")
    _play(database, LANE_LEFT)


def test_what_becomes_due_while_a_run_ends_is_woken_again(world: tuple[Any, str]) -> None:
    _play(world[1], WOKEN_AGAIN)


def test_a_person_who_saves_the_shop_does_not_end_its_run(world: tuple[Any, str]) -> None:
    _play(world[1], SAVED_MEANWHILE)
