from odoo import models
from odoo.tools import plaintext2html


class ShopSyncMessage(models.AbstractModel):
    """What customers write on their orders in the shop stands in the order's chatter, once."""

    _name = "shop.sync.message"
    _description = "Messages on Web Orders"

    def _follow(self, shop, pairs, *, is_new):
        """Post the messages of these ``(sales order, document)`` pairs; the orders with news.

        ``is_new``: the orders were just made, so nobody is told of what was written long ago.
        """
        found = {
            message.external_id: (order, message)
            for order, document in pairs
            for message in document.messages
            # what the shop's staff wrote is told by the shop, and some of it came from here
            if message.from_customer
        }
        if not found:
            return self.env["sale.order"]
        known = self.env["shop.binding"]._by_external(shop, "message", found)
        values, told = [], self.env["sale.order"]
        for external_id, (order, message) in found.items():
            if external_id in known:
                continue
            posted = order.message_post(
                body=plaintext2html(message.text),
                author_id=order.partner_id.id,
                date=message.sent_at.replace(tzinfo=None),
                message_type="comment",
                subtype_xmlid="mail.mt_note" if is_new else "mail.mt_comment",
            )
            told |= order
            values.append(
                {
                    "shop_id": shop.id,
                    "kind": "message",
                    "external_id": external_id,
                    "res_model": "mail.message",
                    "res_id": posted.id,
                }
            )
        self.env["shop.binding"].create(values)
        return told
