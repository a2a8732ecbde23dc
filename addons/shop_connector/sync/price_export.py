from odoo import models

from ..shopapi.errors import DataError


class ShopSyncPrices(models.AbstractModel):
    """Prices beside the ordinary one: for customer groups, for quantities, for a time.

    A product that never had any is never spoken of, so what was entered in the shop for it stays.
    """

    _name = "shop.sync.prices"
    _description = "Sending Prices to a Web Shop"

    def _send(self, shop, adapter, templates, external, mappings, errors, tally):
        """Bring the price rules of these products into step; fills ``errors[template id]``."""
        if not shop._sends_price_rules():
            return
        sold = templates.filtered(lambda t: t.id in external and t.id not in errors)
        if error := self._currency_error(shop):
            errors |= {template.id: error for template in sold}
            return
        documents = self.env["shop.sync.price.documents"]._price_rules(
            shop, sold, external, mappings
        )
        links = self.env["shop.binding"]._by_record(shop, "price", documents)
        documents = {key: each for key, each in documents.items() if each.rules or key in links}
        failed = {}
        self.env["shop.sync.sender"]._send(shop, adapter, "price", documents, failed, tally)
        for (_kind, template_id), error in failed.items():
            errors[template_id] = error
        emptied = [key for key, each in documents.items() if not each.rules and key not in errors]
        links = self.env["shop.binding"]._by_record(shop, "price", emptied)
        self.env["shop.binding"].union(*links.values()).unlink()

    def _currency_error(self, shop):
        """A list that changed its currency after it was chosen would cost somebody a fortune."""
        rows = shop.customer_group_mapping_ids.filtered("pricelist_id")
        wrong = rows.filtered(lambda row: row.pricelist_id.currency_id != shop.currency_id)
        if not wrong:
            return None
        return DataError(
            self.env._(
                "The price list %(list)s of the customer group %(group)s is not in %(currency)s, "
                "in which %(shop)s sells. Choose another one on the shop, page Mappings, "
                "Customer Groups.",
                list=wrong[0].pricelist_id.name,
                group=wrong[0].name,
                currency=shop.currency_id.name,
                shop=shop.name,
            )
        )
