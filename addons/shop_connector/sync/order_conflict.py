from decimal import Decimal

from odoo import models
from odoo.fields import Command
from odoo.tools import float_compare

from ..models.sale_order_hold import BETWEEN
from ..shopapi.documents import fingerprint
from .plain_number import plain_number

#: decimals in which prices and pieces are compared
_DIGITS = 4


class ShopSyncOrderConflict(models.AbstractModel):
    """An order edited in the shop after it was read: applied where nothing is lost, else shown."""

    _name = "shop.sync.order.conflict"
    _description = "Web Orders Edited in the Shop"

    def _follow_edit(self, shop, order, link, document, mappings):
        """The shop's version is new: apply it, or put both before a person."""
        addresses = self._addresses(shop, document, mappings)
        differences = self._differences(shop, order, document, mappings, addresses)
        if not differences:
            # edited here alike, or it was our own edit that came back
            order._drop_conflict()
            self._remember(order)
        elif self._may_apply(order) and not self._is_edited(order, link):
            self._apply(shop, order, document, mappings, addresses)
            order.message_post(
                body=self.env._(
                    "The order was changed in the web shop and read again:\n%s",
                    "\n".join(differences),
                )
            )
        else:
            text = self.env._(
                "This order was changed in %(shop)s after it was read. Compare both versions and "
                "take one of them:\n%(differences)s",
                shop=shop.name,
                differences="\n".join(differences),
            )
            self._show(order, differences, text)
        order.shop_total = float(document.total_gross)

    def _take(self, shop, order, document, mappings):
        """A person chose the shop's version."""
        addresses = self._addresses(shop, document, mappings)
        self._apply(shop, order, document, mappings, addresses)
        order.shop_total = float(document.total_gross)
        order.message_post(body=self.env._("The shop's version was taken."))

    # === MAY IT BE APPLIED? ===

    def _may_apply(self, order):
        """Whether nothing of it was delivered, invoiced, locked or cancelled yet."""
        if order.state in ("draft", "sent"):
            return True
        touched = any(line.qty_delivered or line.qty_invoiced for line in order.order_line)
        return order.state == "sale" and not order.locked and not touched

    def _is_edited(self, order, link):
        """Whether somebody changed it here since it was last brought into step."""
        ours = (link.sent or {}).get("ours")
        if ours:
            return ours != order_print(order)
        return bool(order.currency_id.compare_amounts(order.amount_total, order.shop_total))

    # === WHAT DIFFERS ===

    def _addresses(self, shop, document, mappings):
        partners = self.env["shop.sync.partner"]._resolve(shop, [document], mappings)
        _customer, invoice, delivery = partners[document.external_id]
        return invoice, delivery

    def _differences(self, shop, order, document, mappings, addresses):
        """The differences as sentences: what stands here, what stands in the shop."""
        wanted = self._wanted(shop, document, mappings)
        found = self._line_differences(order, document, wanted)
        invoice, delivery = addresses
        carrier = self._carrier_values(order, document, mappings)
        if carrier:
            field = order._fields["carrier_id"]
            theirs = order.carrier_id.browse(carrier["carrier_id"])
            found.append(
                self._sentence(
                    field._description_string(self.env),
                    order.carrier_id.display_name,
                    theirs.display_name,
                )
            )
        for title, ours, theirs in (
            (self.env._("Invoice address"), order.partner_invoice_id, invoice),
            (self.env._("Delivery address"), order.partner_shipping_id, delivery),
        ):
            if ours != theirs:
                found.append(
                    self._sentence(
                        title, ours._display_address(True), theirs._display_address(True)
                    )
                )
        return found + self._money_differences(order, document, mappings)

    def _money_differences(self, order, document, mappings):
        total, currency = float(document.total_gross), order.currency_id
        sold_in = self.env["shop.sync.order"]._currency_code(document, mappings)
        if sold_in and sold_in != currency.name:
            currencies = self.env["res.currency"].with_context(active_test=False)
            theirs = currencies.search([("name", "=", sold_in)], limit=1)
            told = theirs.format(total) if theirs else f"{document.total_gross} {sold_in}"
            ours = currency.format(order.amount_total)
            return [self._sentence(self.env._("Total"), ours, told)]
        if not currency.compare_amounts(order.amount_total, total):
            return []
        money = currency.format
        return [self._sentence(self.env._("Total"), money(order.amount_total), money(total))]

    def _carrier_values(self, order, document, mappings):
        """The delivery method to write, where the shop's one stands for another than ours."""
        carrier = mappings.record("carrier", document.carrier)
        # a parcel that leaves with another carrier is told to the shop, and comes back from there
        is_known = carrier and carrier in (order.carrier_id | order.picking_ids.carrier_id)
        return {"carrier_id": carrier.id} if carrier and not is_known else {}

    def _line_differences(self, order, document, wanted):
        lines = order.order_line.filtered("shop_line_ref").grouped("shop_line_ref")
        decimals = self.env["decimal.precision"].precision_get("Product Price")
        found = []
        for line in document.lines:
            vals = wanted[line.external_id]
            ours = lines.pop(line.external_id, order.order_line.browse())
            pieces = sum(ours.mapped("product_uom_qty"))
            if float_compare(pieces, vals["product_uom_qty"], precision_digits=_DIGITS):
                found.append(
                    self._sentence(
                        line.name,
                        plain_number(self.env, pieces),
                        plain_number(self.env, line.quantity),
                    )
                )
            elif ours and float_compare(
                ours[:1].price_unit, vals["price_unit"], precision_digits=_DIGITS
            ):
                found.append(
                    self._sentence(
                        self.env._("Price of %s", line.name),
                        plain_number(self.env, ours[:1].price_unit, decimals),
                        plain_number(self.env, vals["price_unit"], decimals),
                    )
                )
        for gone in lines.values():
            if pieces := sum(gone.mapped("product_uom_qty")):
                found.append(
                    self._sentence(
                        gone[:1].product_id.display_name, plain_number(self.env, pieces), "0"
                    )
                )
        return found

    def _sentence(self, what, ours, theirs):
        return self.env._(
            "%(what)s: %(ours)s here, %(theirs)s in the shop",
            what=" ".join(what.split()),
            ours=" ".join((ours or "–").split()),
            theirs=" ".join((theirs or "–").split()),
        )

    def _wanted(self, shop, document, mappings):
        """``{line id in the shop: values}`` of the goods as the shop has them now."""
        lines = self.env["shop.sync.order.lines"]
        products = lines._find_products(shop, [document])
        return {
            line.external_id: lines._prepare_line(line, products, mappings, [])
            for line in document.lines
        }

    # === SHOW ===

    def _show_both(self, order, document, mappings):
        """Put the order and the shop's version of it before a person."""
        shop = order.shop_id
        addresses = self._addresses(shop, document, mappings)
        differences = self._differences(shop, order, document, mappings, addresses)
        text = self.env._(
            "This order was changed here and in the shop. Nothing was overwritten: take one of "
            "the versions.\n%s",
            "\n".join(differences),
        )
        self._show(order, differences, text)
        order.shop_total = float(document.total_gross)

    def _show(self, order, differences, text):
        """It stands differently here and there: a person decides."""
        if text not in (order.shop_hold_reason or "").split(BETWEEN):
            order._drop_conflict()
        order.shop_conflict = "\n".join(differences)
        order._tell_conflict(text)

    # === APPLY ===

    def _apply(self, shop, order, document, mappings, addresses):
        """The order becomes what the shop says now."""
        problems = []
        lines = self.env["shop.sync.order.lines"]
        products = lines._find_products(shop, [document])
        commands = lines._prepare_lines(document, products, mappings, problems)
        invoice, delivery = addresses
        importer = self.env["shop.sync.order"]
        values = {"partner_invoice_id": invoice.id, "partner_shipping_id": delivery.id}
        values |= self._carrier_values(order, document, mappings)
        pricelist = importer._find_pricelist(document, mappings, problems)
        people = self.env["shop.sync.partner"]
        people._check_invoice(document, order.partner_id, invoice, problems)
        order.shop_currency = importer._currency_code(document, mappings)
        if order.state in ("draft", "sent"):
            if pricelist and pricelist.currency_id != order.currency_id:
                values["pricelist_id"] = pricelist.id
            order.write(values | {"order_line": [Command.clear(), *commands]})
        else:
            # transfers that have not left go to the new address too
            values = {name: key for name, key in values.items() if order[name].id != key}
            order = order.with_context(update_delivery_shipping_partner=True)
            order.write(values | {"order_line": self._amendments(order, commands)})
            self._shorten_moves(order)
            if "carrier_id" in values:
                waiting = order.picking_ids.filtered(
                    lambda picking: (
                        picking.state not in ("done", "cancel")
                        and picking.picking_type_code == "outgoing"
                    )
                )
                waiting.carrier_id = order.carrier_id
        importer._check_state_known(document, mappings, problems)
        importer._check_total(order, document, mappings, problems)
        order.shop_conflict = False
        importer._hold(shop, order, problems)
        self._remember(order)

    def _amendments(self, order, commands):
        """What turns the lines of a confirmed order into the wanted ones: none may be removed."""
        left = list(order.order_line.filtered(lambda line: not line.display_type))
        amendments = []
        for _create, _zero, vals in commands:
            match = next((line for line in left if self._is_same(line, vals)), None)
            if match is None:
                amendments.append(Command.create(vals))
                continue
            left.remove(match)
            changed = {
                name: vals[name]
                for name in ("product_uom_qty", "price_unit", "discount")
                if float_compare(match[name], vals[name], precision_digits=6)
            }
            if match.tax_ids.ids != vals["tax_ids"][0][2]:
                changed["tax_ids"] = vals["tax_ids"]
            if changed:
                amendments.append(Command.update(match.id, changed))
        amendments += [
            Command.update(line.id, {"product_uom_qty": 0.0})
            for line in left
            if line.product_uom_qty
        ]
        return amendments

    def _is_same(self, line, vals):
        ref = vals.get("shop_line_ref")
        if line.product_id.id != vals["product_id"]:
            return False
        return line.shop_line_ref == ref if ref else not line.shop_line_ref

    def _shorten_moves(self, order):
        """Fewer pieces are sold: what is planned to leave follows."""
        for line in order.order_line:
            moves = line.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and move.location_dest_id.usage == "customer"
                )
            )
            planned = sum(moves.mapped("product_uom_qty"))
            if float_compare(planned, line.product_uom_qty, precision_digits=_DIGITS) <= 0:
                continue
            if not line.product_uom_qty:
                moves._action_cancel()
                continue
            excess = planned - line.product_uom_qty
            for move in moves:
                cut = min(excess, move.product_uom_qty)
                move._do_unreserve()
                move.product_uom_qty -= cut
                excess -= cut
            moves.filtered("product_uom_qty")._action_assign()

    def _remember(self, orders):
        """How these orders stand now is what the shop said: later changes here are told apart."""
        shops = orders.grouped("shop_id")
        for shop, of_shop in shops.items():
            links = self.env["shop.binding"]._by_record(shop, "order", of_shop.ids)
            for order in of_shop:
                if link := links.get(order.id):
                    link.sent = (link.sent or {}) | {"ours": order_print(order)}


def order_print(order):
    """A fingerprint of what a person may have changed on an order."""
    lines = sorted(
        (
            line.shop_line_ref or "",
            line.product_id.id,
            Decimal(f"{line.product_uom_qty:.4f}"),
            Decimal(f"{line.price_unit:.4f}"),
            Decimal(f"{line.discount:.4f}"),
            tuple(sorted(line.tax_ids.ids)),
        )
        for line in order.order_line
        if line.product_uom_qty
    )
    # notes and sections go when the shop's version is taken
    texts = order.order_line.filtered("display_type").mapped("name")
    people = (order.partner_invoice_id.id, order.partner_shipping_id.id)
    return fingerprint((lines, texts, *people, order.carrier_id.id))
