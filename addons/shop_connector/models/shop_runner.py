"""What a shop does by itself: one scheduled action for each shop, woken when something is due.

Rules: no transaction is open while we talk to the shop; a runner holds the shop's lock, so that a
button and the scheduled action (on whatever host) never work on the same shop at once; nothing is
ever raised out of the scheduled action, because Odoo switches an action off that fails for a week.
"""

import logging
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.http import request

from ..shopapi.errors import AuthError, RateLimited, ShopError, Unreachable
from .session_lock import session_lock
from .shop_job import PAUSES

_logger = logging.getLogger(__name__)

#: seconds of one slice of the scheduled action; Odoo kills a worker that works much longer
SLICE_SECONDS = 25
#: a button must answer before the web server ends the request; the rest follows by itself
FOREGROUND_SECONDS = 90
#: when another transaction was quicker: how often it is tried again at once, and when afterwards
QUICK_TRIES = 3
QUICK_PAUSE = timedelta(seconds=2)
POLL_MINUTES = 1
#: after a fault of ours so many are tried again one by one, to find the one that has it
ALONE = 50
#: first half of the PostgreSQL advisory lock of a shop's runner (second half: the shop's id)
LOCK_SPACE = 0x5340
#: kind of job -> (model that carries it out, jobs taken together); served in this order
LANES = {
    # before orders: what they sold has to be known
    "import": ("shop.sync.import", 10),
    "order": ("shop.sync.order", 10),
    "placing": ("shop.sync.placing", 5),
    "order_edit": ("shop.sync.order.edit", 10),
    "shipment": ("shop.sync.shipment", 20),
    "product_in": ("shop.sync.edits", 50),
    "status": ("shop.sync.status", 20),
    "invoice": ("shop.sync.document", 20),
    "delivery_note": ("shop.sync.document", 20),
    "product": ("shop.sync.catalogue", 20),
    # as long as it may take, see there; what is left goes back
    "stock": ("shop.sync.stock", 10000),
}


class Tally:
    """What a run did, counted per kind."""

    def __init__(self):
        self.sent, self.received = Counter(), Counter()
        self.skipped, self.failed = Counter(), Counter()
        #: orders of the shop seen in this run, to tell what is new when it is asked again
        self.seen = {}
        #: levels sent when orders were last asked for because of them
        self.stock_looked = 0

    def total(self):
        """How many records were dealt with."""
        return sum(sum(counts.values()) for counts in self.as_dict().values())

    def as_dict(self):
        """The figures as plain dictionaries."""
        names = ("sent", "received", "skipped", "failed")
        return {name: dict(getattr(self, name)) for name in names}


