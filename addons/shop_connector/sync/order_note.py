from odoo import models
from odoo.tools import plaintext2html

from ..shopapi.documents import fingerprint


class ShopSyncNote(models.AbstractModel):
    """What the customer wrote when he ordered: on the order, its transfers and in its chatter.

    The link keeps a fingerprint of what the shop said last, so that a note that was deleted here
    (a customer who wants to be forgotten) does not come back.
    """

    _name = "shop.sync.note"
    _description = "Notes of Customers on Web Orders"

    def _text(self, document):
        """The note, with the message that goes with a gift; False when there is neither."""
        gift = document.gift_message
        texts = [document.note, gift and self.env._("Gift message: %s", gift)]
        return "\n".join(filter(None, texts)) or False

    def _print(self, document):
        text = self._text(document)
        return text and fingerprint(text)

    def _tell(self, pairs):
        """Put the notes of these new ``(sales order, document)`` into the chatter."""
        for order, document in pairs:
            if order.customer_note:
                self._post(order, date=document.placed_at.replace(tzinfo=None))

    def _follow(self, order, link, document):
        """Take a note that was written or changed in the shop since; whether there was one."""
        said, sent = self._print(document), link.sent or {}
        if "note" in sent and (sent["note"] or False) == said:
            return False
        link.sent = sent | {"note": said}
        order.customer_note = self._text(document)
        if "note" not in sent:
            return False  # read before notes were kept: it is as old as the order, and no news
        if order.customer_note:
            self._post(order)
        return True

    def _post(self, order, **options):
        order.message_post(
            body=plaintext2html(order.customer_note),
            author_id=order.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            **options,
        )
