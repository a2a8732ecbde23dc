from odoo import api, fields, models


class ShopPlanLine(models.Model):
    """One thing that an exchange with a shop would do, found out without doing it."""

    _name = "shop.plan.line"
    _description = "Line of a Dry Run"
    _order = "shop_id, sequence, id"
    _rec_name = "record_name"

    shop_id = fields.Many2one(
        "shop.shop", "Web Shop", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    direction = fields.Selection(
        [("in", "Here"), ("out", "In the Shop")],
        "Changes",
        required=True,
        help="Where something would be changed.",
    )
    kind = fields.Selection(
        [
            ("category", "Category"),
            ("manufacturer", "Manufacturer"),
            ("attribute", "Attribute"),
            ("product", "Product"),
            ("variant", "Variant"),
            ("price", "Prices"),
            ("stock", "Stock"),
            ("order", "Order"),
            ("customer", "Customer"),
        ],
        required=True,
    )
    action = fields.Selection(
        [
            ("create", "Make"),
            ("link", "Link"),
            ("update", "Change"),
            ("skip", "Nothing"),
        ],
        required=True,
    )
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record ID", model_field="res_model")
    record_name = fields.Char("What")
    external_id = fields.Char("ID in the Shop")
    field = fields.Char()
    before = fields.Char()
    after = fields.Char()
    problem = fields.Text(help="What a person has to look at before it can be done.")

    @api.model
    def _replace(self, shop, rows):
        """Put these lines in the place of the shop's last dry run."""
        self.search([("shop_id", "=", shop.id)]).unlink()
        self.create([{"shop_id": shop.id} | row for row in rows])

    def action_open_record(self):
        """Open the record the line is about."""
        self.ensure_one()
        if not self.res_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
