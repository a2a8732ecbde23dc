from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shopapi.adapter import Credentials
from ..shopapi.address import address_candidates
from ..shopapi.errors import AuthError, ShopError
from ..shopapi.registry import adapter_class, system_titles
from ..shopapi.transport import HttpSettings

STEPS = ("address", "codes", "orders", "products", "preview")
#: reasons for which a folder further up may be the right address
ELSEWHERE = ("address", "redirect")


class ShopConnect(models.TransientModel):
    """Connecting a web shop: try the address, settle what stands for what, look, begin.

    The shop exists from the moment its key was accepted, not working yet, so that somebody who
    leaves on the way finds it again. The choices are the shop's own fields.
    """

    _name = "shop.connect"
    _description = "Connecting a Web Shop"

    step = fields.Selection(
        [
            ("address", "Address"),
            ("codes", "What Stands for What"),
            ("orders", "Orders"),
            ("products", "Products"),
            ("preview", "Preview"),
        ],
        required=True,
        default="address",
    )
    shop_id = fields.Many2one("shop.shop", "Web Shop", ondelete="cascade")
    problem = fields.Text(readonly=True)
    missing_rights = fields.Text(readonly=True)
    # === ADDRESS ===
    system = fields.Selection(
        lambda self: system_titles(), "Shop System", default=lambda self: system_titles()[0][0]
    )
    name = fields.Char(help="Left empty, the name that the shop itself tells.")
    base_url = fields.Char(
        "Address", help="Where customers find the shop, for example https://www.example.com/shop."
    )
    # typed here, handed to the shop once it is accepted, and forgotten
    api_key = fields.Char("API Key", copy=False)
    api_secret = fields.Char("API Secret", copy=False)
    media_login = fields.Char("Application Password", copy=False)
    has_key = fields.Boolean(compute="_compute_has_key")
    needs_secret = fields.Boolean(compute="_compute_needs_secret")
    needs_media_login = fields.Boolean(compute="_compute_needs_secret")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    # === THE SHOP'S OWN FIELDS ===
    shop_version = fields.Char(related="shop_id.shop_version")
    language_mapping_ids = fields.One2many(related="shop_id.language_mapping_ids", readonly=False)
    currency_mapping_ids = fields.One2many(related="shop_id.currency_mapping_ids", readonly=False)
    tax_mapping_ids = fields.One2many(related="shop_id.tax_mapping_ids", readonly=False)
    carrier_mapping_ids = fields.One2many(related="shop_id.carrier_mapping_ids", readonly=False)
    payment_mapping_ids = fields.One2many(related="shop_id.payment_mapping_ids", readonly=False)
    customer_group_mapping_ids = fields.One2many(
        related="shop_id.customer_group_mapping_ids", readonly=False
    )
    order_state_mapping_ids = fields.One2many(
        related="shop_id.order_state_mapping_ids", readonly=False
    )
    codes_hint = fields.Char(compute="_compute_codes_hint")
    channel_id = fields.Many2one(related="shop_id.channel_id", readonly=False)
    user_id = fields.Many2one(related="shop_id.user_id", readonly=False)
    notify_user_ids = fields.Many2many(related="shop_id.notify_user_ids", readonly=False)
    team_id = fields.Many2one(related="shop_id.team_id", readonly=False)
    warehouse_ids = fields.Many2many(related="shop_id.warehouse_ids", readonly=False)
    pricelist_id = fields.Many2one(related="shop_id.pricelist_id", readonly=False)
    currency_id = fields.Many2one(related="shop_id.currency_id")
    confirm_rule = fields.Selection(related="shop_id.confirm_rule", readonly=False)
    invoice_rule = fields.Selection(related="shop_id.invoice_rule", readonly=False)
    orders_since = fields.Datetime(related="shop_id.orders_since", readonly=False)
    missing_here = fields.Selection(related="shop_id.missing_here", readonly=False)
    opening_stock = fields.Boolean(related="shop_id.opening_stock", readonly=False)
    missing_there = fields.Selection(related="shop_id.missing_there", readonly=False)
    missing_categ_ids = fields.Many2many(related="shop_id.missing_categ_ids", readonly=False)
    lead_texts = fields.Selection(related="shop_id.lead_texts", readonly=False)
    lead_seo = fields.Selection(related="shop_id.lead_seo", readonly=False)
    lead_prices = fields.Selection(related="shop_id.lead_prices", readonly=False)
    lead_categories = fields.Selection(related="shop_id.lead_categories", readonly=False)
    lead_images = fields.Selection(related="shop_id.lead_images", readonly=False)
    lead_details = fields.Selection(related="shop_id.lead_details", readonly=False)
    lead_visibility = fields.Selection(related="shop_id.lead_visibility", readonly=False)
    lead_stock = fields.Selection(related="shop_id.lead_stock", readonly=False)
    decision_ids = fields.One2many(related="shop_id.decision_ids", readonly=False)
    plan_line_ids = fields.One2many(related="shop_id.plan_line_ids")
    plan_summary = fields.Html(related="shop_id.plan_summary")
    plan_problem_count = fields.Integer(related="shop_id.plan_problem_count")

    @api.depends("system")
    def _compute_needs_secret(self):
        for wizard in self:
            able = adapter_class(wizard.system).capabilities if wizard.system else None
            wizard.needs_secret = bool(able and able.needs_secret)
            wizard.needs_media_login = bool(able and able.needs_media_login)

    @api.depends("shop_id")
    def _compute_has_key(self):
        for wizard in self:
            # whether there is one is no secret, the key is
            wizard.has_key = bool(wizard.shop_id.sudo().api_key)

    @api.depends(
        "language_mapping_ids.lang_id",
        "currency_mapping_ids.pricelist_id",
        "tax_mapping_ids.tax_id",
        "carrier_mapping_ids.carrier_id",
        "order_state_mapping_ids.meaning",
    )
    def _compute_codes_hint(self):
        for wizard in self:
            shop = wizard.shop_id
            open_rows = {
                self.env._("Languages"): shop.language_mapping_ids.filtered(
                    lambda row: not row.lang_id
                ),
                self.env._("Currencies"): shop.currency_mapping_ids.filtered(
                    lambda row: not row.pricelist_id
                ),
                self.env._("Taxes"): shop.tax_mapping_ids.filtered(
                    lambda row: not row.tax_id and row.rate
                ),
                self.env._("Carriers"): shop.carrier_mapping_ids.filtered(
                    lambda row: not row.carrier_id
                ),
                self.env._("Order Statuses"): shop.order_state_mapping_ids.filtered(
                    lambda row: not row.meaning
                ),
            }
            wizard.codes_hint = ", ".join(
                f"{label} ({len(rows)})" for label, rows in open_rows.items() if rows
            )

    # === STEPS ===

    def action_back(self):
        """Go one step back; what was chosen stays."""
        return self._go(STEPS[max(STEPS.index(self.step) - 1, 0)])

    def action_next(self):
        """Go on to the next choices."""
        return self._go(STEPS[STEPS.index(self.step) + 1])

    def action_probe(self):
        """Try address and key; when the shop lets us in, read its codes and propose."""
        self.ensure_one()
        # also that the shop is one of the own companies, before its key is used or replaced
        self.shop_id._check_manager()
        self.write({"problem": False, "missing_rights": False})
        try:
            credentials, info = self._probe()
        except ShopError as error:
            self.problem = self.shop_id._explain(error)
            return self._go("address")
        if info.missing_rights:
            self.problem = self.env._(
                "The key works, but it lacks rights. Give it these in the shop's back office, on "
                "the page where the key was made, and try again:"
            )
            self.missing_rights = "\n".join(info.missing_rights)
            return self._go("address")
        self._keep(credentials, info)
        return self._go("codes")

    def action_preview(self):
        """Find out what would happen, without doing it."""
        self.ensure_one()
        self.problem = False
        shop = self.shop_id
        shop._check_manager()
        try:
            # looked at as the runner will: not with one's own rights
            shop.sudo().with_company(shop.company_id)._dry_run()
        except ShopError as error:
            self.problem = shop._explain(error)
        return self._go("preview")

    def action_view_plan(self):
        """Open the dry run as a list that can be searched and exported."""
        return self.shop_id.action_view_plan()

    def action_start(self):
        """Let the shop work, and show it."""
        self.ensure_one()
        self.shop_id.action_start()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shop.shop",
            "res_id": self.shop_id.id,
            "view_mode": "form",
        }

    def _go(self, step):
        self.step = step
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect a Web Shop"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # === CONNECTING ===

    def _probe(self):
        """(credentials, what the shop tells) of the first address that answers. Raises
        ShopError.
        """
        addresses = address_candidates(self.base_url or "")
        key, secret = self._choose_keys(addresses)
        system, login = self.system, self._choose_login(addresses)
        self.env["shop.shop"]._end_transaction()
        first = None
        for address in addresses:
            credentials = Credentials(
                base_url=address, api_key=key, api_secret=secret, media_login=login
            )
            try:
                with self._open(system, credentials) as adapter:
                    return credentials, adapter.probe()
            except ShopError as error:
                first = first or error
                if error.reason not in ELSEWHERE:
                    break
        raise first

    def _choose_keys(self, addresses):
        """(key, secret or None): what was typed, else what was entered before.

        What is stored goes nowhere else than where it went then: ``addresses`` shrinks to that one.
        """
        typed, secret = (self.api_key or "").strip(), (self.api_secret or "").strip()
        # the one who connects need not be allowed to see the keys, but may have them used
        shop = self.shop_id.sudo()
        stored = (shop.base_url or "").rstrip("/")
        if not typed:
            if not shop.api_key:
                raise AuthError(self.env._("Enter the key."), reason="key")
            if stored not in addresses:
                raise AuthError(
                    self.env._("The address is another one than before: enter the key for it."),
                    reason="key",
                )
        if not typed or (not secret and shop.api_secret and stored in addresses):
            addresses[:] = [stored]
            secret = secret or shop.api_secret
        return typed or shop.api_key, secret or None

    def _choose_login(self, addresses):
        """The application password: what was typed, else what was entered for this address."""
        shop = self.shop_id.sudo()
        stored = (shop.base_url or "").rstrip("/")
        typed = (self.media_login or "").strip()
        if not typed and shop.media_login and stored in addresses:
            # as with the keys: it goes nowhere else than where it went then
            addresses[:] = [stored]
            return shop.media_login
        return typed or None

    def _open(self, system, credentials):
        return adapter_class(system)(credentials, HttpSettings(read_only=True))

    def _keep(self, credentials, info):
        """Make the shop, or give it the address and keys that work, and read its codes."""
        address = credentials.base_url
        values = {"base_url": address, "system": self.system}
        if not self.shop_id:
            # with one's own rights: in a company of one's own
            self.shop_id = self.env["shop.shop"].create(
                {
                    "name": self.name or info.name or address,
                    "company_id": self.company_id.id,
                    "user_id": self.env.user.id,
                }
                | values
            )
        elif self.shop_id.state == "connected":
            raise UserError(self.env._("%s is working already.", self.shop_id.name))
        values |= {
            "api_key": credentials.api_key,
            "api_secret": credentials.api_secret,
            "media_login": credentials.media_login,
        }
        # a manager enters keys here without being allowed to read any
        self.shop_id.sudo().write(values)
        self.write(
            {"api_key": False, "api_secret": False, "media_login": False, "base_url": address}
        )
        self.name = self.shop_id.name
        # proposals look at taxes, journals, carriers: not all of them are the manager's to read
        self.env["shop.sync.connect"].sudo()._read(self.shop_id.sudo(), info)
