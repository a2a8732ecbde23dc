from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shopapi.registry import adapter_class, system_titles


class ShopShop(models.Model):
    """One connected web shop.

    How it is reached is in ``shop_connection.py``, what it does by itself in ``shop_runner.py``.
    """

    _name = "shop.shop"
    _description = "Web Shop"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    system = fields.Selection(
        lambda self: system_titles(),
        string="Shop System",
        required=True,
        default=lambda self: system_titles()[0][0],
        help="The software the shop runs on.",
    )
    base_url = fields.Char(
        "Address",
        required=True,
        tracking=True,
        help="Where customers find the shop, for example https://www.example.com/shop.",
    )
    api_key = fields.Char(
        "API Key", groups="base.group_system", copy=False, help="Only system administrators see it."
    )
    api_secret = fields.Char("API Secret", groups="base.group_system", copy=False)
    needs_secret = fields.Boolean(compute="_compute_capabilities")
    state = fields.Selection(
        [("draft", "Not Connected"), ("connected", "Connected"), ("blocked", "Stopped")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        required=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="Orders of this shop carry this sales channel. Left empty, one is made for the shop.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        help="Told when the shop stops or an order needs a decision.",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    warehouse_ids = fields.Many2many(
        "stock.warehouse",
        string="Warehouses",
        check_company=True,
        help="The shop sells what lies in these; its orders leave from the first.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        check_company=True,
        help="Prices in the shop. Its currency must be the shop's default currency.",
    )
    stock_field = fields.Selection(
        [("free_qty", "Free to use"), ("qty_available", "On hand")],
        "Stock Shown",
        required=True,
        default="free_qty",
        help="Free to use is what is on hand without what orders have reserved.",
    )
    stock_buffer = fields.Integer(
        "Safety Stock", help="So many units of each product are never offered in the shop."
    )
    confirm_rule = fields.Selection(
        [("paid", "When paid"), ("always", "At once"), ("never", "By hand")],
        "Confirm Orders",
        required=True,
        default="paid",
        help="When an order of the shop becomes a confirmed sales order and takes its goods.",
    )
    invoice_rule = fields.Selection(
        [("manual", "By hand"), ("delivered", "When all goods have left")],
        "Make Invoices",
        required=True,
        default="manual",
        help="When the invoice of an order of this shop is made and posted.",
    )
    orders_since = fields.Datetime(
        "Orders From",
        default=fields.Datetime.now,
        help="Orders placed in the shop before this moment are not read.",
    )
    # === WHAT THE SHOP TOLD ===
    shop_version = fields.Char("Version", readonly=True, copy=False)
    shop_timezone = fields.Char("Time Zone", readonly=True, copy=False)
    currency_id = fields.Many2one(
        "res.currency",
        "Shop Currency",
        readonly=True,
        copy=False,
        help="The shop's default currency.",
    )
    order_cursor = fields.Char(readonly=True, copy=False)
    last_run_at = fields.Datetime("Last Exchange", readonly=True, copy=False)
    paused_until = fields.Datetime(
        "Asked to Wait Until", readonly=True, copy=False, help="The shop asked us to slow down."
    )
    unreachable_since = fields.Datetime("Not Answering Since", readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    cron_id = fields.Many2one("ir.cron", readonly=True, copy=False, ondelete="set null")
    # === CODES ===
    mapping_ids = fields.One2many("shop.mapping", "shop_id", "Mappings")
    language_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Languages", domain=[("kind", "=", "language")]
    )
    currency_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Currencies", domain=[("kind", "=", "currency")]
    )
    tax_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Taxes", domain=[("kind", "=", "tax")]
    )
    carrier_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Carriers", domain=[("kind", "=", "carrier")]
    )
    payment_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Payment Methods", domain=[("kind", "=", "payment")]
    )
    order_state_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Order Statuses", domain=[("kind", "=", "order_state")]
    )
    # === COUNTS ===
    missing_mapping_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    pending_count = fields.Integer(compute="_compute_counts")
    product_count = fields.Integer(compute="_compute_counts")
    order_count = fields.Integer(compute="_compute_counts")
    held_count = fields.Integer(compute="_compute_counts")

    # === COMPUTE ===

    @api.depends("system")
    def _compute_capabilities(self):
        for shop in self:
            shop.needs_secret = bool(
                shop.system and adapter_class(shop.system).capabilities.needs_secret
            )

    @api.depends("mapping_ids.is_missing")
    def _compute_counts(self):
        def counted(model, domain):
            groups = self.env[model]._read_group(
                [("shop_id", "in", self.ids), *domain], ["shop_id"], ["__count"]
            )
            return dict(groups)

        missing = counted("shop.mapping", [("is_missing", "=", True)])
        failed = counted("shop.job", [("state", "=", "failed")])
        pending = counted("shop.job", [("state", "in", ("pending", "running"))])
        products = counted("shop.binding", [("kind", "=", "product"), ("state", "!=", "removed")])
        orders = counted("sale.order", [])
        held = counted("sale.order", [("shop_hold_reason", "!=", False)])
        for shop in self:
            shop.missing_mapping_count = missing.get(shop, 0)
            shop.failed_count = failed.get(shop, 0)
            shop.pending_count = pending.get(shop, 0)
            shop.product_count = products.get(shop, 0)
            shop.order_count = orders.get(shop, 0)
            shop.held_count = held.get(shop, 0)

    @api.constrains("base_url")
    def _check_base_url(self):
        for shop in self:
            if not (shop.base_url or "").startswith(("http://", "https://")):
                raise ValidationError(
                    self.env._("The address of a shop begins with https:// (or http://).")
                )

    @api.constrains("pricelist_id", "currency_id")
    def _check_pricelist_currency(self):
        for shop in self:
            currency = shop.pricelist_id.currency_id
            if currency and shop.currency_id and currency != shop.currency_id:
                raise ValidationError(
                    self.env._(
                        "%(shop)s sells in %(currency)s: choose a price list in that currency.",
                        shop=shop.name,
                        currency=shop.currency_id.name,
                    )
                )

    @api.constrains("stock_buffer")
    def _check_stock_buffer(self):
        if any(shop.stock_buffer < 0 for shop in self):
            raise ValidationError(self.env._("The safety stock cannot be negative."))

    # === LIFE ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("channel_id"):
                company = vals.get("company_id") or self.env.company.id
                vals["channel_id"] = self._create_channel(vals.get("name"), company).id
        return super().create(vals_list)

    def _create_channel(self, name, company_id):
        values = {"name": name, "channel_type": "web", "company_id": company_id}
        # a shop's administrator need not be a sales manager to get the shop's own channel
        return self.env["sales.channel"].sudo().create(values)

    def write(self, vals):
        if {"base_url", "system"} & vals.keys():
            self._check_may_move()
        if "orders_since" in vals:
            # what lies before the last change read so far has to be looked at again
            vals = vals | {"order_cursor": False}
        result = super().write(vals)
        if {"pricelist_id"} & vals.keys():
            self.env["shop.job"]._mark_shops("product", self)
        if {"warehouse_ids", "stock_field", "stock_buffer"} & vals.keys():
            self.env["shop.job"]._mark_shops("stock", self)
        if {"active", "state"} & vals.keys():
            self._ensure_cron()
        return result

    def _check_may_move(self):
        """The key goes wherever the address says: who may not see it may not send it elsewhere."""
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        if any(shop.sudo().api_key for shop in self):
            raise UserError(
                self.env._(
                    "Only a system administrator changes the address of a shop that has a key."
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for shop, vals in zip(self, vals_list, strict=True):
            vals.setdefault("name", self.env._("%s (copy)", shop.name))
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_orders(self):
        if self.env["sale.order"].sudo().search_count([("shop_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This shop has orders. Archive it instead, so that they keep their origin."
                )
            )

    def unlink(self):
        crons = self.sudo().cron_id
        result = super().unlink()
        crons.unlink()
        return result

    # === BUTTONS ===

    def action_view_jobs(self):
        """Open the exchanges of this shop, what failed first."""
        return self._open("shop_connector.shop_job_action", {"search_default_attention": 1})

    def action_view_bindings(self):
        """Open the products of this shop."""
        return self._open("shop_connector.shop_binding_action", {"search_default_product": 1})

    def action_view_orders(self):
        """Open the orders of this shop."""
        return self._open("sale.action_orders", {})

    def action_view_held_orders(self):
        """Open the orders that wait for a decision."""
        return self._open("sale.action_quotations_with_onboarding", {"search_default_shop_held": 1})

    def _open(self, xmlid, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return action | {"domain": [("shop_id", "=", self.id)], "context": context}
