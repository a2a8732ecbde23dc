from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: kind of code -> field that holds the record behind it
RECORD_FIELDS = {
    "language": "lang_id",
    "currency": "pricelist_id",
    "tax": "tax_id",
    "carrier": "carrier_id",
    "customer_group": "pricelist_id",
    "payment": "journal_id",
    "order_state": "meaning",
}
#: meanings of a status in which nothing is to be done for an order any more
CLOSED = ("cancelled", "refunded", "error")
#: kinds of which every code needs a record; of the others only those in use, which then says so
NEEDED_KINDS = ("order_state",)


class ShopMapping(models.Model):
    """A code of the shop and the record that stands for it here."""

    _name = "shop.mapping"
    _description = "Mapping"
    _order = "shop_id, kind, sequence, id"

    shop_id = fields.Many2one(
        "shop.shop", "Web Shop", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("language", "Language"),
            ("currency", "Currency"),
            ("tax", "Tax"),
            ("carrier", "Carrier"),
            ("payment", "Payment Method"),
            ("order_state", "Order Status"),
            ("customer_group", "Customer Group"),
        ],
        required=True,
    )
    external_code = fields.Char(
        "Code in the Shop", required=True, help="The shop's own id of this entry."
    )
    name = fields.Char("Name in the Shop", required=True)
    iso_code = fields.Char(
        "ISO Code", help="Standard code of a language or currency, as the shop tells it."
    )
    rate = fields.Float(
        "Rate (%)",
        digits=(16, 3),
        help="In percent, as the shop tells it: the rate of a tax, or the discount that a customer "
        "group has in the shop on everything.",
    )
    is_default = fields.Boolean("Shop's Default")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    lang_id = fields.Many2one(
        "res.lang",
        "Language",
        ondelete="restrict",
        help="Texts in this language go to this language of the shop.",
    )
    tax_id = fields.Many2one(
        "account.tax",
        ondelete="restrict",
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id)]",
        check_company=True,
        help="Products with this tax carry the shop's tax, and the other way round on orders.",
    )
    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery Method",
        ondelete="restrict",
        check_company=True,
        help="Orders with the shop's carrier get this delivery method.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        ondelete="restrict",
        check_company=True,
        help="For a currency: the price list of orders in it. For a customer group: what its "
        "members pay in the shop, where that is not the ordinary price.",
    )
    confirm_rule = fields.Selection(
        [("shop", "As the shop's rule says"), ("always", "At once"), ("never", "By hand")],
        "Confirm Orders",
        default="shop",
        required=True,
        help="Orders paid this way are confirmed at once (for example cash on delivery), only by "
        "hand, or as the shop's own rule says.",
    )
    meaning = fields.Selection(
        [
            ("waiting", "Waiting for payment"),
            ("paid", "Paid"),
            ("processing", "In preparation"),
            ("partial", "Partly shipped"),
            ("shipped", "Shipped"),
            ("delivered", "Delivered"),
            ("cancelled", "Cancelled"),
            ("refunded", "Refunded"),
            ("error", "Payment error"),
            ("other", "Nothing to do here"),
        ],
        help="What this status of the shop means for the order here. The first status of a meaning "
        "is also the one we set in the shop when an order gets that far here.",
    )
    notify_customer = fields.Boolean(
        "Send the Shop's E-Mail",
        help="When we set this status, the shop writes to the customer as if it had been set "
        "there. Without it nobody is written to.",
    )
    is_missing = fields.Boolean(
        "To Do", compute="_compute_is_missing", store=True, help="Nobody has chosen a record yet."
    )

    _code_uniq = models.UniqueIndex(
        "(shop_id, kind, external_code)", "This code of the shop is mapped already."
    )

    @api.depends("kind", "active", "rate", *set(RECORD_FIELDS.values()))
    def _compute_is_missing(self):
        for mapping in self:
            needed = mapping.active and mapping.kind in NEEDED_KINDS
            mapping.is_missing = bool(
                (needed and not mapping[RECORD_FIELDS[mapping.kind]])
                or (mapping.active and mapping._has_two_discounts())
            )

    def _has_two_discounts(self):
        """Whether the shop would take its own discount off the prices of a list."""
        self.ensure_one()
        return self.kind == "customer_group" and self.pricelist_id and self.rate

    @api.constrains("pricelist_id", "iso_code")
    def _check_currency(self):
        """An order in forint on a price list in euro would cost its customer a fortune."""
        for row in self.filtered("pricelist_id"):
            currency = row.iso_code if row.kind == "currency" else row.shop_id.currency_id.name
            if row.pricelist_id.currency_id.name != currency:
                raise ValidationError(
                    self.env._(
                        "The price list %(list)s is not in %(currency)s.",
                        list=row.pricelist_id.name,
                        currency=currency,
                    )
                )

    @api.constrains("pricelist_id")
    def _check_group_discount(self):
        """Members would pay less than their price list says, and nobody would see why."""
        for row in self:
            if row._has_two_discounts():
                raise ValidationError(
                    self.env._(
                        "%(shop)s takes another %(rate)s %% off every price for %(group)s. Set "
                        "that discount to 0 in the shop's back office, connect again, and then "
                        "choose the price list.",
                        shop=row.shop_id.name,
                        rate=f"{row.rate:g}",
                        group=row.name,
                    )
                )

    @api.constrains("shop_id", "kind", "lang_id", "active")
    def _check_language_once(self):
        """Two languages of a shop fed from one here would overwrite a translator's work."""
        for shop, mappings in self.filtered("lang_id").grouped("shop_id").items():
            languages = shop.language_mapping_ids.mapped("lang_id")
            if len(languages) < len(shop.language_mapping_ids.filtered("lang_id")):
                raise ValidationError(
                    self.env._(
                        "%(shop)s: each language can stand for one language of the shop only.",
                        shop=mappings.shop_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create(vals_list)
        mappings._after_change()
        return mappings

    def write(self, vals):
        result = super().write(vals)
        if {"lang_id", "tax_id", "pricelist_id", "active"} & vals.keys():
            self._after_change()
        return result

    def _after_change(self):
        """A language or tax more: the products waiting for it can travel now; or other prices."""
        kinds = ("language", "tax", "customer_group")
        shops = self.filtered(lambda mapping: mapping.kind in kinds).shop_id
        self.env["shop.job"]._mark_shops("product", shops.filtered(lambda s: s.state != "draft"))
