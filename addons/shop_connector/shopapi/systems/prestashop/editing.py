"""Changing an order that exists: rows, vouchers, totals.

PrestaShop recomputes nothing over the web service: rows and totals are plain columns, so all of
them are written, each only where it differs.  Its back office refuses to change an order that was
shipped; so do we.  Stock is not moved by this; the levels that Odoo sends next put it right.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...documents import Charge, DraftLine, OrderEdit
from ...errors import DataError, NotFound
from ...money import round_money
from . import wire_drafts
from .client import Client
from .settling import settle
from .shop import Shop
from .wire import Draft, Record
from .wire_codes import vouchers_of
from .wire_drafts import differing

_NO_RULE = "0"


class Plan:
    """What is to be done with the rows of one resource."""

    def __init__(self) -> None:
        self.changed: dict[str, Draft] = {}
        self.added: list[Draft] = []
        self.removed: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)

    def change(self, row: Record, line: DraftLine) -> None:
        """Note what a row needs to hold the line."""
        if not wire_drafts.stands_like(row, line):
            self.changed[row.id] = Draft(fields=dict(wire_drafts.detail_fields(line)))


class OrderEditor:
    """Brings orders of one shop to the stand that a document says."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def edit(self, edit: OrderEdit) -> bool:
        """Bring an order to that stand; False when it has it already. Raises DataError when it
        left the shop or was cancelled.
        """
        return settle(self.client, lambda: self._edit(edit, is_ours=False))

    def complete(self, edit: OrderEdit) -> bool:
        """The same for an order that is just being placed: the shop's invoice follows too."""
        return self._edit(edit, is_ours=True)

    def _edit(self, edit: OrderEdit, *, is_ours: bool) -> bool:
        totals = wire_drafts.total_fields(edit)
        order = self._order(edit.order)
        changes = differing(order, {**totals, **self._carrier_fields(order, edit.charges)})
        rows = self._plan_rows(order, edit.lines)
        vouchers = self._plan_vouchers(order, edit.charges)
        if not changes and not rows and not vouchers:
            return False
        if not is_ours:
            self._refuse_closed(order)
        self._write_plan("order_details", rows)
        self._write_plan(vouchers_of(self.client.version), vouchers)
        self._write_parcel(order, edit)
        self._write_invoice(order, edit)
        if changes:
            # last: it moves the order's time of change, which tells readers that all is there
            self.client.update("orders", {order.id: Draft(fields=dict(changes))})
        return True

    def _order(self, key: str) -> Record:
        rows = self.client.find("orders", "id", [key])
        if not rows or rows[0].id != key:
            raise NotFound(f"The shop has no order {key}.")
        return rows[0]

    def _refuse_closed(self, order: Record) -> None:
        state = order.required("current_state")
        if state in self.shop.lost_states:
            raise DataError("The order is cancelled in the shop: it cannot be changed any more.")
        for record in self.client.find("order_states", "id", [state], ["id", "shipped"]):
            if record.flag("shipped"):
                raise DataError(
                    "The order has been shipped according to the shop: it cannot be changed there "
                    "any more."
                )

    # --- rows -------------------------------------------------------------------------------------

    def _plan_rows(self, order: Record, lines: Sequence[DraftLine]) -> Plan:
        """What to change, add and remove; a row is known by its id, else by its goods."""
        left = {row.id: row for row in self.client.find("order_details", "id_order", [order.id])}
        plan = Plan()
        unmatched = []
        for line in wire_drafts.folded_lines(lines):
            row = left.pop(line.external_id or "", None)
            if row is None:
                unmatched.append(line)
            else:
                plan.change(row, line)
        for line in unmatched:
            row = next((row for row in left.values() if _same_goods(row, line)), None)
            if row is not None:
                plan.change(left.pop(row.id), line)
            else:
                plan.added.append(Draft(fields=self._new_row(order, line)))
        plan.removed += left
        return plan

    def _new_row(self, order: Record, line: DraftLine) -> dict[str, str]:
        products = self.client.find("products", "id", [line.product], ["id", "id_tax_rules_group"])
        if not products:
            raise DataError(f"{line.name}: the shop does not have this product any more.")
        return {
            "id_order": order.id,
            "product_id": line.product,
            "product_attribute_id": line.variant or "0",
            "id_warehouse": "0",
            "id_shop": order.reference("id_shop") or "1",
            "product_name": wire_drafts.product_name(line),
            "product_reference": line.sku or "",
            "product_quantity_in_stock": str(wire_drafts.whole(line)),
            "id_tax_rules_group": products[0].reference("id_tax_rules_group") or "0",
            **wire_drafts.detail_fields(line),
        }

    # --- vouchers ---------------------------------------------------------------------------------

    def _plan_vouchers(self, order: Record, charges: Sequence[Charge]) -> Plan:
        """The discounts by name: a row that has the amount stays, others are changed or made."""
        held = self.client.find(vouchers_of(self.client.version), "id_order", [order.id])
        left = {row.id: row for row in held if not row.flag("deleted")}
        plan = Plan()
        for charge in charges:
            if charge.kind != "discount" or not charge.gross:
                continue
            name = wire_drafts.plain_name(charge.name) or "Discount"
            same = [row for row in left.values() if row.text("name") in (charge.name, name)]
            fields = {"value": str(-charge.gross), "value_tax_excl": str(-charge.net)}
            if same:
                row = left.pop(same[0].id)
                if round_money(row.amount("value")) != -charge.gross:
                    plan.changed[row.id] = Draft(fields=dict(fields))
                continue
            new = {"id_order": order.id, "id_cart_rule": _NO_RULE, "name": name}
            plan.added.append(Draft(fields={**new, **fields, "free_shipping": "0"}))
        plan.removed += left
        return plan

    # --- carrier, parcel, invoice -----------------------------------------------------------------

    def _carrier_fields(self, order: Record, charges: Sequence[Charge]) -> dict[str, str]:
        code = next((c.code for c in charges if c.kind == "shipping" and c.code), None)
        held = self.shop.carriers.get(order.reference("id_carrier") or "")
        if code is None or (held is not None and held.code == code):
            return {}
        return {"id_carrier": self.shop.carrier_id(code)}

    def _write_parcel(self, order: Record, edit: OrderEdit) -> None:
        """The first parcel carries the costs of shipping."""
        rows = self.client.find("order_carriers", "id_order", [order.id])
        net, gross = wire_drafts.sum_of(edit.charges, "shipping", "fee")
        wanted = {"shipping_cost_tax_excl": str(net), "shipping_cost_tax_incl": str(gross)}
        wanted.update(self._carrier_fields(order, edit.charges))
        fields = differing(rows[0], wanted) if rows else {}
        if fields:
            self.client.update("order_carriers", {rows[0].id: Draft(fields=dict(fields))})

    def _write_invoice(self, order: Record, edit: OrderEdit) -> None:
        """The shop's own invoice, when it made one and the key may change it."""
        method = "patch" if self.client.can_patch else "put"
        rights = self.shop.rights
        if not order.reference("invoice_number") or not rights.can("order_invoices", method):
            return
        rows = self.client.find("order_invoices", "id_order", [order.id])
        fields = differing(rows[0], wire_drafts.invoice_fields(edit)) if len(rows) == 1 else {}
        if fields:
            self.client.update("order_invoices", {rows[0].id: Draft(fields=dict(fields))})

    def _write_plan(self, resource: str, plan: Plan) -> None:
        self.client.update(resource, plan.changed)
        if plan.added:
            self.client.create(resource, plan.added)
        for key in plan.removed:
            self.client.delete(resource, [key])


def _same_goods(row: Record, line: DraftLine) -> bool:
    held = (row.reference("product_id"), row.reference("product_attribute_id"))
    return held == (line.product, line.variant)
