"""Whoever gets an order hears of it at once, with the reason and a link."""

from markupsafe import Markup

from odoo import models
from odoo.tools import format_amount, format_datetime

#: orders named one by one in a notice
NAMED = 20


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _notify_assigned(self):
        """Tell the responsible of these orders: a pop-up and one message a person."""
        # the notice reaches colleagues whose data the user need not see
        for person, orders in self.sudo().grouped("user_id").items():
            if person and person != self.env.user and person.active:
                orders.with_context(lang=person.lang)._notify_person(person)

    def _notify_person(self, person):
        subject = (
            self.env._("You got the order %s", self.name)
            if len(self) == 1
            else self.env._("You got %s orders", len(self))
        )
        named = self[:NAMED]
        facts = [order._describe_for(person) for order in named]
        person._bus_send(
            "retail_crm.order_assigned",
            {
                "title": subject,
                "message": "\n".join(facts[:3]),
                "button": self.env._("Open"),
                "order_ids": self.ids[:1000],
            },
        )
        rows = Markup().join(
            Markup("<li>%s<br/>%s</li>") % (order._get_html_link(), fact)
            for order, fact in zip(named, facts, strict=True)
        )
        body = Markup("<ul>%s</ul>") % rows
        if len(self) > NAMED:
            body += Markup("<p>%s</p>") % self.env._("… and %s more", len(self) - NAMED)
        # one message about many orders belongs to none of them
        thread = self if len(self) == 1 else self.env["mail.thread"]
        thread.message_notify(
            subject=subject,
            body=body,
            partner_ids=person.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_layout",
        )

    def _describe_for(self, person):
        """Order, when, where from, how much and why, on one line."""
        self.ensure_one()
        when = format_datetime(self.env, self.date_order, tz=person.tz or "UTC")
        amount = format_amount(self.env, self.amount_total, self.currency_id)
        where = self.shop_id.name or self.channel_id.name
        facts = [self.name, when, where, amount, self.assignment_note]
        return " · ".join(fact for fact in facts if fact)
