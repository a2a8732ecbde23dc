import psycopg2

from odoo import models
from odoo.fields import Command

from .order_import import IMPORT_FAULTS, content_print


class ShopSyncOrderUpdate(models.AbstractModel):
    """A web order seen again: its status is followed, its content compared."""

    _name = "shop.sync.order.update"
    _description = "Following Web Orders"

    def _update_checked(self, shop, link, document, mappings, job, tally):
        """Update one order in a savepoint; what goes wrong ends on the job."""
        try:
            with self.env.cr.savepoint():
                changed = self._update(shop, link, document, mappings)
        except IMPORT_FAULTS as error:
            if isinstance(error, psycopg2.OperationalError):
                raise
            job._fail(error)
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
        changed = self._follow_content(shop, order, link, document, mappings)
        return self._follow_status(order, document, mappings) or changed

    # === CONTENT ===

    def _follow_content(self, shop, order, link, document, mappings):
        content = content_print(document)
        if (link.sent or {}).get("content") == content or order._has_pending_shop_edit():
            # what we are about to send may be there already: that exchange compares
            return False
        link.sent = {"content": content}
        if order.state in ("draft", "sent"):
            self._rewrite(shop, order, document, mappings)
        else:
            self._tell_conflict(shop, order, document)
        order.shop_total = float(document.total_gross)
        return True

    def _rewrite(self, shop, order, document, mappings):
        """Nobody has confirmed it yet: the order becomes what the shop says now."""
        problems = []
        lines = self.env["shop.sync.order.lines"]
        products = lines._find_products(shop, [document])
        commands = lines._prepare_lines(document, products, mappings, problems)
        partners = self.env["shop.sync.partner"]._resolve(shop, [document], mappings)
        _customer, invoice, delivery = partners[document.external_id]
        order.write(
            {
                "order_line": [Command.clear(), *commands],
                "partner_invoice_id": invoice.id,
                "partner_shipping_id": delivery.id,
            }
        )
        importer = self.env["shop.sync.order"]
        importer._check_total(order, document, problems)
        importer._hold(shop, order, problems)
        order.message_post(body=self.env._("The order was changed in the web shop and read again."))

    def _tell_conflict(self, shop, order, document):
        """It is confirmed here and something else there: a person decides."""
        text = self.env._(
            "This order was changed in %(shop)s after it was confirmed here. The shop's total is "
            "now %(theirs)s, here it is %(ours)s. Compare both and change the order if needed.",
            shop=shop.name,
            theirs=document.total_gross.normalize(),
            ours=order.amount_total,
        )
        order.shop_hold_reason = text
        order.message_post(body=text)
        order.activity_schedule(
            "shop_connector.mail_activity_decision",
            summary=self.env._("Web order changed in the shop"),
            note=text,
            user_id=(shop.user_id or self.env.user).id,
        )

    # === STATUS ===

    def _follow_status(self, order, document, mappings):
        importer = self.env["shop.sync.order"]
        changed = False
        problems = []
        importer._check_state_known(document, mappings, problems)
        if problems:
            importer._hold(order.shop_id, order, problems)
        if order.shop_state != document.state or order.shop_holds_stock != document.holds_stock:
            order.write({"shop_state": document.state, "shop_holds_stock": document.holds_stock})
            changed = True
        if importer._meaning(document, mappings) == "cancelled":
            return self._cancel(order) or changed
        if order.state in ("draft", "sent") and importer._may_confirm(order, document, mappings):
            order.action_confirm()
            return True
        return changed

    def _cancel(self, order):
        """The shop cancelled: so do we, unless goods have left already."""
        if order.state == "cancel":
            return False
        if any(line.qty_delivered or line.qty_invoiced for line in order.order_line):
            text = self.env._(
                "The web shop cancelled this order, but goods were delivered or invoiced here. "
                "Arrange the return and the credit note."
            )
            if order.shop_hold_reason != text:
                order.shop_hold_reason = text
                order.message_post(body=text)
                order.activity_schedule(
                    "shop_connector.mail_activity_decision",
                    summary=self.env._("Web order cancelled after delivery"),
                    note=text,
                    user_id=(order.shop_id.user_id or self.env.user).id,
                )
            return True
        order._action_cancel()
        order.message_post(body=self.env._("Cancelled in the web shop."))
        return True
