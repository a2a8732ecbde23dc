import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from .stock_levels import exact

#: links compared together
CHUNK = 1000
#: levels sent together: while the shop writes them, the next ones are computed. The shop waits for
#: the first part, and nothing is left to be done while the last one is noted: those are halves
PART = 400
#: a shop that takes a part within so many seconds gets larger ones: each has a price of its own
QUICK, LARGE_PART = 1.0, 1000
#: seconds after which no other part is begun: other exchanges wait, and slow shops are very slow
PUSH_SECONDS = 10
#: how often a level that keeps moving under our hands is tried in one run
TRIES = 3
#: then it is left alone for so long
BUSY_PAUSE = timedelta(seconds=10)
#: what waits for orders that were put back is tried again after them, never sooner than this
ORDERS_PAUSE = timedelta(seconds=2)
#: what waits for a person
UNREAD_PAUSE = timedelta(minutes=15)


class Link(NamedTuple):
    """A job and the link of its product, as far as sending a level needs them."""

    job_id: int
    id: int
    res_id: int
    external_id: str
    stock_expected: float
    stock_confirmed_at: datetime | None
    stock_backorder: str | None


class Pushed(NamedTuple):
    """What became of levels that were pushed together: outcomes, seconds, calls by lines."""

    outcomes: list
    seconds: float
    said: str


