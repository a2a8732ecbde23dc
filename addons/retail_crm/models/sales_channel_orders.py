"""What a sales channel gives its new orders besides people, and whose customers it knows."""

from odoo import api, fields, models
from odoo.tools import email_normalize


class SalesChannel(models.Model):
    _inherit = "sales.channel"

    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        ondelete="set null",
        help="Times agreed for orders of this channel count in these hours. Left empty, in those "
        "of the company.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="set null",
        domain="[('company_id', 'in', (False, company_id))]",
        help="New orders of this channel get this price list, unless the customer has one of its "
        "own.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        ondelete="set null",
        domain="[('company_id', '=?', company_id)]",
        help="New orders of this channel leave from here. Orders of another company keep theirs.",
    )
    utm_source_id = fields.Many2one(
        "utm.source",
        "Source",
        ondelete="set null",
        help="Counted as the source of orders that name none.",
    )
    utm_medium_id = fields.Many2one(
        "utm.medium",
        "Medium",
        ondelete="set null",
        help="Counted as the medium of orders that name none.",
    )
    visible_to_all = fields.Boolean(
        help="New orders of this channel can be seen by everybody who sells, also by people "
        "who otherwise see only their own.",
    )
    notified_ids = fields.Many2many(
        "res.users",
        "sales_channel_notified_rel",
        string="Also Told",
        domain="[('share', '=', False), ('company_ids', '=?', company_id)]",
        help="These people get a message about every new order of this channel; about one that is "
        "begun without lines, as at the order desk, when it is confirmed or sent.",
    )
    invoice_policy = fields.Selection(
        [
            ("manual", "By hand"),
            ("confirm", "When the order is confirmed"),
            ("shipping", "When the goods are shipped"),
            ("payment", "When the order is paid"),
        ],
        "Invoices Are Made",
        required=True,
        default="manual",
        help="The invoice is made and posted by itself at that moment. If that fails, the "
        "responsible finds a task on the order.",
    )
    customer_scope = fields.Selection(
        [
            ("shared", "Shared with the other channels"),
            ("own", "Only customers of this channel"),
        ],
        "Customers",
        required=True,
        default="shared",
        help="With customers of its own, somebody known by the same e-mail address elsewhere "
        "becomes a new customer here. Web shops have this setting on the shop.",
    )
    order_properties_definition = fields.PropertiesDefinition("Order Fields")

    @api.constrains("company_id", "pricelist_id", "warehouse_id", "calendar_id")
    def _check_places_company(self):
        for channel in self.filtered("company_id"):
            for record in (channel.pricelist_id, channel.warehouse_id, channel.calendar_id):
                channel._check_belongs(record.sudo())  # settings of others are not everyone's

    # === NEW ORDERS ===

    def _get_order_place(self, name, company):
        """The channel's price list or warehouse (``name``) for an order of ``company``, or empty.

        A channel that companies share may name a warehouse that belongs to one of them.
        """
        # a clerk need not be allowed to read the channel's settings to be given them
        record = self.sudo()[name]
        if not record.active or (record.company_id and record.company_id != company):
            record = record.browse()
        return record.sudo(False)

    # === CUSTOMERS ===

    def _find_customer(self, company, email=None, phone=None):
        """The customer with this e-mail address, else with this phone number, that we know here.

        Looks only at the customers this channel may know (see ``customer_scope``); a customer of
        its own comes before a contact of another one, the oldest first. Of several customers with
        one phone number none is taken: that is for a person to decide.
        """
        Partner = self.env["res.partner"]
        domain = [
            ("company_id", "in", [False, company.id]),
            ("type", "not in", ("invoice", "delivery")),
        ]
        email = email_normalize(email or "")
        if email:
            found = Partner.search([*domain, ("email_normalized", "=", email)], order="id")
            found = self._within_scope(found)
            if found:
                return found.sorted(lambda one: (bool(one.parent_id), one.id))[:1]
        if phone:
            found = Partner.search([*domain, ("phone_sanitized", "=", phone)], order="id", limit=20)
            found = self._within_scope(found)
            if len(found.commercial_partner_id) == 1:
                return found[:1]
        return Partner

    def _within_scope(self, partners):
        """Of these customers, those that this channel (or a shared one, if empty) may know."""
        # which customers a shop knows is its own setting
        shop = self.sudo().shop_ids.filtered("active")[:1]
        if shop:
            return self.env["shop.sync.partner"].sudo()._within_base(shop, partners).sudo(False)
        if self.customer_scope == "own":
            return partners.filtered(lambda one: one.scope_channel_id == self)
        return partners.filtered(lambda one: not one.scope_channel_id)

    def _get_scope(self):
        """The channel that new customers of this one belong to; empty if they are everybody's."""
        return self if self.customer_scope == "own" else self.browse()
