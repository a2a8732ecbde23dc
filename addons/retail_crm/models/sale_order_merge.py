"""Several quotations of one customer become one, one becomes two."""

from odoo import fields, models
from odoo.exceptions import UserError

#: What has to be the same for two quotations to be one.
SAME = ("partner_id", "company_id", "currency_id", "pricelist_id")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    merged_into_id = fields.Many2one(
        "sale.order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The order that has the goods of this one now. Such an order was neither sold nor "
        "lost: no figure counts it.",
    )

    def action_merge(self):
        """Merge the chosen quotations into the web order among them, else the oldest; open it."""
        order = (self.filtered("shop_id") or self).sorted("id")[:1]
        order._merge(self - order)
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "views": [(False, "form")],
        }

    def _merge(self, others):
        """Move lines, tasks and attachments of ``others`` here; they stay, cancelled, for history.

        Shipping is left behind: its price depends on what goes together.
        """
        self.ensure_one()
        if not others:
            raise UserError(self.env._("Choose at least two quotations to merge."))
        self._check_merge(others)
        others._remove_delivery_line()
        others.order_line.order_id = self
        # what was paid for them counts here; whoever merges need not be allowed to see payments
        self.sudo().transaction_ids |= others.sudo().transaction_ids
        others.activity_ids.res_id = self.id
        papers = [("res_model", "=", self._name), ("res_id", "in", others.ids)]
        self.env["ir.attachment"].search(papers).res_id = self.id
        for name in ("note", "client_order_ref", "delivery_wish"):
            self[name] = self[name] or next(filter(None, others.mapped(name)), False)
        for order in others:
            order.message_post(
                body=self.env._("Merged into %s", self._get_html_link()),
                subtype_xmlid="mail.mt_note",
            )
            self.message_post(
                body=self.env._("The lines of %s were added", order._get_html_link()),
                subtype_xmlid="mail.mt_note",
            )
        others.cancel_note = self.env._("Merged into %s", self.name)
        others.merged_into_id = self
        others.with_context(retail_merged=True)._action_cancel()

    def _check_merge(self, others):
        """Raise UserError, in a sentence, when ``others`` cannot become a part of this one."""
        together = self | others
        for order in together:
            if order.state not in ("draft", "sent"):
                raise UserError(
                    self.env._("%s is no quotation any more and cannot be merged.", order.name)
                )
        for name in SAME:
            if len(together.mapped(name)) > 1:
                raise UserError(
                    self.env._(
                        "Only quotations with the same %(field)s are merged: %(orders)s differ.",
                        field=self._fields[name]._description_string(self.env),
                        orders=", ".join(together.mapped("name")),
                    )
                )
        in_shop = others.filtered(lambda order: order.shop_id or order.shop_placing)
        if in_shop:
            raise UserError(
                self.env._(
                    "%(orders)s came from a web shop: merged, they would be cancelled there and "
                    "their customers told so. Move the lines of your own quotations into one of "
                    "them, or handle them one by one.",
                    orders=", ".join(in_shop.mapped("name")),
                )
            )

    def action_draft(self):
        """What is a quotation again counts again."""
        self.filtered("merged_into_id").merged_into_id = False
        return super().action_draft()

    def _split(self, lines):
        """Move ``lines`` to a new quotation of the same customer, and return it."""
        self.ensure_one()
        goods = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_delivery
        )
        if not lines or lines >= goods:
            raise UserError(
                self.env._("Choose some of the lines of %s, not all, to split it.", self.name)
            )
        new = self.copy({"order_line": False, "carrier_id": False})
        lines.order_id = new
        new.message_post(
            body=self.env._("Split off %s", self._get_html_link()), subtype_xmlid="mail.mt_note"
        )
        self.message_post(
            body=self.env._("Lines were moved to %s", new._get_html_link()),
            subtype_xmlid="mail.mt_note",
        )
        return new
