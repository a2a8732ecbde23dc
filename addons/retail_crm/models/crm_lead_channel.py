"""Inquiries: the channel they came by, the products they ask for, and junk among them."""

from odoo import api, fields, models
from odoo.fields import Command


class CrmLead(models.Model):
    _inherit = "crm.lead"

    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        help="Where the inquiry came from. Its quotations carry the same channel.",
    )
    lead_form_id = fields.Many2one(
        "retail.lead.form", "Web Form", readonly=True, copy=False, index="btree_not_null"
    )
    interest_ids = fields.One2many("retail.lead.line", "lead_id", "Products of Interest", copy=True)
    is_spam = fields.Boolean(
        "Junk", readonly=True, copy=False, help="Counted as lost, and nobody was told about it."
    )
    spam_reason = fields.Char("Why Junk", readonly=True, copy=False)
    earlier_lead_id = fields.Many2one(
        "crm.lead",
        "Asked Before",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="An open inquiry of the same person that came before this one.",
    )

    def _prepare_opportunity_quotation_context(self):
        context = super()._prepare_opportunity_quotation_context()
        if self.channel_id:
            context["default_channel_id"] = self.channel_id.id
        return context | {"default_title": self.name}

    def _merge_get_fields_specific(self):
        return super()._merge_get_fields_specific() | {
            "channel_id": lambda fname, leads: leads.channel_id[:1].id,
            "interest_ids": lambda fname, leads: [
                Command.link(line.id) for line in leads.interest_ids
            ],
            "touchpoint_ids": lambda fname, leads: [
                Command.link(touch.id) for touch in leads.touchpoint_ids
            ],
        }

    # === JUNK ===

    def action_mark_spam(self):
        """Put these away as junk: lost, with that reason, out of the pipeline."""
        self._put_away(self.env._("Marked by %s", self.env.user.name))

    def _put_away(self, reason):
        self.activity_unlink(["mail.mail_activity_data_todo", "mail.mail_activity_data_call"])
        self.write({"is_spam": True, "spam_reason": reason})
        junk = self.env.ref("retail_crm.lost_reason_spam", raise_if_not_found=False)
        self.action_set_lost(**({"lost_reason_id": junk.id} if junk else {}))

    def action_not_spam(self):
        """Take these back: what the form does with an inquiry is done now."""
        taken = self.filtered("is_spam")
        taken.write({"is_spam": False, "spam_reason": False})
        taken.action_unarchive()
        for lead in taken.filtered("lead_form_id"):
            lead.lead_form_id.sudo()._follow_up(lead)  # the form's settings are not everyone's


class RetailLeadLine(models.Model):
    _name = "retail.lead.line"
    _description = "Product of Interest"
    _order = "sequence, id"

    lead_id = fields.Many2one("crm.lead", "Inquiry", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="set null",
        domain="[('sale_ok', '=', True)]",
    )
    name = fields.Char("As Asked For", help="The code or the words of the customer.")
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")

    def _prepare_order_lines(self):
        """Commands that make order lines of these; what is no known product becomes a note."""
        commands = []
        for line in self:
            if line.product_id:
                values = {"product_id": line.product_id.id, "product_uom_qty": line.quantity}
            else:
                text = self.env._(
                    "Asked for: %(name)s, %(quantity)s", name=line.name, quantity=line.quantity
                )
                values = {"display_type": "line_note", "name": text}
            commands.append(Command.create(values))
        return commands


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def default_get(self, fields):
        """A quotation made from an inquiry starts with the products that were asked for."""
        values = super().default_get(fields)
        lead = self.env["crm.lead"].browse(self.env.context.get("default_opportunity_id"))
        if "order_line" in fields and not values.get("order_line") and lead.interest_ids:
            values["order_line"] = lead.interest_ids._prepare_order_lines()
        return values
