"""What goods cost is for those who may know: fields that only one group sees, wherever they stand.

The group stands on the field itself, so that views, searches, groupings, exports and calls from
outside all keep to it; Odoo knows no other way to say so than once for each field and model. Where
Odoo reads a cost on behalf of somebody who ships, sells or invoices, it does so here with the
system's rights and shows nothing of it.
"""

from odoo import api, fields, models

from .res_users_rights import PURCHASE_PRICES, may_see_costs


class ProductProduct(models.Model):
    _inherit = "product.product"

    standard_price = fields.Float(groups=PURCHASE_PRICES)
    avg_cost = fields.Monetary(groups=PURCHASE_PRICES)
    total_value = fields.Monetary(groups=PURCHASE_PRICES)
    suggest_estimated_price = fields.Float(groups=PURCHASE_PRICES)

    @api.model_create_multi
    def create(self, vals_list):
        return _create_with_cost(self, vals_list, super().create)

    def _update_standard_price(self, *args, **kwargs):
        return super(ProductProduct, self.sudo())._update_standard_price(*args, **kwargs)

    def _select_seller(self, *args, **kwargs):
        # The best price decides, and is not told.
        return super(ProductProduct, self.sudo())._select_seller(*args, **kwargs).with_env(self.env)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    standard_price = fields.Float(groups=PURCHASE_PRICES)


class StockLot(models.Model):
    _inherit = "stock.lot"

    standard_price = fields.Float(groups=PURCHASE_PRICES)
    avg_cost = fields.Monetary(groups=PURCHASE_PRICES)
    total_value = fields.Monetary(groups=PURCHASE_PRICES)

    @api.model_create_multi
    def create(self, vals_list):
        return _create_with_cost(self, vals_list, super().create)


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    price = fields.Float(groups=PURCHASE_PRICES)
    price_discounted = fields.Float(groups=PURCHASE_PRICES)
    discount = fields.Float(groups=PURCHASE_PRICES)

    def _order_to_sql(self, order, *args, **kwargs):
        # Odoo sorts vendors by price, too; asking for that order is another thing.
        usual = not order or order == self._order
        vendors = self.sudo() if usual else self
        return super(ProductSupplierinfo, vendors)._order_to_sql(order, *args, **kwargs)

    @api.depends_context("uid")
    def _compute_display_name(self):
        # The name says the price; with the system's rights it is shown to the user all the same.
        plain = self.env.context.get("use_simplified_supplier_name")
        if plain or self.env.user.has_group(PURCHASE_PRICES):
            return super()._compute_display_name()
        short = self.with_context(use_simplified_supplier_name=True)
        for vendor, named in zip(self, short, strict=True):
            vendor.display_name = named.display_name
        return None


class ProductValue(models.Model):
    _inherit = "product.value"

    value = fields.Monetary(groups=PURCHASE_PRICES)
    current_value = fields.Monetary(groups=PURCHASE_PRICES)


class StockQuant(models.Model):
    _inherit = "stock.quant"

    # Before, only the stock manager: quantity and cost stood beside each other all the same.
    value = fields.Monetary(groups=PURCHASE_PRICES)


class StockMove(models.Model):
    _inherit = "stock.move"

    value = fields.Monetary(groups=PURCHASE_PRICES)
    value_manual = fields.Monetary(groups=PURCHASE_PRICES)
    value_justification = fields.Text(groups=PURCHASE_PRICES)
    value_computed_justification = fields.Text(groups=PURCHASE_PRICES)
    remaining_value = fields.Monetary(groups=PURCHASE_PRICES)
    standard_price = fields.Float(groups=PURCHASE_PRICES)
    price_unit = fields.Float(groups=PURCHASE_PRICES)

    def _field_to_sql(self, alias, field_expr, query=None):
        # Odoo sorts by what this field refers to, with the system's rights, without a look at it.
        if field_expr == "standard_price":
            self._check_field_access(self._fields[field_expr], "read")
        return super()._field_to_sql(alias, field_expr, query)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    amount_untaxed = fields.Monetary(groups=PURCHASE_PRICES)
    amount_tax = fields.Monetary(groups=PURCHASE_PRICES)
    amount_total = fields.Monetary(groups=PURCHASE_PRICES)
    amount_total_cc = fields.Monetary(groups=PURCHASE_PRICES)
    tax_totals = fields.Binary(groups=PURCHASE_PRICES)


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    price_unit = fields.Float(groups=PURCHASE_PRICES)
    price_unit_product_uom = fields.Float(groups=PURCHASE_PRICES)
    price_unit_discounted = fields.Float(groups=PURCHASE_PRICES)
    technical_price_unit = fields.Float(groups=PURCHASE_PRICES)
    discount = fields.Float(groups=PURCHASE_PRICES)
    price_subtotal = fields.Monetary(groups=PURCHASE_PRICES)
    price_total = fields.Monetary(groups=PURCHASE_PRICES)
    price_tax = fields.Float(groups=PURCHASE_PRICES)
    amount_to_invoice_at_date = fields.Float(groups=PURCHASE_PRICES)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_cogs_value(self):
        # The entry of the goods sold is made for whoever posts the invoice.
        return super(AccountMoveLine, self.sudo())._get_cogs_value()


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    def _product_price_to_company_currency(self, quantity, product, company):
        # The value of a parcel, for its insurance.
        return super()._product_price_to_company_currency(quantity, product.sudo(), company)


def _create_with_cost(records, vals_list, create):
    """Create records also for somebody who may not know costs, which Odoo looks at meanwhile.

    What the user may not write is refused as always.
    """
    if may_see_costs(records.env):
        return create(vals_list)
    records.check_access("create")
    for name in {name for vals in vals_list for name in vals} & records._fields.keys():
        records._check_field_access(records._fields[name], "write")
    created = type(records).create(records.sudo(), vals_list).with_env(records.env)
    created.check_access("create")
    return created