class ShopShop(models.Model):
    _inherit = "shop.shop"

    # === SCHEDULED ACTION ===

    def _ensure_cron(self):
        """Each connected shop has its scheduled action; a stopped one's sleeps."""
        # scheduled actions belong to the system; the shop's administrator only gets this one
        Cron = self.env["ir.cron"].sudo()
        for shop in self:
            works = shop.active and shop.state == "connected"
            if not shop.cron_id and works:
                shop.sudo().cron_id = Cron.create(
                    {
                        "name": f"Web Shop: {shop.name}",
                        "model_id": self.env["ir.model"]._get_id("shop.shop"),
                        "state": "code",
                        "code": f"model.browse({shop.id})._cron_run()",
                        "interval_number": POLL_MINUTES,
                        "interval_type": "minutes",
                        "user_id": self.env.ref("base.user_root").id,
                    }
                )
            elif shop.cron_id and shop.sudo().cron_id.active != works:
                shop.sudo().cron_id.active = works

    def _wake(self):
        """Let the runners of these shops begin as soon as this transaction is committed."""
        for cron in self.sudo().cron_id:
            cron._trigger()

    def _cron_run(self):
        """One slice of work; called by the shop's scheduled action."""
        shop = self.exists()
        if not shop or shop.state != "connected":
            return
        shop = shop.with_company(shop.company_id)
        tally = Tally()
        with shop._runner_lock() as held:
            if held:
                shop._work(tally, time.monotonic() + SLICE_SECONDS)
        idle = not held or shop._is_paused()
        # Odoo calls again at once while something remains and this slice did something
        self.env["ir.cron"]._commit_progress(
            tally.total(), remaining=0 if idle else shop._due_count()
        )

    def action_sync_now(self):
        """Do all that is due for these shops, now.

        Returns ``{"sent": {...}, "received": {...}, "skipped": {...}, "failed": {...}}``, counted
        per kind.
        """
        self._check_user()
        tally = Tally()
        for shop in self:
            if shop.state == "draft":
                raise UserError(self.env._("Connect the shop %s first.", shop.name))
            # whoever may press the button need not own the records that the shop touches
            worker = shop.sudo().with_company(shop.company_id)
            with worker._runner_lock() as held:
                if not held:
                    raise UserError(
                        self.env._("%s is being synchronised at this moment.", shop.name)
                    )
                worker._work(tally, time.monotonic() + FOREGROUND_SECONDS if request else None)
        # the scheduled action may have looked in and gone away meanwhile: what is left is its
        self.env["shop.job"]._ring_bell()
        return tally.as_dict()

    def action_sync_now_notify(self):
        """The button: do all that is due and say in one line what was done."""
        figures = self.action_sync_now()
        labels = {
            "sent": self.env._("sent"),
            "received": self.env._("received"),
            "failed": self.env._("failed"),
        }
        parts = [
            f"{labels[what]}: "
            + ", ".join(f"{count} {self._kind_title(kind)}" for kind, count in counts.items())
            for what, counts in figures.items()
            if counts and what in labels
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Web shop"),
                "message": "; ".join(parts) or self.env._("Everything is in step."),
                "type": "danger" if figures["failed"] else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _kind_title(self, kind):
        titles = {}
        for model in ("shop.binding", "shop.job"):
            titles |= dict(self.env[model]._fields["kind"]._description_selection(self.env))
        return titles.get(kind.removesuffix("_update"), kind)

    def action_compare_all(self):
        """Compare the whole catalogue and stock with what the shop was last sent."""
        self._check_user()
        self.env["shop.job"]._mark_shops("product", self)
        self.env["shop.job"]._mark_shops("stock", self)
        return True

    # === WORK ===

    @contextmanager
    def _runner_lock(self):
        """Hold the lock of this shop's runner; yields whether we got it."""
        self.ensure_one()
        with session_lock(self.env.cr, LOCK_SPACE, self.id) as held:
            yield held

    def _end_transaction(self):
        """Commit, so that no transaction stays open while we wait for the shop."""
        self.env.flush_all()
        if not modules.module.current_test:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # HTTP comes next

    def _undo_transaction(self):
        if modules.module.current_test:
            self.env.invalidate_all()
        else:
            self.env.cr.rollback()

    def _compare_daily(self):
        """Once a day everything is compared: what a hook missed costs a day, no more.

        Stock is compared with what the shop really holds, see ``_check_stock_drift``.
        """
        if not self.last_run_at or self.last_run_at.date() < fields.Date.today():
            Job = self.env["shop.job"]
            Job._mark_shops("product", self)
            Job._flush_marks()

    def _is_paused(self):
        return bool(self.paused_until and self.paused_until > fields.Datetime.now())

    def _due_count(self):
        return self.env["shop.job"].search_count(
            [
                ("shop_id", "=", self.id),
                ("state", "=", "pending"),
                ("due_at", "<=", fields.Datetime.now()),
            ]
        )

    def _work(self, tally, deadline):
        """Read new orders, then serve the lanes until nothing is due or the slice is over."""
        self.ensure_one()
        # what is written on records is for the people of this shop, whoever runs it
        lang = self.user_id.lang or self.company_id.partner_id.lang
        self = self.with_context(lang=lang)  # pylint: disable=self-cls-assignment
        note = self._run_slice(tally, deadline)

        def finish():
            if note:
                note()
                self.last_run_at = fields.Datetime.now()

        try:
            # a person may save the shop at this moment
            self._repeat(finish)
        except psycopg2.OperationalError as error:
            _logger.info("Web shop %s: run not noted: %s", self.name, error)

    def _run_slice(self, tally, deadline):
        """Do the work; returns what writes down on the shop how that went, None if it did not."""
        Job = self.env["shop.job"]
        adapter = None
        try:
            # what others noted until now is to be seen, whatever was read before
            self._end_transaction()
            Job._flush_marks()
            Job._take_back(self)
            if self._is_paused():
                return None
            self._compare_daily()
            self._follow_promotions()
            with self._open_adapter() as adapter:
                self._look_first(adapter)
                self._poll_orders(adapter, tally)
                self._poll_products(adapter)
                self._poll_more(adapter, tally)
                while self._serve_lanes(adapter, tally, deadline) or self._look_again(
                    adapter, tally, deadline
                ):
                    Job._flush_marks()
            self._end_transaction()
            return self._report_success
        except RateLimited as error:
            self._undo_transaction()
            _logger.info("Web shop %s: %s", self.name, error)
            until = fields.Datetime.now() + timedelta(seconds=error.retry_after)
            return lambda: self.write({"paused_until": until})
        except psycopg2.OperationalError as error:
            self._undo_transaction()
            _logger.info("Web shop %s: run ended early: %s", self.name, error)
            # another transaction was quicker: nothing is wrong, the next run goes on
            Job._ring_bell(QUICK_PAUSE.total_seconds())
            return None
        except ShopError as error:
            return self._give_up(error, adapter, tally)
        except Exception as error:  # the scheduled action must not fail: Odoo would switch it off
            _logger.exception("Web shop %s: run failed", self.name)
            return self._give_up(ShopError(str(error)), adapter, tally)

    def _give_up(self, error, adapter, tally):
        """Undo what was not finished; returns what lets a person see why this run ended."""
        self._undo_transaction()
        tally.failed["shop"] += 1

        def note():
            self._report_failure(error)
            self._note_fault(adapter)

        return note

    def _repeat(self, write):
        """Carry out what writes a little and commit it, again while others are quicker.

        Raises OperationalError when they are every time.
        """
        for tries_left in range(QUICK_TRIES)[::-1]:
            try:
                write()
                self._end_transaction()
                return
            except psycopg2.OperationalError:
                self._undo_transaction()
                if not tries_left:
                    raise

    def _serve_lanes(self, adapter, tally, deadline):
        """One batch of the first lane with something due; False when none has, or time is over."""
        if deadline is not None and time.monotonic() > deadline:
            return False
        for kind, (model, size) in LANES.items():
            jobs = self.env["shop.job"]._take(self, kind, size)
            if not jobs:
                continue
            self._end_transaction()
            if kind == "stock" and self._poll_orders(adapter, tally):
                # what was sold meanwhile is read first, or its goods would be offered again
                jobs._release(tried=False)
            else:
                self._serve(self.env[model], adapter, jobs, tally)
            return True
        return False

    def _serve(self, processor, adapter, jobs, tally):
        """Carry out a batch: a fault ends on its jobs, only what stops the shop is raised."""
        # of one job: reading it for all would take longer than many an exchange
        kind, started, stop = jobs[:1].with_prefetch().kind, time.monotonic(), None
        trace = adapter.settings.trace
        trace.clear()
        try:
            processor._process(self, adapter, jobs, tally)
            jobs._note_exchange(trace, time.monotonic() - started)
            self._end_transaction()
            return
        except (Unreachable, RateLimited, AuthError) as error:
            self._undo_transaction()
            self._put_back(jobs, error, self._pause(error, jobs))
            stop = error
        except psycopg2.OperationalError as error:
            # another transaction was quicker: nothing is wrong, nothing was written
            self._undo_transaction()
            _logger.info("Web shop %s: %s repeated: %s", self.name, kind, error)
            self._put_back(jobs, pause=QUICK_PAUSE)
        except Exception as error:  # a fault of ours must not stop the other exchanges
            self._undo_transaction()
            _logger.exception("Web shop %s: exchange of %s failed", self.name, kind)
            running = jobs._still_running()
            if 1 < len(running) <= ALONE:
                # found out which of them it was, the others are carried out
                for job in running:
                    self._serve(processor, adapter, job, tally)
                return
            running._fail(self.env._("Internal fault: %s", error))
            tally.failed[kind] += len(running)
        jobs._note_exchange(trace, time.monotonic() - started)
        self._end_transaction()
        if stop:
            raise stop

    def _put_back(self, jobs, error=None, pause=timedelta(0)):
        self._repeat(lambda: jobs._still_running()._release(error, pause))

    @api.model
    def _pause(self, error, jobs):
        """How long to wait before the next try: what the shop asked for, else longer each time."""
        if isinstance(error, RateLimited):
            return timedelta(seconds=error.retry_after)
        if isinstance(error, AuthError):
            return timedelta(0)
        tries = max(jobs.mapped("tries"), default=1)
        return timedelta(minutes=PAUSES[min(tries, len(PAUSES)) - 1])
