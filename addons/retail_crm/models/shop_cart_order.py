"""A cart that was left in a web shop is sold by phone."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_datetime


class ShopCart(models.Model):
    _inherit = "shop.cart"

    def action_order_by_phone(self):
        """Open the order desk with a quotation of what is in the cart; a second press finds it.

        Raises UserError when nobody knows whose cart it is, or somebody else is selling it.
        """
        self.ensure_one()
        # a cart that was filled anew after its sale is another one
        ended = ("sale", "cancel") if self.state != "ordered" else ("cancel",)
        # sudo: the order may be a colleague's
        known = self.sudo().order_id.filtered(lambda one: one.state not in ended)
        order = known.with_env(self.env) or self._make_order()
        if not order.has_access("read"):
            raise UserError(
                self.env._(
                    "%(person)s is selling what is in this cart: %(order)s.",
                    person=known.user_id.name or known.team_id.name,
                    order=known.name,
                )
            )
        action = self.env["ir.actions.client"]._for_xml_id("retail_crm.order_desk_action")
        return {**action, "params": {"order_id": order.id, "partner_id": order.partner_id.id}}

    def _make_order(self):
        """A quotation of this cart, for today's prices of the customer."""
        # whoever sells may not change what the shop told; of two who press at once one goes on
        cart = self.sudo()
        if not cart.try_lock_for_update():
            raise UserError(self.env._("Somebody else is at this cart right now. Try again."))
        partner = self._get_buyer()
        order = (
            self.env["sale.order"]
            .with_company(self.company_id)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "channel_id": cart.shop_id.channel_id.id,
                }
            )
        )
        # begun without lines, so that no rule gives it away while its customer is on the phone
        lines = self._prepare_order_lines()
        order.write({"order_line": [Command.create(values) for values in lines]})
        order._message_log(
            body=self.env._(
                "From the cart %(cart)s that was left in %(shop)s on %(date)s.",
                cart=self.external_id,
                shop=cart.shop_id.name,
                date=format_datetime(self.env, self.changed_at, dt_format="short"),
            )
        )
        # nobody is to be reminded of a cart that somebody talks about with him
        cart.write({"order_id": order.id, "state": "ordered", "partner_id": partner.id})
        return order

    def _get_buyer(self):
        """The customer of this cart; somebody unknown becomes one."""
        if self.partner_id:
            return self.partner_id
        channel = self.sudo().shop_id.channel_id
        known = channel._find_customer(self.company_id, email=self.email)
        if known:
            return known.with_env(self.env)
        if not (self.customer_name or self.email):
            raise UserError(
                self.env._(
                    "Nobody knows whose cart this is: it has neither a name nor an e-mail address."
                )
            )
        return self.env["res.partner"].create(
            {
                "name": self.customer_name or self.email,
                "email": self.email,
                "scope_channel_id": channel._get_scope().id,
                "user_id": self.env.uid,
            }
        )

    def _prepare_order_lines(self):
        """What is in the cart; what is unknown or not sold any more becomes a note."""
        lines = []
        for line in self.line_ids:
            product = line.product_id
            if product.active and product.sale_ok:
                lines.append({"product_id": product.id, "product_uom_qty": line.quantity})
                continue
            text = self.env._(
                "Was in the cart: %(name)s, %(quantity)s",
                name=product.display_name or line.external_key,
                quantity=f"{line.quantity:g}",
            )
            lines.append({"display_type": "line_note", "name": text})
        return lines
