"""What every warehouse has of a product, on the product and wherever one is chosen.

Context key ``multi_warehouse_docs_availability``: the names offered while a product is chosen carry
what is available in each warehouse.
"""

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

SHOW = "multi_warehouse_docs_availability"
UNIT = "Product Unit"


def summarize(env, figures):
    """``{warehouse: {figure: quantity}}`` as a line: ``WH 3 · INT -1.5``; empty without figures."""
    parts = []
    for warehouse, each in sorted(figures.items(), key=lambda pair: pair[0].sequence):
        available = each["available"]
        shown = formatLang(env, available, dp=UNIT if available % 1 else None, digits=0)
        parts.append(f"{warehouse.code} {shown}")
    return " · ".join(parts)


class ProductProduct(models.Model):
    _inherit = "product.product"

    availability_ids = fields.One2many(
        "stock.availability", "product_id", readonly=True, copy=False
    )
    availability_summary = fields.Char(
        "Available by Warehouse",
        compute="_compute_availability_summary",
        help="On hand less committed, in each warehouse of your companies.",
    )
    qty_at_third_parties = fields.Float(
        "At Third Parties",
        digits=UNIT,
        compute="_compute_quantities_elsewhere",
        help="Ours, but in none of our warehouses: goods on trial, in work elsewhere, on deposit.",
    )
    qty_in_transit = fields.Float(
        "In Transit",
        digits=UNIT,
        compute="_compute_quantities_elsewhere",
        help="Has left one warehouse and not arrived in the other.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_availability_summary(self):
        figures = self.filtered("is_storable")._get_availability()
        for product in self:
            product.availability_summary = summarize(self.env, figures.get(product, {}))

    @api.depends_context("allowed_company_ids")
    def _compute_quantities_elsewhere(self):
        elsewhere = self._get_quantities_elsewhere()
        for product in self:
            at_third_parties, in_transit = elsewhere.get(product._origin.id, (0.0, 0.0))
            product.qty_at_third_parties = at_third_parties
            product.qty_in_transit = in_transit

    def _get_quantities_elsewhere(self):
        """What lies outside the warehouses: ``{id: (at third parties, in transit)}``."""
        if not self._origin:
            return {}
        self.env["stock.quant"].flush_model(["company_id", "location_id", "product_id", "quantity"])
        self.env["stock.location"].flush_model(["company_id", "usage", "warehouse_id"])
        query = SQL(
            """
            SELECT quant.product_id,
                   COALESCE(SUM(quant.quantity) FILTER (WHERE place.usage = 'internal'), 0),
                   COALESCE(SUM(quant.quantity) FILTER (WHERE place.usage = 'transit'), 0)
              FROM stock_quant quant
              JOIN stock_location place ON place.id = quant.location_id
             WHERE quant.product_id = ANY(%s) AND place.usage IN ('internal', 'transit')
               AND place.warehouse_id IS NULL AND place.company_id = ANY(%s)
             GROUP BY quant.product_id
            """,
            self._origin.ids,
            self.env.companies.ids,
        )
        return {
            product_id: (float(at_third_parties), float(in_transit))
            for product_id, at_third_parties, in_transit in self.env.execute_query(query)
        }

    @api.depends_context(SHOW, "allowed_company_ids")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get(SHOW) and self.env.context.get("formatted_display_name"):
            for product in self.filtered("availability_summary"):
                product.display_name += f"\t--{product.availability_summary}--"
        return result

    def action_view_availability(self):
        """Open what every warehouse has of these products."""
        return _availability_action(self, [("product_id", "in", self.ids)])


class ProductTemplate(models.Model):
    _inherit = "product.template"

    availability_ids = fields.One2many(
        "stock.availability", "product_tmpl_id", readonly=True, copy=False
    )
    availability_summary = fields.Char(
        "Available by Warehouse",
        compute="_compute_availability_summary",
        help="On hand less committed, in each warehouse of your companies.",
    )
    qty_at_third_parties = fields.Float(
        "At Third Parties", digits=UNIT, compute="_compute_quantities_elsewhere"
    )
    qty_in_transit = fields.Float(
        "In Transit", digits=UNIT, compute="_compute_quantities_elsewhere"
    )

    @api.depends_context("allowed_company_ids")
    def _compute_availability_summary(self):
        figures = self.filtered("is_storable").product_variant_ids._get_availability()
        for template in self:
            total = {}
            for variant in template.product_variant_ids:
                for warehouse, each in figures.get(variant, {}).items():
                    found = total.setdefault(warehouse, {"available": 0.0})
                    found["available"] += each["available"]
            template.availability_summary = summarize(self.env, total)

    @api.depends_context("allowed_company_ids")
    def _compute_quantities_elsewhere(self):
        elsewhere = self.product_variant_ids._get_quantities_elsewhere()
        for template in self:
            found = [elsewhere.get(each, (0.0, 0.0)) for each in template.product_variant_ids.ids]
            template.qty_at_third_parties = sum(at_third_parties for at_third_parties, _ in found)
            template.qty_in_transit = sum(in_transit for _, in_transit in found)

    @api.depends_context(SHOW, "allowed_company_ids")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        if self.env.context.get(SHOW) and self.env.context.get("formatted_display_name"):
            for template in self.filtered("availability_summary"):
                template.display_name += f"\t--{template.availability_summary}--"
        return result

    def action_view_availability(self):
        """Open what every warehouse has of all variants."""
        return _availability_action(self, [("product_tmpl_id", "in", self.ids)])


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    warehouse_availability = fields.Json(
        compute="_compute_warehouse_availability",
        help="Available and expected in each warehouse, in the unit of the product.",
    )
    availability_summary = fields.Char(related="product_id.availability_summary")

    @api.depends("product_id")
    @api.depends_context("allowed_company_ids")
    def _compute_warehouse_availability(self):
        figures = self.product_id.filtered("is_storable")._get_availability()
        for line in self:
            found = sorted(
                figures.get(line.product_id, {}).items(), key=lambda pair: pair[0].sequence
            )
            line.warehouse_availability = [
                {
                    "id": warehouse.id,
                    "name": warehouse.display_name,
                    "available": each["available"],
                    "expected": each["ordered"] + each["incoming_other"],
                }
                for warehouse, each in found
            ]


def _availability_action(products, domain):
    action = products.env["ir.actions.act_window"]._for_xml_id(
        "multi_warehouse_docs.stock_availability_action"
    )
    name = products.env._("Availability of %s", ", ".join(products.mapped("display_name")))
    return action | {"name": name, "display_name": name, "domain": domain, "context": {}}
