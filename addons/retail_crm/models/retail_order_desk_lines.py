"""The lines of an order at the desk: quantities, prices, discounts, what concerns it whole."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare

#: decimals by which typed quantities are told apart: more than any unit of measure keeps
DIGITS = 9
EDITABLE = {"product_uom_qty", "discount", "price_unit", "name"}
ORDER_FIELDS = {
    "channel_id",
    "client_order_ref",
    "commitment_from",
    "commitment_date",
    "delivery_wish",
    "partner_shipping_id",
    "partner_invoice_id",
    "title",
}


class RetailOrderDesk(models.AbstractModel):
    _inherit = "retail.order.desk"

    def _get_order_or_new(self, order_id, partner_id, channel_id):
        """Return the order, or one as it would be if it were made now."""
        Order = self.env["sale.order"]
        if order_id:
            return Order.browse(order_id)
        return Order.new(self._prepare_order_values(partner_id, channel_id))

    def _prepare_order_values(self, partner_id, channel_id):
        values = {"partner_id": partner_id, "company_id": self.env.company.id}
        return {**values, "channel_id": channel_id} if channel_id else values

    def _get_order_to_change(self, order_id, partner_id=False, channel_id=False):
        """Return the order as long as its lines may change; a new one if there is none yet."""
        if not order_id:
            if not partner_id:
                raise UserError(self.env._("Choose the customer first."))
            return self.env["sale.order"].create(self._prepare_order_values(partner_id, channel_id))
        order = self.env["sale.order"].browse(order_id)
        if order.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(order)s is in %(state)s, so it is not changed here. Open it to see what can "
                    "still be done, or begin a new order.",
                    order=order.name,
                    state=order.stage_id.name,
                )
            )
        return order

    @api.model
    def get_order(self, order_id):
        """Return the order as the screen shows it."""
        order = self.env["sale.order"].browse(order_id)
        # sudo: a rule gives away what was just sent; only who entered an order may see that
        if not order.has_access("read") and order.sudo().create_uid == self.env.user:
            return self._describe_lost(order)
        return self._describe_order(order)

    @api.model
    def add_line(self, product_id, quantity, partner_id, channel_id=False, order_id=False):
        """Add a product, or more of it if the order has it; the draft is made with its first line.

        Returns the order, with ``line_id`` of the line that was added to.
        """
        product = self.env["product.product"].browse(product_id)
        self._check_quantity(quantity, product.uom_id)
        order = self._get_order_to_change(order_id, partner_id, channel_id)
        line = self._get_goods(order).filtered(
            lambda one: (
                one.product_id.id == product_id and one.product_uom_id == one.product_id.uom_id
            )
        )[:1]
        if line:
            line.product_uom_qty += quantity
        else:
            line = self.env["sale.order.line"].create(
                {"order_id": order.id, "product_id": product_id, "product_uom_qty": quantity}
            )
        return {**self._finish_change(order), "line_id": line.id}

    @api.model
    def add_barcode(self, barcode, partner_id, channel_id=False, order_id=False):
        """Add one of the product with this barcode: a scanner does not care where the cursor is."""
        product = self.env["product.product"].search(
            [("barcode", "=", barcode), ("sale_ok", "=", True)], limit=1
        )
        if not product:
            raise UserError(self.env._("No product that is sold has the barcode %s.", barcode))
        return self.add_line(product.id, 1.0, partner_id, channel_id, order_id)

    def _check_quantity(self, quantity, uom):
        """Raise UserError for more decimals than are kept: the order would say something else."""
        if float_compare(quantity, uom.round(quantity), precision_digits=DIGITS):
            raise UserError(
                self.env._(
                    "%(quantity)s %(unit)s: quantities have at most %(digits)s decimals.",
                    quantity=f"{quantity:.{DIGITS}g}",
                    unit=uom.name,
                    digits=self._get_digits("Product Unit"),
                )
            )

    @api.model
    def change_line(self, line_id, values):
        """Change quantity, price, discount or text of a line; quantity 0 takes it away."""
        line = self.env["sale.order.line"].browse(line_id)
        order = self._get_order_to_change(line.order_id.id)
        self._require_known(values, EDITABLE)
        if "product_uom_qty" in values:
            self._check_quantity(values["product_uom_qty"], line.product_uom_id)
        if values.get("product_uom_qty") == 0:
            line.unlink()
        else:
            line.write(values)
        return self._finish_change(order)

    @api.model
    def replace_line(self, line_id, product_id):
        """Sell another product instead, in the same quantity, at its own price."""
        line = self.env["sale.order.line"].browse(line_id)
        order = self._get_order_to_change(line.order_id.id)
        quantity = line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id
        )
        values = {"product_id": product_id, "product_uom_qty": quantity}
        order.order_line = [
            Command.create({**values, "sequence": line.sequence}),
            Command.delete(line.id),
        ]
        return self._finish_change(order)

    @api.model
    def change_order(self, values, partner_id=False, order_id=False):
        """Change what concerns the whole order: promised time, remark, addresses, channel."""
        self._require_known(values, ORDER_FIELDS)
        channel_id = values.get("channel_id", False)
        order = self._get_order_to_change(order_id, partner_id, channel_id)
        order.write(values)
        if channel_id:
            pricelist = order.pricelist_id
            order._follow_channel("pricelist_id", "warehouse_id")
            if order.pricelist_id != pricelist:
                order._recompute_prices()
        # a remark is no reason to ask the carrier for another price
        if values.keys() & {"channel_id", "partner_shipping_id"}:
            return self._finish_change(order)
        return self._describe_order(order)

    @api.model
    def repeat_last(self, partner_id, channel_id=False, order_id=False):
        """Put the goods of the customer's last order on this one, at today's prices.

        The answer's ``notices`` name what is no longer sold.
        """
        partner = self.env["res.partner"].browse(partner_id)
        last = self.env["sale.order"].search(
            [
                ("partner_id", "child_of", partner.commercial_partner_id.id),
                ("state", "=", "sale"),
                ("company_id", "=", self.env.company.id),
                ("id", "!=", order_id),
            ],
            order="date_order desc, id desc",
            limit=1,
        )
        if not last:
            raise UserError(self.env._("%s has not ordered anything yet.", partner.display_name))
        goods = self._get_goods(last)
        sold = goods.filtered(lambda line: line.product_id.active and line.product_id.sale_ok)
        order = self._get_order_to_change(order_id, partner_id, channel_id)
        order.order_line = [
            Command.create(
                {
                    "product_id": line.product_id.id,
                    "product_uom_qty": line.product_uom_qty,
                    "product_uom_id": line.product_uom_id.id,
                }
            )
            for line in sold
        ]
        notices = [
            self.env._("%s is no longer sold.", line.product_id.display_name)
            for line in goods - sold
        ]
        return {**self._finish_change(order), "notices": notices}

    @api.model
    def discard_order(self, order_id):
        """Delete a draft that is not wanted after all."""
        self._get_order_to_change(order_id).unlink()
        return True

    def _require_known(self, values, known):
        unknown = values.keys() - known
        if unknown:
            raise UserError(self.env._("The order desk does not change %s.", ", ".join(unknown)))

    def _get_goods(self, order):
        """Return the lines a customer asks for: no sections, shipping, rewards, discounts."""
        extra = order.company_id.sale_discount_product_id
        return order._get_copiable_order_lines().filtered(
            lambda line: (
                not line.display_type
                and not line.is_delivery
                and line.product_id
                and line.product_id != extra
                and not self._is_reward(line)
            )
        )

    def _is_reward(self, line):
        """Whether a line was added by a promotion; bridges know."""
        return False

    def _finish_change(self, order):
        """Let what depends on the lines follow them, and describe the order."""
        self._refresh_shipping(order)
        return self._describe_order(order)

    # === DESCRIPTION ===

    def _describe_order(self, order):
        order.check_access("read")
        goods = self._get_goods(order)
        stock = self._get_stock(goods.product_id, order)
        last = self._get_last_prices(goods.product_id, order)
        return {
            **self._describe_order_briefly(order),
            "is_editable": order.state in ("draft", "sent"),
            "channel_id": order.channel_id.id,
            "title": order.title or "",
            "client_order_ref": order.client_order_ref or "",
            "commitment_from": order.commitment_from,
            "commitment_date": order.commitment_date,
            "expected_date": order.expected_date,
            "delivery_wish": order.delivery_wish or "",
            "warehouse": order.warehouse_id.name or "",
            "pricelist": order.pricelist_id.name or "",
            "lines": [
                self._describe_line(line, line in goods, stock, last)
                for line in order.order_line
                if not line.display_type
            ],
            "amount_untaxed": order.amount_untaxed,
            "amount_tax": order.amount_tax,
            "margin": self._get_margin(order),
            "addresses": self._get_addresses(order),
            "partner_shipping_id": order.partner_shipping_id.id,
            "partner_invoice_id": order.partner_invoice_id.id,
            **self._describe_steps(order),
        }

    def _describe_line(self, line, is_goods, stock, last):
        product = line.product_id
        place = stock.get(product, {"is_stored": False, "stock": [], "free": 0.0})
        wanted = line.product_uom_id._compute_quantity(line.product_uom_qty, product.uom_id)
        is_short = (
            line.state in ("draft", "sent")
            and place["is_stored"]
            and float_compare(place["free"], wanted, precision_rounding=product.uom_id.rounding) < 0
        )
        return {
            "id": line.id,
            "is_goods": is_goods,
            "product_id": product.id,
            "name": product.display_name if is_goods else line.name,
            "quantity": line.product_uom_qty,
            "unit": line.product_uom_id.name or "",
            "price": line.price_unit,
            "discount": line.discount,
            "subtotal": line.price_subtotal,
            "is_short": is_short,
            **place,
            **last.get(product, {"last_price": False, "last_date": False}),
        }

    def _get_margin(self, order):
        """Return the margin for those who may see purchase prices, else False."""
        field = order._fields["margin"]
        return order.margin if order._has_field_access(field, "read") else False

    def _get_addresses(self, order):
        """Return the customer's addresses to choose from."""
        chief = order.partner_id.commercial_partner_id
        partners = self.env["res.partner"].search([("id", "child_of", chief.id)], limit=20)
        partners |= order.partner_shipping_id | order.partner_invoice_id
        return [
            {
                "id": partner.id,
                "name": ", ".join(filter(None, (partner.name, partner.street, partner.city))),
            }
            for partner in partners
        ]
