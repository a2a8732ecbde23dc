from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import email_normalize

from ..shopapi.errors import DataError
from .mappings import Mappings

#: carts kept from one reading; more follow with the next one
_AT_ONCE = 500


class ShopSyncCart(models.AbstractModel):
    """Carts that customers left in a shop."""

    _name = "shop.sync.cart"
    _description = "Abandoned Carts of a Web Shop"

    def _poll(self, shop, adapter, tally):
        """Read the carts that were left long enough ago; those left just now come later."""
        limit = fields.Datetime.now() - timedelta(hours=shop.cart_hours)
        # read first: reading after the commit would open the next transaction
        cursor = shop.cart_cursor or None
        shop._end_transaction()
        carts, newest = [], cursor
        try:
            for cart in adapter.abandoned_carts(cursor):
                if cart.changed_at.replace(tzinfo=None) > limit or len(carts) >= _AT_ONCE:
                    break
                if cart.lines:
                    carts.append(cart)
                # what is passed by moves the cursor too, or it would be read for ever
                newest = max(newest or "", cart.stamp)
        except DataError as error:
            # a missing right, for example: the orders must not wait for it
            self._give_up(shop, error)
            return
        if carts:
            tally.received["cart"] += self._store(shop, carts)
        if newest != cursor:
            shop.cart_cursor = newest
        if not tally.received["cart"]:
            del tally.received["cart"]

    def _give_up(self, shop, error):
        shop.read_carts = False
        text = self.env._("Abandoned carts are no longer read: %s", error)
        shop.message_post(body=text)
        shop.activity_schedule(
            "shop_connector.mail_activity_decision",
            summary=self.env._("Abandoned carts cannot be read"),
            note=text,
            user_id=(shop.user_id or self.env.user).id,
        )

    def _store(self, shop, carts):
        """Create and update; how many were new or had changed."""
        Cart = self.env["shop.cart"]
        known = {
            row.external_id: row
            for row in Cart.search(
                [
                    ("shop_id", "=", shop.id),
                    ("external_id", "in", [cart.external_id for cart in carts]),
                ]
            )
        }
        news = [
            cart
            for cart in carts
            if cart.external_id not in known
            or known[cart.external_id].changed_at != cart.changed_at.replace(tzinfo=None)
        ]
        partners = self._find_partners(shop, news)
        products = self._find_products(shop, news)
        mappings = Mappings(shop)
        new = []
        for cart in news:
            values = self._prepare_values(shop, cart, partners, products, mappings)
            if row := known.get(cart.external_id):
                row.write(values | {"line_ids": [Command.clear(), *values["line_ids"]]})
            else:
                new.append(values)
        Cart.create(new)
        return len(news)

    def _find_partners(self, shop, carts):
        """``{normalised e-mail: partner}`` of the customers this shop may know."""
        emails = {email_normalize(cart.customer.email or "") for cart in carts if cart.customer}
        partners = self.env["res.partner"].search(
            [
                ("email_normalized", "in", list(filter(None, emails))),
                ("company_id", "in", [False, shop.company_id.id]),
                ("parent_id", "=", False),
            ],
            order="id desc",
        )
        partners = self.env["shop.sync.partner"]._within_base(shop, partners)
        return {partner.email_normalized: partner for partner in partners}

    def _find_products(self, shop, carts):
        keys = {_key(line) for cart in carts for line in cart.lines}
        links = self.env["shop.binding"]._by_external(shop, "variant", keys)
        ids = {link.res_id for link in links.values()}
        products = {
            product.id: product for product in self.env["product.product"].browse(ids).exists()
        }
        return {
            key: products[link.res_id] for key, link in links.items() if link.res_id in products
        }

    def _prepare_values(self, shop, cart, partners, products, mappings):
        customer = cart.customer
        email = customer.email if customer else None
        pricelist = mappings.record("currency", cart.currency) or shop.pricelist_id
        lines, amount = [], 0.0
        for line in cart.lines:
            product = products.get(_key(line), self.env["product.product"])
            quantity = float(line.quantity)
            price = pricelist._get_product_price(product, quantity) if product else 0.0
            amount += price * quantity
            lines.append(
                Command.create(
                    {
                        "product_id": product.id,
                        "external_key": _key(line),
                        "quantity": quantity,
                        "price": price,
                    }
                )
            )
        names = (customer.first_name, customer.last_name) if customer else ()
        partner = partners.get(email_normalize(email or ""))
        return {
            "shop_id": shop.id,
            "external_id": cart.external_id,
            "partner_id": partner.id if partner else False,
            "customer_name": " ".join(filter(None, names)) or False,
            "email": email,
            "changed_at": cart.changed_at.replace(tzinfo=None),
            "currency_id": pricelist.currency_id.id or shop.currency_id.id,
            "amount": amount,
            "line_ids": lines,
            "state": "open",
        }

    # === ORDERED AFTER ALL ===

    def _follow_orders(self, shop, pairs):
        """The carts that these ``(sales order, document)`` pairs came of are not abandoned."""
        orders = {document.cart: order for order, document in pairs if document.cart}
        if not orders:
            return
        carts = self.env["shop.cart"].search(
            [("shop_id", "=", shop.id), ("external_id", "in", list(orders))]
        )
        for cart in carts:
            order = orders[cart.external_id]
            cart.write(
                {"state": "ordered", "order_id": order.id, "partner_id": order.partner_id.id}
            )


def _key(line):
    return f"{line.product}/{line.variant or ''}"
