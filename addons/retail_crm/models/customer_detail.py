from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain


class RetailCustomerDetail(models.AbstractModel):
    """Something that is noted about a customer: whoever may not see the customer, sees none of it.

    Rules on the details would say a second time who may see whom, and differ one day.
    """

    _name = "retail.customer.detail"
    _description = "Detail of a Customer"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            partners = self.env["res.partner"].with_context(active_test=False)
            domain = Domain(domain) & Domain("partner_id", "in", partners._search([]))
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or not any(self._ids):
            return result
        # sudo: only to know whose details these are, before it is asked who may see them
        partners = self.sudo().partner_id.with_env(self.env)
        visible = partners._filtered_access("read")
        if visible == partners:
            return None
        forbidden = self.filtered(lambda detail: detail.sudo().partner_id.id not in visible.ids)
        error = partial(self.env["ir.rule"]._make_access_error, operation, forbidden)
        return (forbidden, error) if forbidden else None
