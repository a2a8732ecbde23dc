from odoo import api, fields, models

# products whose open or done moves changed in this transaction, until it commits
TOUCHED = "multi_warehouse_docs.low_stock_products"


class StockWarehouseOrderpoint(models.Model):
    """A mail to the one who buys, once each time a product falls below the minimum of its rule."""

    _inherit = "stock.warehouse.orderpoint"

    responsible_id = fields.Many2one(
        "res.users",
        "Responsible for Supply",
        domain=[("share", "=", False)],
        help="Gets a mail once the forecast falls below the minimum, and the next one only after "
        "it was above again. Empty: who is named in the settings of Inventory.",
    )
    low_stock_alert_date = fields.Datetime(
        "Low Stock Mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="When the responsible was told that the product is below the minimum; empty while it "
        "is not.",
    )

    def write(self, vals):
        # another person answers for it now, and has not been told
        if "responsible_id" in vals:
            vals = {"low_stock_alert_date": False, **vals}
        return super().write(vals)

    # === WHEN ===

    @api.model
    def _cron_low_stock(self):
        """Compare every rule with the forecast; tell those responsible of what fell below."""
        self.search([])._update_low_stock()

    @api.model
    def _note_touched(self, products):
        """Remember products whose forecast may change; looked at once, before the commit."""
        data = self.env.cr.precommit.data
        if TOUCHED not in data:
            data[TOUCHED] = set()
            # whoever moves goods need not be allowed to see the reordering rules
            self.env.cr.precommit.add(self.sudo()._check_touched)
        data[TOUCHED].update(products.ids)

    def _check_touched(self):
        """Wake the job if a touched product crossed its minimum; it writes and mails by itself.

        So nobody who validates a transfer waits for a mail, or fails because of one.
        """
        touched = self.env.cr.precommit.data.pop(TOUCHED, set())
        low, recovered = self.search([("product_id", "in", list(touched))])._get_crossings()
        if low or recovered:
            self.env.ref("multi_warehouse_docs.low_stock_cron")._trigger()
            self.env.flush_all()

    # === WHAT ===

    def _get_forecasts(self):
        """Forecast of each rule in the unit of the product, in two queries at most per page.

        A rule for a place inside a warehouse looks at that place, with Odoo's own forecast.
        """
        whole = self.filtered(lambda rule: rule.location_id == rule.warehouse_id.lot_stock_id)
        found = whole.product_id._get_availability(whole.warehouse_id)
        forecasts = {rule: found[rule.product_id][rule.warehouse_id]["forecast"] for rule in whole}
        for place, rules in (self - whole).grouped("location_id").items():
            products = rules.product_id.with_context(location=place.id)
            quantities = {product.id: product.virtual_available for product in products}
            forecasts |= {rule: quantities[rule.product_id.id] for rule in rules}
        return forecasts

    def _get_crossings(self):
        """Rules that fell below their minimum and nobody knows, and those that are above again."""
        low = recovered = self.browse()
        for rule, forecast in self._get_forecasts().items():
            is_low = rule.product_uom.compare(forecast, rule.product_min_qty) < 0
            if is_low and not rule.low_stock_alert_date and rule._get_responsible():
                low |= rule
            elif not is_low and rule.low_stock_alert_date:
                recovered |= rule
        return low, recovered

    def _get_responsible(self):
        """The person to tell: of the rule, else of the company; empty when neither is at work."""
        self.ensure_one()
        person = self.responsible_id or self.company_id.low_stock_user_id
        return person.filtered("active")

    def _update_low_stock(self):
        low, recovered = self._get_crossings()
        recovered.low_stock_alert_date = False
        forecasts = low._get_forecasts()
        for person, rules in low.grouped(lambda rule: rule._get_responsible()).items():
            rules._tell(person, forecasts)
        low.low_stock_alert_date = fields.Datetime.now()

    # === TELLING ===

    def _tell(self, person, forecasts):
        """Mail one table; without an address, leave an activity on each product."""
        rows = self.with_context(lang=person.lang)._prepare_low_stock_rows(forecasts)
        if person.email:
            template = self.env.ref("multi_warehouse_docs.low_stock_mail_template")
            template.with_context(low_stock_rows=rows).send_mail(
                person.id, email_layout_xmlid="mail.mail_notification_light"
            )
            return
        for rule in self:
            # no mail about the activity either: there is no address
            product = rule.product_id.with_context(mail_activity_quick_update=True)
            product.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=person.id,
                summary=self.env._("Below the minimum in %s", rule.warehouse_id.display_name),
            )

    def _prepare_low_stock_rows(self, forecasts):
        """What the mail shows of each rule, the largest lack first; texts as the reader writes."""
        forecasts = {rule.id: quantity for rule, quantity in forecasts.items()}
        show = self.env["stock.move"]._format_quantity
        rows = []
        for rule in self:
            figures = {
                "forecast": forecasts[rule.id],
                "minimum": rule.product_min_qty,
                "lack": rule.product_min_qty - forecasts[rule.id],
            }
            rows.append(
                {
                    "product": rule.product_id.display_name,
                    "warehouse": rule.warehouse_id.display_name,
                    "unit": rule.product_uom.display_name,
                    **figures,
                    **{f"{name}_text": show(quantity) for name, quantity in figures.items()},
                }
            )
        return sorted(rows, key=lambda row: (row["warehouse"], -row["lack"], row["product"]))


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_confirm(self, *args, **kwargs):
        moves = super()._action_confirm(*args, **kwargs)
        self.env["stock.warehouse.orderpoint"]._note_touched(moves.product_id)
        return moves

    def _action_done(self, *args, **kwargs):
        moves = super()._action_done(*args, **kwargs)
        self.env["stock.warehouse.orderpoint"]._note_touched(moves.product_id)
        return moves

    def _action_cancel(self):
        products = self.product_id
        result = super()._action_cancel()
        self.env["stock.warehouse.orderpoint"]._note_touched(products)
        return result
