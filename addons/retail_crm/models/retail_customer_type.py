from odoo import api, fields, models

MARKS = [("vip", "VIP"), ("problem", "Problem")]


class RetailCustomerType(models.Model):
    """Retail, wholesale, VIP ...: price list of new orders and a warning for whoever takes them."""

    _name = "retail.customer.type"
    _description = "Customer Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    mark = fields.Selection(
        MARKS, help="Shown in colour on the customer, on the orders and when the customer calls."
    )
    warning = fields.Text(
        translate=True,
        help="What the one who takes an order has to know, for example: only against prepayment.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        company_dependent=True,
        domain="[('company_id', 'in', [allowed_company_ids[0], False])]",
        help="New orders of these customers get this price list, unless the customer has one of "
        "their own. Orders made before keep theirs.",
    )
    partner_count = fields.Integer("Customers", compute="_compute_partner_count")

    @api.depends_context("uid")
    def _compute_partner_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("customer_type_id", "in", self.ids), ("parent_id", "=", False)],
                ["customer_type_id"],
                ["__count"],
            )
        )
        for kind in self:
            kind.partner_count = counts.get(kind, 0)

    def action_view_customers(self):
        """Open the customers of this type."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.res_partner_action_customer"
        )
        return action | {"domain": [("customer_type_id", "=", self.id)], "context": {}}
