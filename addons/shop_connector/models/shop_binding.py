from odoo import api, fields, models


class ShopBinding(models.Model):
    """A record here and its id in a shop, with what was last sent and what went wrong.

    One table for all kinds. The external id of a *variant* is ``"product/variant"`` and
    ``"product/"`` for a product without variants, so that stock and order lines find it in one
    look.
    """

    _name = "shop.binding"
    _description = "Shop Link"
    _order = "shop_id, kind, id desc"
    _rec_name = "external_id"

    shop_id = fields.Many2one(
        "shop.shop", "Web Shop", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("manufacturer", "Manufacturer"),
            ("category", "Category"),
            ("attribute", "Attribute"),
            ("attribute_value", "Attribute Value"),
            ("product", "Product"),
            ("variant", "Variant"),
            ("image", "Image"),
            ("price", "Prices"),
            ("customer", "Customer"),
            ("order", "Order"),
            ("message", "Message"),
            ("shipment", "Shipment"),
            ("invoice", "Invoice"),
            ("delivery_note", "Delivery Note"),
        ],
        required=True,
    )
    external_id = fields.Char("ID in the Shop", required=True)
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", required=True)
    record_name = fields.Char("Record", compute="_compute_record_name")
    sent = fields.Json("Last Sent", copy=False)
    sent_at = fields.Datetime("Last Sent On", readonly=True)
    stamp = fields.Char(
        "Shop's Change Mark", help="When the shop last changed it, in the shop's own words."
    )
    state = fields.Selection(
        [("ok", "In Step"), ("error", "To Fix"), ("removed", "Removed")],
        required=True,
        default="ok",
        index=True,
    )
    last_error = fields.Text(readonly=True)
    pictures_due = fields.Boolean(
        help="The product is new in the shop and gets its pictures once, whoever leads them later."
    )
    stock_sent = fields.Float(digits="Product Unit", readonly=True)
    stock_sent_at = fields.Datetime("Stock Sent On", readonly=True)

    _external_uniq = models.UniqueIndex(
        "(shop_id, kind, external_id)", "This record of the shop is linked already."
    )
    _record_uniq = models.UniqueIndex(
        "(shop_id, kind, res_id)", "This record is linked to the shop already."
    )
    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, bindings in self.grouped("res_model").items():
            if model not in self.env:
                bindings.record_name = False
                continue
            records = self.env[model].browse(bindings.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in records.sudo()}
            for binding in bindings:
                binding.record_name = names.get(binding.res_id) or self.env._("(deleted)")

    @api.model
    def _by_record(self, shop, kind, ids):
        """The links of these records in a shop, as ``{record id: binding}``, in one query."""
        bindings = self.search(
            [("shop_id", "=", shop.id), ("kind", "=", kind), ("res_id", "in", list(ids))]
        )
        return {binding.res_id: binding for binding in bindings}

    @api.model
    def _by_external(self, shop, kind, external_ids):
        """The links of these ids of a shop, as ``{external id: binding}``, in one query."""
        bindings = self.search(
            [
                ("shop_id", "=", shop.id),
                ("kind", "=", kind),
                ("external_id", "in", list(external_ids)),
            ]
        )
        return {binding.external_id: binding for binding in bindings}

    @api.model
    def _remember(self, shop, kind, res_model, rows):
        """Write down what was sent; ``rows``: ``(res_id, external_id, sent)``."""
        known = self._by_record(shop, kind, [res_id for res_id, _external, _sent in rows])
        # the shop may have handed the id of a dead link to another record (product re-created here)
        taken = self._by_external(shop, kind, [external for _res_id, external, _sent in rows])
        now = fields.Datetime.now()
        new = []
        for res_id, external_id, sent in rows:
            vals = {"external_id": external_id, "sent": sent, "sent_at": now}
            vals |= {"state": "ok", "last_error": False}
            stale = taken.get(external_id)
            if stale and stale.res_id != res_id:
                stale.unlink()
            if binding := known.get(res_id):
                binding.write(vals)
            else:
                new.append(
                    vals
                    | {"shop_id": shop.id, "kind": kind, "res_model": res_model, "res_id": res_id}
                )
        self.create(new)

    def _report_error(self, error):
        """The shop refused this record: say so on the link, once."""
        for link in self:
            if link.state != "error" or link.last_error != str(error):
                link.write({"state": "error", "last_error": str(error)})

    def action_open_record(self):
        """Open the record behind this link."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_send_again(self):
        """Forget what was last sent and send the records again, as a whole."""
        self.check_access("write")
        # only what we send: of an order, it is what the shop said
        links = self.filtered(lambda link: link.kind in ("product", "variant", "price"))
        products = links.filtered(lambda link: link.kind == "product")
        for shop, of_shop in products.grouped("shop_id").items():
            links |= self.union(*self._by_record(shop, "price", of_shop.mapped("res_id")).values())
        links.write({"sent": False})
        for (shop, kind), bindings in links.grouped(lambda b: (b.shop_id, b.kind)).items():
            if kind == "variant":
                products = self.env["product.product"].browse(bindings.mapped("res_id")).exists()
                self.env["shop.job"]._mark("stock", products.ids, shop)
            elif kind in ("product", "price"):
                self.env["shop.job"]._mark("product", bindings.mapped("res_id"), shop)
