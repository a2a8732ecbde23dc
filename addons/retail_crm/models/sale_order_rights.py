"""Which orders are whose business: open to all, or for seniors only."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

#: writing one of these may take an order out of the sight of whoever writes it
GIVING = {"user_id", "team_id", "stage_id"}
#: types of fields that are shown as they were written
PLAIN = {"boolean", "char", "text", "integer", "float", "selection", "date", "datetime"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    visible_to_all = fields.Boolean(
        help="Everybody who sells may read this order, also those who only see their own.",
    )
    is_for_seniors = fields.Boolean(
        compute="_compute_is_for_seniors",
        search="_search_is_for_seniors",
        compute_sudo=True,
        help="The total is above what the company leaves to operators.",
    )

    _visible_to_all_idx = models.Index("(id) WHERE visible_to_all")

    @api.depends("amount_total", "currency_rate", "company_id.senior_order_amount")
    def _compute_is_for_seniors(self):
        for order in self:
            limit = order.company_id.senior_order_amount
            total = order.amount_total / (order.currency_rate or 1.0)
            order.is_for_seniors = bool(limit) and total > limit

    def _search_is_for_seniors(self, operator, value):
        if operator != "in":
            return NotImplemented
        # every user is kept to the limits of all companies
        companies = self.env["res.company"].sudo().search([("senior_order_amount", ">", 0)])
        return Domain.OR(self._get_domain_above(company) for company in companies)

    @api.model
    def _get_domain_above(self, company):
        """Orders of ``company`` whose total, in its currency, is above its limit."""

        def is_above(model, alias, query):
            return SQL(
                "%(total)s > %(limit)s * COALESCE(NULLIF(%(rate)s, 0), 1)",
                total=model._field_to_sql(alias, "amount_total", query),
                rate=model._field_to_sql(alias, "currency_rate", query),
                limit=company.senior_order_amount,
            )

        return Domain("company_id", "=", company.id) & Domain.custom(to_sql=is_above)

    def web_save(self, vals, specification, next_id=None):
        """Whoever gives an order out of their own sight still gets an answer to "save".

        It is what they could read just before, with what they wrote; nothing is read for them
        afterwards.
        """
        if not self or next_id or self.env.su or not GIVING & vals.keys():
            return super().web_save(vals, specification, next_id=next_id)
        seen = self.with_context(bin_size=True).web_read(specification)
        self.write(vals)
        if self.has_access("read"):
            return self.with_context(bin_size=True).web_read(specification)
        for name in vals.keys() & specification.keys():
            if name in GIVING:
                # the names of colleagues, teams and stages are everybody's to read
                record = self.env[self._fields[name].comodel_name].browse(vals[name] or [])
                seen[0][name] = record.web_read({"display_name": {}})[0] if record else False
            elif self._fields[name].type in PLAIN:
                seen[0][name] = vals[name]
        return seen

    def _message_auto_subscribe_notify(self, partner_ids, template):
        # the new responsible is told, also by somebody who has just lost sight of the order
        return super(SaleOrder, self.sudo())._message_auto_subscribe_notify(partner_ids, template)

    def action_confirm(self):
        self._check_may_confirm()
        return super().action_confirm()

    def _check_may_confirm(self):
        """Raise UserError when an operator confirms what is left to seniors."""
        if self.env.su or self.env.user._may_handle_large_orders():
            return
        for order in self.filtered("is_for_seniors"):
            company = order.company_id.sudo()  # its settings are not everybody's to read
            limit = format_amount(self.env, company.senior_order_amount, company.currency_id)
            raise UserError(
                self.env._(
                    "%(order)s is above %(limit)s: a senior has to confirm it. Give it to one, or "
                    "ask one to press Confirm.",
                    order=order.name,
                    limit=limit,
                )
            )
