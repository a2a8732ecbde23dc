"""What the sales channel gives a new order: fields of its own, price list, warehouse, source."""

from odoo import api, fields, models

from odoo.addons.multi_warehouse_docs.models.sale_order_type import PROPOSED as OF_TYPE

#: fields of an order that its channel may propose under the same name
PLACES = ("pricelist_id", "warehouse_id")
#: field of the order <- field of the channel
SOURCES = {"source_id": "utm_source_id", "medium_id": "utm_medium_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    channel_id = fields.Many2one(default=lambda self: self._default_channel_id())
    title = fields.Char(
        index="trigram", help="What this order is about, in a few words, to find it again."
    )
    order_properties = fields.Properties(
        "Channel Fields", definition="channel_id.order_properties_definition", copy=True
    )

    def _default_channel_id(self):
        company = self.env["res.company"].browse(self.env.context.get("default_company_id"))
        return self.env.user._get_order_channel(company or self.env.company)

    # === PROPOSALS ===

    def _compute_pricelist_id(self):
        result = super()._compute_pricelist_id()
        self._follow_channel("pricelist_id")
        return result

    def _compute_warehouse_id(self):
        result = super()._compute_warehouse_id()
        self._follow_channel("warehouse_id")
        return result

    @api.onchange("channel_id")
    def _onchange_channel_id(self):
        result = super()._onchange_channel_id()
        self._follow_channel(*PLACES)
        if self.state in ("draft", "sent"):
            for name, of_channel in SOURCES.items():
                self[name] = self[name] or self.channel_id[of_channel]
        return result

    def _follow_channel(self, *names):
        """Take what the channel proposes, while the order may still change.

        The order's type, which a person chose for this very order, comes first; so does a price
        list agreed with the customer or with customers of its type.
        """
        for order in self.filtered(lambda one: one.channel_id and one.state in ("draft", "sent")):
            for name in names:
                # the type's own rights do not matter
                if order.document_type_id.sudo().mapped(OF_TYPE[name]):
                    continue
                if name == "pricelist_id" and order._has_own_pricelist():
                    continue
                proposed = order.channel_id._get_order_place(name, order.company_id)
                if proposed:
                    order[name] = proposed

    def _has_own_pricelist(self):
        customer = self.partner_id.with_company(self.company_id)
        if not customer:
            return False
        return bool(customer.specific_property_product_pricelist or customer._get_type_pricelist())

    # === LIFE ===

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create([self._with_user_channel(vals) for vals in vals_list])
        orders._take_channel_settings()
        empty = orders._filter_begun_empty()
        if empty:
            # sudo: the mark is the system's
            empty.sudo()._write_assigned({"notice_deferred": True})
        (orders - empty)._get_current()._tell_channel_people()
        return orders

    def _with_user_channel(self, vals):
        """The channel of who enters an order for another company than the current one."""
        company = self.env["res.company"].browse(vals.get("company_id"))
        if "channel_id" in vals or not company or company == self.env.company:
            return vals
        return {**vals, "channel_id": self.env.user._get_order_channel(company).id}

    def _take_channel_settings(self):
        """Source and visibility, which a person may change afterwards."""
        for channel, orders in self.filtered("channel_id").grouped("channel_id").items():
            for name, of_channel in SOURCES.items():
                source = channel[of_channel]
                nameless = orders.filtered(lambda order, name=name: not order[name])
                if source and nameless:
                    nameless[name] = source
            if channel.visible_to_all:
                orders.filtered(lambda order: not order.visible_to_all).visible_to_all = True

    def _tell_channel_people(self):
        """A message about each new order for those the channel names."""
        # whom a channel tells is no business of who enters the order
        for channel, orders in self.filtered("channel_id").grouped("channel_id").items():
            people = channel.sudo().notified_ids.filtered("active")
            for order in orders:
                told = people.filtered(
                    lambda one, order=order: (
                        one != order.user_id and order.company_id in one.company_ids
                    )
                )
                if told:
                    order.message_notify(
                        partner_ids=told.partner_id.ids,
                        subject=self.env._("New order %s", order.name),
                        body=self.env._(
                            "%(channel)s: order %(order)s of %(customer)s, %(total)s.",
                            channel=channel.name,
                            order=order.name,
                            customer=order.partner_id.display_name,
                            total=order.currency_id.format(order.amount_total),
                        ),
                        model_description=self.env._("Sales Order"),
                    )
