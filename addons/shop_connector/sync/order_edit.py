from dataclasses import replace
from decimal import Decimal

from odoo import fields, models

from ..shopapi.documents import Order, OrderEdit
from ..shopapi.errors import DataError
from .mappings import Mappings
from .order_conflict import order_print
from .order_edit_trail import is_halfway, trail, without_trail
from .order_import import content_print

ZERO = Decimal(0)
#: what rounding of another system may differ by in one amount
CENT = Decimal("0.01")


class ShopSyncOrderEdit(models.AbstractModel):
    """Lines, prices, discounts and shipping that were changed here are changed in the shop.

    The shop's order is read first: what stands there like that is left alone, so nothing that came
    from the shop goes back to it; and what somebody changed there meanwhile is never overwritten.
    """

    _name = "shop.sync.order.edit"
    _description = "Sending Order Changes to a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Bring the shop's orders into step with ours, one by one."""
        links = self.env["shop.binding"]._by_record(shop, "order", [int(job.key) for job in jobs])
        wanted = jobs.filtered(lambda job: int(job.key) in links)
        (jobs - wanted)._forget()
        able = adapter.capabilities.order_editing and shop.send_order_edits
        if not wanted or not able:
            wanted._forget()
            return
        mappings = Mappings(shop)
        keys = [links[int(job.key)].external_id for job in wanted]
        shop._end_transaction()
        documents = adapter.fetch_orders(keys)
        for job, document in zip(wanted, documents, strict=True):
            order = self.env["sale.order"].browse(int(job.key)).exists()
            if not order or order.state == "cancel":
                job._forget()
            elif not isinstance(document, Order):
                self._refuse(job, order, document.error, tally)
            else:
                link = links[order.id]
                self._bring(shop, adapter, (job, order, link, document), mappings, tally)
            shop._end_transaction()

    def _bring(self, shop, adapter, work, mappings, tally):
        job, order, link, document = work
        edit, problems = self._prepare(shop, order, link, document, mappings)
        if problems:
            self._refuse(job, order, "\n".join(problems), tally)
            return
        if edit is None:
            # the change came from the shop, or was taken back here
            self._settle(shop, order, link, document, mappings)
            order._tell_notice(False)
            job._forget()
            tally.skipped["order_edit"] += 1
            return
        # a conflict that nobody has decided yet stays one, whatever is changed here meanwhile
        if order.shop_conflict or self._is_changed_there(link, document):
            link.sent = without_trail(link) | {"content": content_print(document)}
            self._conflict(job, order, document, mappings)
            return
        link.sent = (link.sent or {}) | {"editing": trail(document, edit)}
        shop._end_transaction()
        try:
            adapter.edit_order(edit)
            (after,) = adapter.fetch_orders([edit.order])
        except DataError as error:
            self._refuse(job, order, error, tally)
            return
        if isinstance(after, Order):
            self._remember(order, link, after)
            self._number_lines(shop, order, after, mappings)
        order._tell_notice(False)
        job._done(self.env._("Order %s changed in the shop", document.reference))
        tally.sent["order_edit"] += 1

    def _settle(self, shop, order, link, document, mappings):
        """Goods and charges agree; what else was changed in the shop (an address) is followed."""
        if not self._is_changed_there(link, document):
            self._remember(order, link, document)
            return
        link.sent = without_trail(link) | {"content": content_print(document)}
        conflict = self.env["shop.sync.order.conflict"].with_context(from_shop=True)
        order = order.with_context(from_shop=True)
        conflict._follow_edit(shop, order, link, document, mappings)

    def _is_changed_there(self, link, document):
        """Whether somebody changed the order in the shop; what we began ourselves is no change."""
        sent = link.sent or {}
        return sent.get("content") != content_print(document) and not is_halfway(
            sent.get("editing"), document
        )

    def _refuse(self, job, order, reason, tally):
        text = self.env._(
            "The change of %(order)s did not reach the web shop: %(reason)s",
            order=order.name,
            reason=reason,
        )
        order._tell_notice(text)
        job._fail(text)
        tally.failed["order_edit"] += 1

    def _conflict(self, job, order, document, mappings):
        """Changed here and there: both versions are put before a person."""
        self.env["shop.sync.order.conflict"]._show_both(order, document, mappings)
        job._done(self.env._("Changed on both sides: see the order"))

    def _remember(self, order, link, document):
        """What the shop holds now is known: its next reading is no news."""
        link.sent = without_trail(link) | {
            "content": content_print(document),
            "ours": order_print(order),
        }
        link.sent_at = fields.Datetime.now()
        link.stamp = f"{document.stamp} {document.state}"
        order.shop_total = float(document.total_gross)

    def _number_lines(self, shop, order, document, mappings):
        placing = self.env["shop.sync.placing"].with_context(from_shop=True)
        placing._number_lines(shop, order, document, mappings)

    # === DOCUMENT ===

    def _prepare(self, shop, order, link, document, mappings):
        """(how the order shall stand, problems); (None, []) when it stands like that already."""
        words = self.env["shop.sync.order.draft"]
        content = words._content(shop, order, mappings, document.lines)
        if content.problems:
            return None, content.problems
        rows = {row.external_id: row for row in document.lines}
        lines = [_settled_line(line, rows.get(line.external_id)) for line in content.lines]
        charges = _settled_charges(content.charges, document.charges)
        same = _same_lines(lines, document.lines) and charges == list(document.charges)
        # of an edit that died on the way, totals, parcel or invoice may be missing yet
        if same and "editing" not in (link.sent or {}):
            return None, []
        edit = OrderEdit(
            order=document.external_id,
            lines=tuple(lines),
            charges=tuple(charges),
            total_net=Decimal(str(order.currency_id.round(order.amount_untaxed))),
            total_gross=Decimal(str(order.currency_id.round(order.amount_total))),
        )
        return edit, []


def _settled_line(line, row):
    """Our line with the shop's own unit prices where only rounding tells them apart."""
    if row is None or row.quantity != line.quantity:
        return line
    net, gross = line.unit_net * line.quantity, line.unit_gross * line.quantity
    if abs(net - row.total_net) > CENT or abs(gross - row.total_gross) > CENT:
        return line
    return replace(line, unit_net=row.unit_net, unit_gross=row.unit_gross)


def _same_lines(lines, rows):
    held = {row.external_id: (row.quantity, row.unit_net, row.unit_gross) for row in rows}
    ours = {line.external_id: (line.quantity, line.unit_net, line.unit_gross) for line in lines}
    return held == ours and len(lines) == len(rows)


def _settled_charges(ours, theirs):
    """Our charges, those of a kind as the shop has them where only rounding tells them apart."""
    kinds = dict.fromkeys(charge.kind for charge in [*theirs, *ours])
    settled = []
    for kind in kinds:
        mine = [charge for charge in ours if charge.kind == kind]
        held = [charge for charge in theirs if charge.kind == kind]
        tolerance = CENT * max(len(mine), len(held))
        equal = (
            abs(_sum(mine, "net") - _sum(held, "net")) <= tolerance
            and abs(_sum(mine, "gross") - _sum(held, "gross")) <= tolerance
            and _codes(mine) in (_codes(held), set())
        )
        settled += held if equal else mine
    return [charge for charge in settled if charge.net or charge.gross]


def _sum(charges, name):
    return sum((getattr(charge, name) for charge in charges), ZERO)


def _codes(charges):
    return {charge.code for charge in charges if charge.code}
