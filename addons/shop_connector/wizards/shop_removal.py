from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shopapi.errors import ShopError


class ShopRemoval(models.TransientModel):
    """Asking once more before a product is deleted in a shop, with what is lost there."""

    _name = "shop.removal"
    _description = "Removing a Product from a Web Shop"

    link_id = fields.Many2one("shop.binding", required=True, readonly=True, ondelete="cascade")
    shop_id = fields.Many2one(related="link_id.shop_id")
    product_id = fields.Many2one("product.template", compute="_compute_loss")
    loss = fields.Text("What Is Lost", compute="_compute_loss")

    @api.depends("link_id")
    def _compute_loss(self):
        for wizard in self:
            template = self.env["product.template"].browse(wizard.link_id.res_id).exists()
            wizard.product_id = template
            wizard.loss = "\n".join(wizard._losses(template))

    def _losses(self, template):
        """Sentences on what the shop deletes with the product."""
        link, shop = self.link_id, self.shop_id
        variants = template.with_context(active_test=False).product_variant_ids
        linked = link._by_record(shop, "variant", variants.ids).values()
        combinations = [each for each in linked if each.external_id.partition("/")[2]]
        pictures = self.env["shop.sync.images"]._links_of(shop, [link.external_id])
        sentences = [
            self.env._(
                "Its page (number %s there) with the address, the texts and the place that search "
                "engines gave it.",
                link.external_id,
            )
        ]
        if combinations:
            sentences.append(self.env._("Variants: %s", len(combinations)))
        if pictures:
            sentences.append(self.env._("Pictures: %s", len(pictures)))
        if link._by_record(shop, "price", template.ids):
            sentences.append(self.env._("Its prices for groups, quantities and promotions."))
        sentences.append(
            self.env._("Reviews, figures, carts and everything else the shop keeps with the page.")
        )
        if shop.has_stores:
            sentences.append(self.env._("This in every store of the shop, not only in yours."))
        return sentences

    def action_remove(self):
        """Delete the product in the shop; the link remembers it."""
        self.ensure_one()
        link = self.link_id
        link.shop_id._check_manager()
        # whoever may press the button need not own the records that the shop touches
        link = link.sudo()
        shop = link.shop_id.with_company(link.shop_id.company_id)
        if not link.can_remove:
            raise UserError(self.env._("%s is not in the shop.", self.product_id.display_name))
        with shop._runner_lock() as held:
            if not held:
                raise UserError(self.env._("%s is being synchronised at this moment.", shop.name))
            external_id, template = link.external_id, self.sudo().product_id
            try:
                with shop._open_adapter() as adapter:
                    shop._end_transaction()
                    adapter.delete_product(external_id)
            except ShopError as error:
                raise UserError(shop._explain(error)) from error
            link._note_removal()
            if template:
                template.message_post(
                    body=self.env._("Deleted in %(shop)s by hand.", shop=shop.name)
                )
            shop._end_transaction()
        return {"type": "ir.actions.act_window_close"}
