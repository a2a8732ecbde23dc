"""The first import: what becomes of products that only one side has, and how far it is."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class ShopShop(models.Model):
    _inherit = "shop.shop"

    missing_here = fields.Selection(
        [("create", "Make them here"), ("leave", "Leave them alone")],
        "Products Only the Shop Has",
        required=True,
        default="create",
        help="Make them here: with texts, prices, pictures and variants. Leave them alone: they "
        "stay in the shop, and orders with them wait for a decision.",
    )
    missing_there = fields.Selection(
        [("leave", "Leave them alone"), ("create", "Put them into the shop")],
        "Products Only Here",
        required=True,
        default="leave",
        help="Put them into the shop: every product that can be sold. Later you choose on each "
        "product where it is sold.",
    )
    missing_categ_ids = fields.Many2many(
        "product.category",
        "shop_shop_missing_categ_rel",
        string="Only These Categories",
        help="Put only products of these categories (and those below) into the shop.",
    )
    opening_stock = fields.Boolean(
        "Begin with the Shop's Stock",
        default=True,
        help="Products that the first import makes here begin with the quantity the shop shows, in "
        "the first warehouse. Without it they begin with nothing, and the shop is told so.",
    )
    match_ids = fields.One2many("shop.match", "shop_id", "Products Found")
    decision_ids = fields.One2many(
        "shop.match", "shop_id", "Products to Decide", domain=[("needs_decision", "=", True)]
    )
    match_pending = fields.Boolean(readonly=True, copy=False)
    import_total = fields.Integer(readonly=True, copy=False)
    import_left = fields.Integer(compute="_compute_import_progress")
    import_failed = fields.Integer(compute="_compute_import_progress")
    import_progress = fields.Integer("First Import", compute="_compute_import_progress")

    @api.depends("import_total")
    def _compute_import_progress(self):
        groups = self.env["shop.job"]._read_group(
            [("shop_id", "in", self.ids), ("kind", "=", "import"), ("state", "!=", "done")],
            ["shop_id", "state"],
            ["__count"],
        )
        counts = {}
        for shop, state, count in groups:
            counts.setdefault(shop, {})[state] = count
        for shop in self:
            states = counts.get(shop, {})
            shop.import_failed = states.get("failed", 0)
            shop.import_left = states.get("pending", 0) + states.get("running", 0)
            total = max(shop.import_total, shop.import_left)
            shop.import_progress = 100 * (total - shop.import_left) // total if total else 100

    def _look_first(self, adapter):
        """Recognise the shop's products before anything is imported, if nobody did until now."""
        if self.match_pending:
            self.env["shop.sync.match"]._look(self, adapter)
            self._begin_import()
            self.match_pending = False
            self._end_transaction()

    def _begin_import(self):
        """Offer what only we have, and queue what was found in the shop."""
        self._missing_products().write({"shop_ids": [fields.Command.link(self.id)]})
        self._start_import()

    def _start_import(self):
        """Queue the products that were found in the shop and are to be made or linked here."""
        self.ensure_one()
        wanted = self.match_ids.filtered(lambda match: match.action in ("link", "create"))
        self.import_total = len(wanted)
        self.env["shop.job"]._mark_incoming(self, "import", wanted.mapped("external_id"))

    def _missing_products(self):
        """The products that are here only and that the first import puts into the shop."""
        self.ensure_one()
        templates = self.env["product.template"]
        if self.missing_there != "create":
            return templates
        domain = [
            ("sale_ok", "=", True),
            ("type", "in", ("consu", "service")),
            ("company_id", "in", [False, self.company_id.id]),
            ("shop_ids", "not in", self.ids),
        ]
        if self.missing_categ_ids:
            domain.append(("categ_id", "child_of", self.missing_categ_ids.ids))
        chosen = self.match_ids.filtered(lambda match: match.action == "link").template_id
        # those that may be one of the shop's are not put there a second time
        doubtful = self.match_ids.filtered("needs_decision").candidate_ids
        linked = self.env["shop.binding"].search(
            [("shop_id", "=", self.id), ("kind", "=", "product")]
        )
        found = templates.search(domain)
        ours = templates.browse(linked.mapped("res_id"))
        return found - chosen - doubtful - ours - self._own_articles(found)

    def _own_articles(self, templates):
        """Articles that only stand on orders: shipping, discounts and what we brought ourselves."""
        names = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", "shop_connector"), ("model", "=", "product.product")])
        )
        ours = self.env["product.product"].browse(names.mapped("res_id")).exists()
        shipping = self.env["delivery.carrier"].sudo().search([]).product_id
        return templates & (ours | shipping).product_tmpl_id

    def action_start(self):
        """Let the shop work: import and offer what was chosen, and exchange from now on."""
        self._check_manager()
        for shop in self:
            if shop.state == "connected":
                raise UserError(self.env._("%s is working already.", shop.name))
            shop.state = "connected"
            # taxes, categories and partners the products need are not all the manager's to make
            worker = shop.sudo()
            if shop.plan_at:
                worker._begin_import()
            else:
                # too large to be looked at while somebody waits: the runner does it first
                worker.match_pending = True
            shop.action_compare_all()
            shop._wake()
        return True

    def action_open_connect(self):
        """Go on connecting this shop where it was left."""
        self.ensure_one()
        self._check_manager()
        wizard = self.env["shop.connect"].create(
            {
                "shop_id": self.id,
                "step": "codes" if self.shop_version else "address",
                "system": self.system,
                "base_url": self.base_url,
                "name": self.name,
                "company_id": self.company_id.id,
            }
        )
        return wizard._go(wizard.step)

    def action_view_import(self):
        """Open the products whose import failed or waits."""
        return self._open("shop_connector.shop_job_action", {}) | {
            "domain": [("shop_id", "=", self.id), ("kind", "=", "import")]
        }

    def action_view_matches(self):
        """Open the products of the shop for which somebody has to choose."""
        return self._open("shop_connector.shop_match_action", {"search_default_to_decide": 1})
