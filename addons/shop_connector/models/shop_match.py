from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShopMatch(models.Model):
    """A product that the shop holds and the first import has to deal with.

    Made by comparing the catalogues; gone as soon as its import is done.
    """

    _name = "shop.match"
    _description = "Product Found in a Web Shop"
    _order = "shop_id, needs_decision desc, name, id"

    shop_id = fields.Many2one(
        "shop.shop", "Web Shop", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    external_id = fields.Char("ID in the Shop", required=True, readonly=True)
    name = fields.Char("Product in the Shop", readonly=True)
    sku = fields.Char("SKU", readonly=True)
    barcode = fields.Char(readonly=True)
    variant_count = fields.Integer("Variants", readonly=True)
    template_id = fields.Many2one(
        "product.template",
        "Product Here",
        ondelete="set null",
        check_company=True,
        context={"active_test": False},
    )
    candidate_ids = fields.Many2many(
        "product.template",
        string="Possible Products",
        readonly=True,
        context={"active_test": False},
    )
    found_by = fields.Selection(
        [("link", "Link"), ("sku", "SKU"), ("barcode", "Barcode"), ("person", "By hand")],
        readonly=True,
    )
    action = fields.Selection(
        [
            ("link", "Is the product chosen here"),
            ("create", "Make it here"),
            ("leave", "Leave it alone"),
        ],
        "What to Do",
        required=True,
        default="leave",
        help="Leave it alone: the product stays in the shop as it is and unknown here.",
    )
    stock = fields.Json(help="What the shop showed, by its variants, when it was looked at.")
    needs_decision = fields.Boolean("To Decide", readonly=True)
    problem = fields.Text(readonly=True)

    _external_uniq = models.UniqueIndex(
        "(shop_id, external_id)", "This product of the shop is listed already."
    )

    @api.constrains("action", "template_id")
    def _check_template(self):
        for match in self:
            if match.action == "link" and not match.template_id:
                raise ValidationError(
                    self.env._("Choose which product here is “%(name)s”.", name=match.name)
                )

    @api.onchange("template_id")
    def _onchange_template(self):
        if self.template_id:
            self.action = "link"
        elif self.action == "link":
            self.action = "leave"

    def write(self, vals):
        if {"template_id", "action"} & vals.keys() and "needs_decision" not in vals:
            # a person has looked at it
            vals = {"needs_decision": False, "problem": False, "found_by": "person"} | vals
        return super().write(vals)
