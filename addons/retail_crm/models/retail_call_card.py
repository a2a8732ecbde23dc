"""The card of who is calling, on the screens of those whose telephone rings."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import formatLang

from .retail_order_desk import OPEN

#: open orders, and customers with the same number, that a card shows
ORDERS, CUSTOMERS = 3, 4
#: a call of which nothing was heard for so long is over, whatever the log says
FORGOTTEN = timedelta(hours=2)
SHOW, CLOSE = "retail_crm.call_card", "retail_crm.call_card_close"


class RetailCall(models.Model):
    _inherit = "retail.call"

    card_user_ids = fields.Many2many(
        "res.users",
        "retail_call_card_rel",
        string="Card Shown to",
        readonly=True,
        copy=False,
    )

    def _show_cards(self, event):
        """Show the card to whom it is for, and take it from everybody else, by the bus.

        It leaves with the commit of the event itself.
        """
        shown = self.card_user_ids
        if self.state == "ringing" and event.event == "ringing":
            wanted = shown | self._get_ringing(event)
        elif self.state == "answered":
            wanted = self.user_id
        elif self.state == "ringing":
            wanted = shown
        else:
            wanted = shown.browse()
        if shown != wanted:
            (shown - wanted)._bus_send(CLOSE, {"id": self.id})
            self.card_user_ids = wanted
        fresh = wanted - shown if event.event != "answered" else wanted
        # somebody who has left the company meanwhile is no reason to lose the event
        for user in fresh._filter_serving(self.company_id):
            user._bus_send(SHOW, self._describe_card(user))

    def _get_ringing(self, event):
        """Whose telephones ring; the responsible, where the event does not tell."""
        if event.extensions:
            return self.pbx_id._get_users(event.extensions)
        return self._get_responsible()

    @api.model
    def get_cards(self):
        """The cards of calls that are going on for the user: for a page that was loaded anew."""
        # which calls are shown to the user was decided when they rang
        calls = self.sudo().search(
            [
                ("card_user_ids", "in", self.env.uid),
                ("company_id", "in", self.env.user.company_ids.ids),
                ("state", "in", ("ringing", "answered")),
                ("started_at", ">", fields.Datetime.now() - FORGOTTEN),
            ]
        )
        return [call._describe_card(self.env.user) for call in calls]

    def _describe_card(self, user):
        """What the card shows, with no more than this user may see, as plain values.

        ``id``, ``number``, ``line``, ``state``, ``name``, ``partner_id``, ``mark``, ``warning``,
        ``ask`` (who looks after a customer that is not the user's), ``customers`` (who else it may
        be), ``orders``, ``defaults`` (of a new order).
        """
        call = self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids
        )
        known = self._get_customers() if not self.partner_id else self.partner_id
        visible = known.with_env(call.env)._filtered_access("read")
        partner = visible if len(visible.commercial_partner_id) == 1 else visible.browse()
        partner = partner[:1]
        hidden = known - visible.with_env(known.env)
        place = self.pbx_id._get_line(self.line) if self.line else self.env["retail.pbx.number"]
        return {
            "id": self.id,
            "state": self.state,
            "number": self.number or "",
            "line": place.channel_id.name or self.line or "",
            "partner_id": partner.id,
            "name": partner.display_name or "",
            "mark": partner.customer_mark or "",
            "warning": partner.customer_warning or "",
            "ask": hidden[0]._get_responsible().name or "" if hidden and not partner else "",
            "customers": [
                {"id": one.id, "name": one.display_name}
                for one in (visible[:CUSTOMERS] if not partner else ())
            ],
            "orders": call._describe_open_orders(partner),
            "defaults": {
                "default_partner_id": partner.id,
                "default_channel_id": self.channel_id.id,
                "default_source_id": self.utm_source_id.id,
                "default_medium_id": self.utm_medium_id.id,
            },
        }

    def _describe_open_orders(self, partner):
        Order = self.env["sale.order"]
        if not partner or not Order.has_access("read"):
            return []
        family = Domain("partner_id", "in", partner._get_family().ids)
        orders = Order.search(family & OPEN, order="due_at, id", limit=ORDERS)
        return [
            {
                "id": order.id,
                "name": order.name,
                "stage": order.stage_id.name or "",
                "amount": formatLang(self.env, order.amount_total, currency_obj=order.currency_id),
                "is_late": order.is_overdue,
            }
            for order in orders
        ]

    def choose_customer(self, partner_id):
        """Of several customers with this number the user says which one calls."""
        self.ensure_one()
        # sudo: to whom the card is shown, and nobody else, may say who is on the telephone
        call = self.sudo()
        if self.env.user not in call.card_user_ids:
            raise AccessError(self.env._("This call is not shown to you."))
        partner = self.env["res.partner"].browse(partner_id)
        partner.check_access("read")
        if partner in call._get_customers().sudo(False):
            call.partner_id = partner
        return call._describe_card(self.env.user)
