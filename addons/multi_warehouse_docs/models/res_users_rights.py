"""What a user may see: some warehouses or all, purchase prices or none."""

from odoo import fields, models

PURCHASE_PRICES = "multi_warehouse_docs.group_purchase_prices"


def may_see_costs(env):
    """Whether the user may know what goods cost us; the system itself always does."""
    return env.su or env.user.has_group(PURCHASE_PRICES)


class ResUsers(models.Model):
    _inherit = "res.users"

    allowed_warehouse_ids = fields.Many2many(
        "stock.warehouse",
        "res_users_allowed_warehouse_rel",
        "user_id",
        "warehouse_id",
        "Allowed Warehouses",
        context={"active_test": False},  # who is kept to a closed warehouse does not see all
        help="The user sees transfers, stock and figures of these warehouses only, and of goods "
        "on their way from or to them. Empty: of all warehouses.",
    )

    def _get_invalidation_fields(self):
        return super()._get_invalidation_fields() | {"allowed_warehouse_ids"}

    def _get_allowed_warehouses(self):
        """Return the warehouses that the user is kept to, or None for one who sees all."""
        self.ensure_one()
        return self.sudo().allowed_warehouse_ids or None  # users may not read users

    def _has_limited_stock_rights(self):
        """Whether Odoo's stock engine may meet records or prices that the user must not see."""
        return bool(self.sudo().allowed_warehouse_ids) or not self.has_group(PURCHASE_PRICES)

    def _get_default_warehouse_id(self):
        """Propose a warehouse that the user may see, too."""
        found = super()._get_default_warehouse_id()
        allowed = self.env.user._get_allowed_warehouses()
        if allowed is None or found in allowed:
            return found
        return allowed.filtered(lambda one: one.company_id == self.env.company)[:1] or found
