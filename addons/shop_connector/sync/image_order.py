from odoo import models

from ..shopapi.documents import field_fingerprints


class ShopSyncImageOrder(models.AbstractModel):
    """The order of a product's pictures, when it changed.

    Systems that cannot move a picture show them as they came: those that stand wrong are taken out
    and sent again. The cover is chosen, wherever it stands, so it takes no part in this.
    """

    _name = "shop.sync.image.order"
    _description = "Ordering Pictures in a Web Shop"

    def _moved(self, shop, documents):
        """Products (ids in the shop) whose pictures stand in another order than when last sent."""
        links = self.env["shop.binding"]._by_record(shop, "image", documents)
        moved, with_new = set(), set()
        for attachment_id, document in documents.items():
            link = links.get(attachment_id)
            if link is None:
                with_new.add(document.product)
            elif document.product in with_new or not self._stands(link, document):
                moved.add(document.product)
        return moved

    def _stands(self, link, document):
        return (link.sent or {}).get("position") == field_fingerprints(document)["position"]

    def _arrange(self, shop, adapter, documents, moved, failed, tally):
        """Bring the pictures of these products into their order, and remember that they are."""
        images = self.env["shop.sync.images"]
        for product in sorted(moved):
            ours = {key: each for key, each in documents.items() if each.product == product}
            links = self._links(shop, ours)
            ordered = [
                links[key].external_id.partition("/")[2]
                for key, document in ours.items()
                if key in links and not document.is_cover
            ]
            shop._end_transaction()
            again = set(adapter.arrange_images(product, ordered))
            wrong = [
                key
                for key in ours
                if key in links and links[key].external_id.partition("/")[2] in again
            ]
            images._delete(
                shop, adapter, self.env["shop.binding"].union(*(links[k] for k in wrong))
            )
            images._send_changed(shop, adapter, {key: ours[key] for key in wrong}, failed, tally)
            for key, link in self._links(shop, ours).items():
                place = field_fingerprints(ours[key])["position"]
                if link.sent and link.sent.get("position") != place:
                    link.sent = link.sent | {"position": place}

    def _links(self, shop, documents):
        return self.env["shop.binding"]._by_record(shop, "image", documents)
