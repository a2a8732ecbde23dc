import psycopg2

from odoo import models

from ..models.sale_order_sync import ENDED
from ..models.shop_mapping import CLOSED
from .faults import in_words
from .order_edit_trail import is_halfway, without_trail
from .order_import import content_print


class ShopSyncOrderUpdate(models.AbstractModel):
    """A web order seen again: its status is followed, its content compared."""

    _name = "shop.sync.order.update"
    _description = "Following Web Orders"

    def _update_checked(self, shop, link, document, mappings, job, tally):
        """Update one order in a savepoint; what goes wrong ends on the job."""
        try:
            with self.env.cr.savepoint():
                changed = self._update(shop, link, document, mappings)
        except psycopg2.OperationalError:
            # another transaction was quicker: all of them are repeated
            raise
        except Exception as error:  # a bad order, or a fault of ours, stops no good one
            job._fail(in_words(self.env, error, f"order {document.external_id}"))
            tally.failed["order"] += 1
            return
        if changed:
            job._done(self.env._("Updated from order %s", document.reference))
            tally.received["order_update"] += 1
        else:
            job._forget()
            tally.skipped["order"] += 1

    def _update(self, shop, link, document, mappings):
        """Bring the sales order into step; False when there was nothing to do."""
        order = self.env["sale.order"].browse(link.res_id).exists()
        stamp = f"{document.stamp} {document.state}"
        if link.stamp != stamp:
            link.stamp = stamp
        if not order:
            return False
        if link.state == "removed":
            # somebody took it out of the shop's trash
            link.state = "ok"
        changed = self._follow_revival(order, document, mappings)
        changed = self._follow_content(shop, order, link, document, mappings) or changed
        changed = self._follow_status(order, document, mappings) or changed
        changed = self.env["shop.sync.note"]._follow(order, link, document) or changed
        return self._follow_extras(shop, order, document) or changed

    # === CONTENT ===

    def _follow_content(self, shop, order, link, document, mappings):
        content = content_print(document)
        is_known = (link.sent or {}).get("content") == content
        if is_known and self._has_new_pricelist(order, document, mappings):
            is_known = False
        if is_known or order._has_pending_shop_edit():
            # what we are about to send may be there already: that exchange compares
            return False
        if is_halfway((link.sent or {}).get("editing"), document):
            # an edit of ours that the shop refused in the middle: the order says so, and a retry
            # brings it to its end
            return False
        link.sent = without_trail(link) | {"content": content}
        conflict = self.env["shop.sync.order.conflict"]
        conflict._follow_edit(shop, order, link, document, mappings)
        return True

    def _has_new_pricelist(self, order, document, mappings):
        """Whether a quotation waits for a price list in its currency that is mapped by now."""
        if order.state not in ("draft", "sent") or not order._is_in_wrong_currency():
            return False
        pricelist = mappings.record("currency", document.currency)
        return bool(pricelist) and pricelist.currency_id != order.currency_id

    def _follow_extras(self, shop, order, document):
        """Money and messages, which change nothing of the order itself."""
        pairs = [(order, document)]
        news = self.env["shop.sync.payment"]._follow(shop, pairs)
        return bool(news | self.env["shop.sync.message"]._follow(shop, pairs, is_new=False))

    # === STATUS ===

    def _follow_revival(self, order, document, mappings):
        """An order that is cancelled here goes on in the shop: then it is open again."""
        meaning = self.env["shop.sync.order"]._meaning(document, mappings)
        if order.state == "cancel" and meaning in ENDED and order.shop_wanted_status:
            # there is nothing left to be told
            order.shop_wanted_status = False
        if order.state != "cancel" or not meaning or meaning in (*CLOSED, "other"):
            return False
        is_news = order.shop_state != document.state
        status = mappings.row("order_state", document.state).name
        return order._go_on_as_in_shop(status, is_news=is_news)

    def _follow_status(self, order, document, mappings):
        importer = self.env["shop.sync.order"]
        changed = False
        problems = []
        importer._check_state_known(document, mappings, problems)
        for problem in problems:
            order._tell_conflict(problem)
        if order.shop_state != document.state or order.shop_holds_stock != document.holds_stock:
            order.write({"shop_state": document.state, "shop_holds_stock": document.holds_stock})
            changed = True
        if importer._meaning(document, mappings) == "cancelled":
            return self._cancel(order) or changed
        if order.state in ("draft", "sent") and importer._may_confirm(order, document, mappings):
            if problem := order._confirmation_error_message():
                order._tell_conflict(problem)
            else:
                order.action_confirm()
            return True
        return changed

    def _cancel(self, order):
        """The shop cancelled: so do we, unless goods have left already."""
        if order.state == "cancel":
            return False
        if any(line.qty_delivered or line.qty_invoiced for line in order.order_line):
            order._tell_conflict(
                self.env._(
                    "The web shop cancelled this order, but goods were delivered or invoiced here. "
                    "Arrange the return and the credit note."
                )
            )
            return True
        order._cancel_as_in_shop()
        order.message_post(body=self.env._("Cancelled in the web shop."))
        return True
