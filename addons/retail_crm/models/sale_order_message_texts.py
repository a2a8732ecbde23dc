from odoo import api, fields, models
from odoo.tools import format_datetime, format_time


class SaleOrder(models.Model):
    """What templates of messages may want to say of an order."""

    _inherit = "sale.order"

    promised_text = fields.Char(
        "Promised Time",
        compute="_compute_promised_text",
        help="The promised time as the customer reads it: in the language of the message and the "
        "time zone of the company.",
    )

    @api.depends("commitment_date", "commitment_from", "company_id")
    @api.depends_context("lang")
    def _compute_promised_text(self):
        lang = self.env.lang
        for order in self:
            until, begin = order.commitment_date, order.commitment_from
            if not until:
                order.promised_text = False
                continue
            zone = order.company_id._get_message_zone().key
            how = {"tz": zone, "lang_code": lang}
            text = format_datetime(self.env, begin or until, dt_format="medium", **how)
            if begin:
                end = format_time(self.env, until, time_format="short", **how)
                text = self.env._("%(begin)s until %(end)s", begin=text, end=end)
            order.promised_text = text

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
        """Who brings it and the number to call; empty while nobody is responsible for it."""
        self.ensure_one()
        # the number is given to the customer, who is no user here
        courier = self.sudo()._get_courier().partner_id
        if not courier.phone:
            return ""
        return self.env._(
            "Brought by %(courier)s, phone %(phone)s", courier=courier.name, phone=courier.phone
        )

    def _get_courier(self):
        """The user who brings the goods: by the courier's task, else by the transfer."""
        # an errand beside the delivery is no delivery
        tasks = self.courier_task_ids.filtered(
            lambda task: task.state == "todo" and task.moves_order
        )
        leaving = self.picking_ids.filtered(
            lambda one: one.picking_type_code == "outgoing" and one.state not in ("done", "cancel")
        )
        courier = tasks.sorted("id")[-1:].courier_id
        return courier or leaving.courier_id[:1] or leaving.user_id[:1]
