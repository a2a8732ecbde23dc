"""A product leaves its shop for good: a person alone decides that."""

from odoo import api, fields, models

from ..shopapi.registry import adapter_class
from ..sync.hiding import hidden_product, note_hidden


class ShopBinding(models.Model):
    _inherit = "shop.binding"

    can_remove = fields.Boolean(compute="_compute_can_remove")

    @api.depends("kind", "state", "shop_id.system", "shop_id.state")
    def _compute_can_remove(self):
        for link in self:
            link.can_remove = (
                link.kind == "product"
                and link.state != "removed"
                and link.shop_id.state == "connected"
                and adapter_class(link.shop_id.system).capabilities.removal
            )

    def action_open_removal(self):
        """Show what would be lost in the shop, and ask."""
        self.ensure_one()
        self.shop_id._check_manager()
        wizard = self.env["shop.removal"].create({"link_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remove from the Shop for Good"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _note_removal(self):
        """Remember that the product was removed: it is neither sent again nor offered anew.

        The links of its variants, pictures and prices go; putting the product back into the shop
        makes a new page.
        """
        self.ensure_one()
        shop, template = self.shop_id, self.env["product.template"].browse(self.res_id).exists()
        variants = template.with_context(active_test=False).product_variant_ids
        template.with_context(active_test=False).shop_ids -= shop
        self.union(
            self.env["shop.sync.images"]._links_of(shop, [self.external_id]),
            *self._by_record(shop, "price", template.ids).values(),
            *self._by_record(shop, "variant", variants.ids).values(),
        ).filtered(lambda link: link != self).unlink()
        values = {"state": "removed", "last_error": False, "sent": False}
        self.write(values | {"sent_at": fields.Datetime.now()})
        note_hidden(self, hidden_product())
