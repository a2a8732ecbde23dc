from odoo import api, fields, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    count_causal_id = fields.Many2one(
        "stock.causal",
        "Causal",
        check_company=True,
        ondelete="set null",
        domain="[('used_for', '=', 'count')]",
        help="Why the count changes the stock. Empty: shortage or surplus, as the difference "
        "says; opening stock for goods that have never moved.",
    )

    @api.model
    def _get_inventory_fields_write(self):
        return [*super()._get_inventory_fields_write(), "count_causal_id"]

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the causal entered together with a count of goods that are there already."""
        causals = [vals.get("count_causal_id") for vals in vals_list]
        quants = super().create(vals_list)
        for quant, causal in zip(quants, causals, strict=False):
            if causal and quant.count_causal_id.id != causal and quant.inventory_quantity_set:
                quant.count_causal_id = causal
        return quants

    def _apply_inventory(self, date=None):
        self._set_count_causals()
        return super()._apply_inventory(date)

    def action_clear_inventory_quantity(self):
        self.filtered("count_causal_id").count_causal_id = False
        return super().action_clear_inventory_quantity()

    def _get_inventory_move_values(
        self, qty, location_id, location_dest_id, package_id=False, package_dest_id=False
    ):
        values = super()._get_inventory_move_values(
            qty, location_id, location_dest_id, package_id, package_dest_id
        )
        causal = self.count_causal_id
        if causal:
            causal._check_places(
                location_id,
                location_dest_id,
                self.company_id,
                self.env._("The count of %s", self.product_id.display_name),
            )
            values["causal_id"] = causal.id
        return values

    def _set_count_causals(self):
        """Fill in the usual causal of each counted difference where none was chosen."""
        waiting = self.filtered(lambda quant: not quant.count_causal_id)
        moved = waiting._get_products_moved()
        found = {}
        for quant in waiting:
            found.setdefault(quant._get_count_causal(moved), []).append(quant.id)
        for causal, ids in found.items():
            if causal:
                self.browse(ids).count_causal_id = causal

    def _get_products_moved(self):
        """Return ``{company: products}`` that have a finished move, of the products counted."""
        groups = self.env["stock.move"]._read_group(
            [
                ("product_id", "in", self.product_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "done"),
            ],
            ["company_id"],
            ["product_id:recordset"],
        )
        return dict(groups)

    def _get_count_causal(self, moved):
        """Return the usual causal of this count; ``moved`` tells opening stock from a surplus."""
        difference = self.inventory_quantity - self.quantity
        sign = self.product_uom_id.compare(difference, 0)
        counts = self.product_id.with_company(self.company_id).property_stock_inventory
        places = (counts, self.location_id) if sign > 0 else (self.location_id, counts)
        fitting = self.count_causal_id._search_fitting(*places, self.company_id, "count")
        opening = self.env.ref("multi_warehouse_docs.causal_opening", raise_if_not_found=False)
        known = self.product_id in moved.get(self.company_id, self.product_id.browse())
        if opening and opening in fitting and not known and not self.quantity:
            return opening
        return fitting[:1]

    def _counts_by(self, sign, causal):
        """Whether the difference has that sign, in a place that the causal of a count is for."""
        usage = causal.destination_usage if sign > 0 else causal.source_usage
        difference = self.product_uom_id.compare(self.inventory_diff_quantity, 0)
        return difference == sign and self.location_id._get_causal_usage() == usage


class StockInventoryAdjustmentName(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "stock.inventory.adjustment.name"

    surplus_causal_id = fields.Many2one(
        "stock.causal",
        "Causal of What Is Too Much",
        domain="[('used_for', '=', 'count'), ('source_usage', '=', 'inventory')]",
        help="Empty: surplus, and opening stock for goods that have never moved.",
    )
    shortage_causal_id = fields.Many2one(
        "stock.causal",
        "Causal of What Is Missing",
        domain="[('used_for', '=', 'count'), ('destination_usage', '=', 'inventory')]",
        help="Empty: shortage.",
    )

    def action_apply(self):
        counted = self.quant_ids.filtered(
            lambda quant: quant.inventory_quantity_set and not quant.count_causal_id
        )
        for causal, sign in ((self.surplus_causal_id, 1), (self.shortage_causal_id, -1)):
            if causal:
                counted.filtered(
                    lambda quant, sign=sign, causal=causal: quant._counts_by(sign, causal)
                ).count_causal_id = causal
        return super().action_apply()
