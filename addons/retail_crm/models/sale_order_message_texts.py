from odoo import api, fields, models
from odoo.tools import format_datetime


class SaleOrder(models.Model):
    """What templates of messages may want to say of an order."""

    _inherit = "sale.order"

    promised_text = fields.Char(
        "Promised Time",
        compute="_compute_promised_text",
        help="The promised time as the customer reads it: in the language of the message and the "
        "time zone of the company.",
    )

    @api.depends("commitment_date", "company_id")
    @api.depends_context("lang")
    def _compute_promised_text(self):
        for order in self:
            zone = order.company_id and order.company_id._get_message_zone().key
            promised = order.commitment_date
            order.promised_text = promised and format_datetime(
                self.env, promised, tz=zone, dt_format="medium", lang_code=self.env.lang
            )

    def _get_tracking_links(self):
        """Parcels that left, newest first: ``[{"number": ..., "url": ... or ""}]``."""
        self.ensure_one()
        left = self.picking_ids.filtered(
            lambda one: one.state == "done" and one.carrier_tracking_ref
        )
        return [
            {"number": one.carrier_tracking_ref, "url": one.carrier_tracking_url or ""}
            for one in left.sorted("date_done", reverse=True)
        ]

    def _get_courier_text(self):
        """Who brings it and the number to call; empty while nobody is known."""
        return ""
