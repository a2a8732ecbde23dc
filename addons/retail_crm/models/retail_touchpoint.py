"""How a customer came to an order or an inquiry: visits with their source, first to last."""

from odoo import api, fields, models

from .sale_order_channel import SOURCES

#: fields of a touchpoint that are plain text, with the most characters kept of each
TEXTS = {
    "term": 200,
    "content": 200,
    "landing": 2000,
    "referrer": 2000,
    "client_id": 200,
    "click_id": 200,
}
#: field of a touchpoint <- model of what is named
NAMES = {"source_id": "utm.source", "medium_id": "utm.medium", "campaign_id": "utm.campaign"}
#: records touchpoints are kept for, with the field that names them
OWNERS = {"sale.order": "order_id", "crm.lead": "lead_id"}


class RetailTouchpoint(models.Model):
    _name = "retail.touchpoint"
    _description = "Touchpoint"
    _order = "touched_at, id"
    _rec_name = "source_id"

    touched_at = fields.Datetime("Date", required=True, default=fields.Datetime.now)
    order_id = fields.Many2one(
        "sale.order", "Sales Order", index="btree_not_null", ondelete="cascade"
    )
    lead_id = fields.Many2one("crm.lead", "Inquiry", index="btree_not_null", ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", index=True)
    channel_id = fields.Many2one("sales.channel", "Sales Channel", ondelete="set null")
    source_id = fields.Many2one("utm.source", index="btree_not_null", ondelete="set null")
    medium_id = fields.Many2one("utm.medium", ondelete="set null")
    campaign_id = fields.Many2one("utm.campaign", index="btree_not_null", ondelete="set null")
    term = fields.Char("Search Term")
    content = fields.Char("Ad Content")
    landing = fields.Char("Landing Page", help="The first page of this visit.")
    referrer = fields.Char("Came From", help="The page that led to this visit.")
    client_id = fields.Char(
        "Client ID", index="btree_not_null", help="The visitor's number in the site's statistics."
    )
    click_id = fields.Char("Click ID", help="The advertiser's own mark of the click, e.g. gclid.")

    _owner_check = models.Constraint(
        "CHECK (order_id IS NOT NULL OR lead_id IS NOT NULL)",
        "A touchpoint belongs to an order or to an inquiry.",
    )

    @api.model
    def _note(self, record, touches):
        """Keep visits for an order or an inquiry; the last one is the source it is counted for.

        ``touches``: a list, in the order they happened, of ``{"at": datetime or None, "source",
        "medium", "campaign", "term", "content", "landing", "referrer", "client_id", "click_id":
        text}``; what is missing may be left out, and a visit that says nothing is not kept.
        """
        rows = [values for values in map(self._prepare_values, touches) if values]
        common = {
            OWNERS[record._name]: record.id,
            "partner_id": record.partner_id.id,
            "company_id": record.company_id.id,
            "channel_id": record.channel_id.id,
        }
        found = self.create([values | common for values in rows])
        for name in NAMES:
            # what the channel proposed gives way to what is known; what a person chose does not
            proposed = (
                record.channel_id[SOURCES[name]] if name in SOURCES else record[name].browse()
            )
            if found[-1:][name] and record[name] in (record[name].browse(), proposed):
                record[name] = found[-1:][name]
        return found

    def _prepare_values(self, touch):
        values = {name: str(touch.get(name) or "")[:size] for name, size in TEXTS.items()}
        values = {name: text for name, text in values.items() if text}
        Mixin = self.env["utm.mixin"]
        for name, model in NAMES.items():
            text = str(touch.get(name.removesuffix("_id")) or "").strip()[:200]
            if text:
                values[name] = Mixin._find_or_create_record(model, text).id
        if values:
            values["touched_at"] = touch.get("at") or fields.Datetime.now()
        return values

    @api.model
    def _copy_to(self, orders):
        """Orders made from inquiries have the visits that led to these."""
        for order in orders:
            for touch in order.opportunity_id.touchpoint_ids:
                touch.copy({"order_id": order.id, "lead_id": False})


class TouchedMixin(models.AbstractModel):
    """An order or an inquiry with the visits that led to it."""

    _name = "retail.touched.mixin"
    _description = "Record with Touchpoints"

    first_touch_id = fields.Many2one(
        "retail.touchpoint", compute="_compute_touches", compute_sudo=True
    )
    last_touch_id = fields.Many2one(
        "retail.touchpoint", compute="_compute_touches", compute_sudo=True
    )

    @api.depends("touchpoint_ids.touched_at")
    def _compute_touches(self):
        for record in self:
            record.first_touch_id = record.touchpoint_ids[:1]
            record.last_touch_id = record.touchpoint_ids[-1:]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "retail.touched.mixin"]

    touchpoint_ids = fields.One2many("retail.touchpoint", "order_id", "Touchpoints")

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        # visits are noted by the system, whoever makes the order
        self.env["retail.touchpoint"].sudo()._copy_to(orders.sudo().filtered("opportunity_id"))
        return orders


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "retail.touched.mixin"]

    touchpoint_ids = fields.One2many("retail.touchpoint", "lead_id", "Touchpoints")