class ShopSyncStock(models.AbstractModel):
    """Sending stock levels so that no sale of the shop is overwritten.

    A level replaces whatever the shop holds. Therefore new orders are read before levels are
    computed, and a level is only written where the shop holds what we expect: the quantity last
    confirmed, without what we know was sold since. Where it holds something else, orders are read
    once more. Are there new ones, the level is computed again; are there none, the difference is
    none of a sale, and the level is written unless the quantity moved again meanwhile. What was
    never confirmed has nothing to be compared with: it waits until all known orders are read.
    """

    _name = "shop.sync.stock"
    _description = "Sending Stock to a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Send the levels of the products of these jobs; one bad level does not stop the others."""
        if shop._leads("stock") != "odoo":
            jobs._forget()
            return
        links = self._get_links(jobs)
        linked = {link.job_id for link in links.values()}
        jobs.browse(job_id for job_id in jobs.ids if job_id not in linked)._forget()
        links = self._put_off_unsure(shop, links)
        if not links:
            return
        levels, moved = self._send(shop, adapter, links, tally)
        pause, reason = self._settle_moved(shop, adapter, levels, moved, tally)
        moved = self._remember(Pushed(list(moved.values()), None, None), levels, links, tally)
        jobs.browse(links[key].job_id for key in moved)._release(reason, pause)
        jobs.browse(link.job_id for key, link in links.items() if key not in levels)._release(
            tried=False
        )

    def _put_off_unsure(self, shop, links):
        """Put levels back whose sales could not be told from a first confirmation.

        That is while an order is known that could not be read yet. Returns the links of the others.
        """
        unsure = {key for key, link in links.items() if not link.stock_confirmed_at}
        if not unsure or not self._orders_waiting(shop):
            return links
        jobs = self.env["shop.job"].browse(links[key].job_id for key in unsure)
        jobs._release(pause=self._orders_pause(shop))
        return {key: link for key, link in links.items() if key not in unsure}

    def _get_links(self, jobs):
        """``{external id: Link}`` of the jobs' products; those no longer linked are left out."""
        jobs.flush_model(["shop_id", "key"])
        self.env["shop.binding"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT job.id, link.id, link.res_id, link.external_id,
                       COALESCE(link.stock_expected, 0), link.stock_confirmed_at,
                       link.stock_backorder
                  FROM shop_job job JOIN shop_binding link
                    ON link.shop_id = job.shop_id AND link.kind = 'variant'
                   AND link.res_id = job.key::integer
                 WHERE job.id = ANY(%s)
              ORDER BY job.id
                """,
                jobs.ids,
            )
        )
        return {link.external_id: link for link in map(Link._make, found)}

    def _send(self, shop, adapter, links, tally):
        """Send the levels part by part; returns them and the outcomes of those that moved, by key.

        ``links``: {external id: Link}. When time is over the last of them have no level. Only one
        push is under way at any time. Its thread knows nothing of the database; here the
        transaction is ended before it is waited for.
        """
        levels, moved, call = {}, {}, None
        ends = time.monotonic() + PUSH_SECONDS
        waiting, size = list(links.values()), PART // 2
        with ThreadPoolExecutor(max_workers=1) as sender:
            while waiting and (not levels or time.monotonic() < ends):
                chunk, waiting = waiting[:size], waiting[size:]
                part = self.env["shop.sync.stock.levels"]._get_levels(
                    shop, {link.res_id: link for link in chunk}, adapter.capabilities
                )
                levels |= part
                shop._end_transaction()
                pushed = call.result() if call else None
                call = sender.submit(_push, adapter, list(part.values()))
                size = LARGE_PART if pushed and pushed.seconds < QUICK else PART
                if pushed:
                    moved |= self._remember(pushed, levels, links, tally)
            shop._end_transaction()
            moved |= self._remember(call.result(), levels, links, tally)
        return levels, moved

    def _settle_moved(self, shop, adapter, levels, outcomes, tally):
        """Try levels again that the shop does not hold as expected, unless orders explain it.

        ``outcomes`` is brought up to date. Returns after which pause those that stay are to be
        tried again, and the reason for people if it is theirs to remove.
        """
        for _try in range(TRIES):
            moved = [outcome for outcome in outcomes.values() if outcome.moved]
            if not moved:
                break
            if shop._poll_orders(adapter, tally):
                # they are due, and served first
                return timedelta(0), None
            if self._orders_waiting(shop):
                return self._orders_pause(shop), None
            if self._has_unread_orders(shop):
                return UNREAD_PAUSE, self.env._(
                    "The shop holds another quantity than it was told, and there is an order that "
                    "could not be read. Its goods may be in it: settle that order first."
                )
            again = [replace(levels[outcome.key], expected=outcome.held) for outcome in moved]
            shop._end_transaction()
            outcomes |= {outcome.key: outcome for outcome in adapter.push_stock(again)}
        return BUSY_PAUSE, None

    def _orders_waiting(self, shop):
        """Whether orders of this shop are known that have not been read yet."""
        return bool(self._find_waiting(shop))

    def _orders_pause(self, shop):
        """In how long the next of those orders will be read, since nobody reads it now."""
        waits = [job.due_at - fields.Datetime.now() for job in self._find_waiting(shop)]
        return max([*waits, ORDERS_PAUSE])

    def _find_waiting(self, shop):
        """The next order of this shop that is known but not read yet, if there is any."""
        waiting = [
            ("shop_id", "=", shop.id),
            ("kind", "=", "order"),
            ("state", "in", ("pending", "running")),
        ]
        return self.env["shop.job"].search(waiting, order="due_at", limit=1)

    def _has_unread_orders(self, shop):
        """Whether there is an order of which we do not even know the goods."""
        failed = self.env["shop.job"].search(
            [("shop_id", "=", shop.id), ("kind", "=", "order"), ("state", "=", "failed")]
        )
        return any(job.goods is None or job.goods is False for job in failed)

    def _remember(self, pushed, levels, links, tally):
        """Note on links and jobs what became of levels; returns the outcomes that moved, by key."""
        Binding, Job = self.env["shop.binding"], self.env["shop.job"]
        confirmed, written, idle, moved = [], {}, [], {}
        for outcome in pushed.outcomes:
            level, link = levels[outcome.key], links[outcome.key]
            if outcome.error:
                Job.browse(link.job_id)._fail(outcome.error)
                Binding.browse(link.id)._report_error(outcome.error)
                tally.failed["stock"] += 1
            elif outcome.moved:
                moved[outcome.key] = outcome
            else:
                confirmed.append((link.id, level.quantity, outcome.written, _rule(level)))
                if outcome.written:
                    written[link.job_id] = level.quantity
                else:
                    idle.append(link.job_id)
        Binding._confirm_stock(confirmed)
        units = {quantity: self.env._("%s units", quantity) for quantity in set(written.values())}
        results = {job_id: units[quantity] for job_id, quantity in written.items()}
        Job._close(results, pushed.seconds, pushed.said)
        Job.browse(idle)._forget()
        tally.sent["stock"] += len(written)
        tally.skipped["stock"] += len(idle)
        return moved

    # === WHAT THE SHOP SOLD ===

    def _note_sold(self, shop, documents):
        """Orders just read explain why the shop holds less: its quantities are expected lower.

        Each order's goods are kept on its link, so that it counts once, and its cancelling or
        changing in the shop counts too.
        """
        Binding = self.env["shop.binding"]
        links = Binding._by_external(shop, "order", [each.external_id for each in documents])
        taken = defaultdict(Decimal)
        for document in documents:
            link = links.get(document.external_id)
            if not link:
                continue
            before = link.goods or {}
            goods = self.env["shop.sync.order"]._sold_goods(document)
            if goods != before:
                link.goods = goods
                for key in goods.keys() | before.keys():
                    taken[key] += Decimal(goods.get(key, 0)) - Decimal(before.get(key, 0))
        variants = Binding._by_external(shop, "variant", [key for key in taken if taken[key]])
        for key, link in variants.items():
            if link.stock_confirmed_at:
                link.stock_expected = float(exact(link.stock_expected) - taken[key])

    # === COMPARING ===

    def _compare(self, shop, adapter, held):
        """Mark what the shop does not hold as it should; the rest is confirmed.

        ``held``: {external id: StockLevel}. Returns [(product, shop's quantity or None, ours)].
        """
        Binding = self.env["shop.binding"]
        # what moved just now is on its way
        self.env["shop.job"]._flush_marks()
        variants = Binding.search([("shop_id", "=", shop.id), ("kind", "=", "variant")])
        jobs = self.env["shop.job"].search(
            [("shop_id", "=", shop.id), ("kind", "=", "stock"), ("state", "!=", "done")]
        )
        busy = {int(job.key) for job in jobs}
        # an order nobody can read may have taken what seems to be missing
        careful = self._has_unread_orders(shop)
        drifted = []
        for start in range(0, len(variants), CHUNK):
            links = {
                link.res_id: link
                for link in variants[start : start + CHUNK]
                if link.res_id not in busy
            }
            drifted += self._compare_chunk(shop, adapter, links, held, careful)
        return drifted

    def _compare_chunk(self, shop, adapter, links, held, careful):
        levels = self.env["shop.sync.stock.levels"]._get_levels(shop, links, adapter.capabilities)
        confirmed, wrong, drifted = [], {}, []
        for res_id, link in links.items():
            level, theirs = levels[link.external_id], held.get(link.external_id)
            if theirs and _is_right(level, theirs):
                confirmed.append((link.id, level.quantity, False, _rule(level)))
            elif not (careful and theirs and theirs.quantity < level.quantity):
                wrong[res_id] = theirs
        self.env["shop.binding"]._confirm_stock(confirmed)
        names = {p.id: p.display_name for p in self.env["product.product"].browse(wrong).exists()}
        for res_id, theirs in wrong.items():
            link = links[res_id]
            if theirs:
                # seen with no order in flight: it may be overwritten
                link.stock_expected = float(theirs.quantity)
            name = names.get(res_id) or link.external_id
            ours = levels[link.external_id].quantity
            drifted.append((name, theirs.quantity if theirs else None, ours))
        self.env["shop.job"]._mark("stock", list(wrong), shop)
        return drifted


def _push(adapter, levels):
    """Push levels and note what that took; runs in a thread of its own, without the database."""
    trace, started = adapter.settings.trace, time.monotonic()
    trace.begin_part()
    outcomes = adapter.push_stock(levels)
    return Pushed(outcomes, round(time.monotonic() - started, 3), trace.part_lines())


def _is_right(level, theirs):
    rule_differs = level.backorder is not None and theirs.backorder != level.backorder
    return theirs.quantity == level.quantity and not rule_differs and not level.reset_backorder


def _rule(level):
    """What the shop is told about orders beyond stock now, as the link keeps it."""
    if level.backorder is not None:
        return "allow" if level.backorder else "deny"
    return None
