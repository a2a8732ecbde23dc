from odoo import api, fields, models

from ..shopapi.registry import adapter_class


class ShopShop(models.Model):
    """What of Odoo's side of an order the shop's customer gets to see."""

    _inherit = "shop.shop"

    place_rule = fields.Selection(
        [("manual", "By hand"), ("confirm", "When confirmed")],
        "Place Our Orders in the Shop",
        required=True,
        default="manual",
        help="Orders made in Odoo with the shop's sales channel (by phone, at a fair ...) are "
        "placed in the shop too, so that the customer sees them in the account there.",
    )
    send_order_edits = fields.Boolean(
        "Send Order Changes",
        default=True,
        help="Lines, prices, discounts and shipping that are changed on a web order here are "
        "changed in the shop too, as long as the shop allows it.",
    )
    send_progress = fields.Boolean(
        "Tell Payment and Preparation",
        help="A web order that is paid or confirmed here gets the shop's first status that means "
        "Paid or In preparation. Mind what your shop does then: some note a payment with such a "
        "status, or write to the customer.",
    )
    publish_documents = fields.Selection(
        [
            ("none", "Nothing"),
            ("invoices", "Invoices"),
            ("all", "Invoices and delivery notes"),
        ],
        "Show the Customer",
        required=True,
        default="none",
        help="Posted invoices (and delivery notes) are put into the customer's account in the "
        "shop; a shop that keeps no files gets a message with a link.",
    )
    can_place_orders = fields.Boolean(compute="_compute_outgoing_capabilities")
    can_edit_orders = fields.Boolean(compute="_compute_outgoing_capabilities")
    can_show_documents = fields.Boolean(compute="_compute_outgoing_capabilities")

    @api.depends("system")
    def _compute_outgoing_capabilities(self):
        for shop in self:
            able = adapter_class(shop.system).capabilities if shop.system else None
            shop.can_place_orders = bool(able and able.order_placing)
            shop.can_edit_orders = bool(able and able.order_editing)
            shop.can_show_documents = bool(able and (able.documents or able.messages))
