from markupsafe import Markup

from odoo import models

from ..models.shop_mapping import CLOSED


class ShopSyncNotice(models.AbstractModel):
    """Whoever wants to know is told of each new web order, by Odoo's own means: inbox or e-mail."""

    _name = "shop.sync.notice"
    _description = "Telling about New Web Orders"

    def _tell_new(self, shop, orders, documents, mappings):
        """One message for each of these orders; none for what was ordered before somebody asked."""
        since = shop.notify_since
        people = shop.notify_user_ids.filtered("active")
        if not since or not people:
            return
        told = self.env["sale.order"]
        for order, document in zip(orders, documents, strict=True):
            meaning = mappings.record("order_state", document.state)
            if document.placed_at.replace(tzinfo=None) >= since and meaning not in CLOSED:
                told |= order
        for lang, users in people.grouped("lang").items():
            for order in told.with_context(lang=lang):
                order.message_notify(
                    partner_ids=users.partner_id.ids,
                    author_id=self.env.ref("base.partner_root").id,
                    subject=order.env._(
                        "New order %(order)s from %(shop)s", order=order.name, shop=shop.name
                    ),
                    body=self._text(order),
                    # e-mails wait in Odoo's queue: the shop's next orders do not wait for them
                    force_send=False,
                )
        if told:
            # the queue belongs to the system
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _text(self, order):
        words = order.env._
        rows = [
            (words("Customer"), order.partner_id.display_name),
            (words("Total"), order.currency_id.format(order.amount_total)),
            (words("Status in the shop"), order.shop_state_name),
            (words("Needs a decision"), order.shop_hold_reason),
        ]
        line = Markup("%s: %s")
        return Markup("<br/>").join(line % (label, value) for label, value in rows if value)
