"""What happens once nothing is due: a last look for orders, and twice a day all levels compared."""

import time
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models

from ..shopapi.errors import NotOffered

#: so that every level is confirmed well within the alarm's default of 24 hours
CHECK_HOURS = 12
#: products named in a report; the others are counted
NAMED = 50


class ShopShop(models.Model):
    _inherit = "shop.shop"

    drift_checked_at = fields.Datetime("Stock Compared On", readonly=True, copy=False)
    drift_count = fields.Integer(
        "Differences Found",
        readonly=True,
        copy=False,
        help="Quantities that were not right in the shop at the last comparison; they were sent "
        "again.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "connected":
            # of a shop just connected everything is sent: there is nothing to compare yet
            self.filtered(lambda s: not s.drift_checked_at).drift_checked_at = fields.Datetime.now()
        return result

    def _look_again(self, adapter, tally, deadline):
        """Whether there is something to do again although nothing was due."""
        if self._is_paused() or (deadline is not None and time.monotonic() > deadline):
            return False
        if tally.sent["stock"] > tally.stock_looked:
            # who bought in the moment between reading and writing a level is seen at once
            tally.stock_looked = tally.sent["stock"]
            if self._poll_orders(adapter, tally):
                return True
        return self._check_stock_drift(adapter, tally)

    def _check_stock_drift(self, adapter, tally):
        """Compare every level in the shop with what it should be, if that is due.

        Returns whether something is to be sent.
        """
        if self._leads("stock") != "odoo":
            return False  # the shop's quantities are right whatever they are
        since = self.drift_checked_at
        if since and since > fields.Datetime.now() - timedelta(hours=CHECK_HOURS):
            return False
        if self.env["shop.sync.stock"]._orders_waiting(self):
            return False  # still due in the next run
        self._end_transaction()
        try:
            held = {
                f"{level.product}/{level.variant or ''}": level for level in adapter.read_stock()
            }
        except NotOffered:
            # a system that cannot list its stock is sent everything; equal levels are not written
            self.drift_checked_at = fields.Datetime.now()
            self.env["shop.job"]._mark_shops("stock", self)
            return True
        if self._poll_orders(adapter, tally):
            return True  # they come first; the comparison is still due
        drifted = self.env["shop.sync.stock"]._compare(self, adapter, held)
        self._report_drift(drifted)
        return bool(drifted)

    def _report_drift(self, drifted):
        """Say on the shop which quantities were wrong; ``drifted``: [(name, theirs, ours)]."""
        self.write({"drift_checked_at": fields.Datetime.now(), "drift_count": len(drifted)})
        if not drifted:
            return
        lines = Markup().join(
            Markup("<li>%s</li>")
            % self.env._(
                "%(product)s: %(theirs)s in the shop, %(ours)s is right",
                product=name,
                theirs=self.env._("nothing") if theirs is None else theirs,
                ours=ours,
            )
            for name, theirs, ours in drifted[:NAMED]
        )
        if len(drifted) > NAMED:
            more = self.env._("and %s more", len(drifted) - NAMED)
            lines += Markup("<li>%s</li>") % more
        title = self.env._("Quantities in the shop were not right and are sent again:")
        self.message_post(body=Markup("<p>%s</p><ul>%s</ul>") % (title, lines))
