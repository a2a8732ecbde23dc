"""Rights on single warehouses and on prices stop at documents and figures.

Odoo's engine plans, reserves and moves goods along chains: from another warehouse, by way of a
transit place, made to order. It looks at moves, transfers and costs that the one who presses the
button may not see. So for users with limited rights the engine works with the system's, once the
rights on the moves themselves are checked; for all others nothing changes.
"""

from odoo import api, models
from odoo.fields import Domain


def limited(records):
    """Whether the rights of the user, as far as they are ours, could stop the engine."""
    return not records.env.su and records.env.user._has_limited_stock_rights()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _with_engine_rights(self):
        """Return the moves with the rights of the engine, for who may write them."""
        if limited(self) and self.has_access("write"):
            return self.sudo()  # see the top of the file
        return self

    def _as_asked(self, result):
        """Return moves that the engine returned with the rights of the user."""
        return result.with_env(self.env) if isinstance(result, models.BaseModel) else result

    @api.model_create_multi
    def create(self, vals_list):
        if not limited(self) or not self.has_access("create"):
            return super().create(vals_list)
        moves = super(StockMove, self.sudo()).create(vals_list).with_env(self.env)
        moves.check_access("create")
        return moves

    def copy_data(self, default=None):
        # A move is copied with what its goods cost; the copy is as closed to the user.
        return super(StockMove, self._with_engine_rights()).copy_data(default)

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        moves = super(StockMove, self._with_engine_rights())._action_confirm(
            merge=merge, merge_into=merge_into, create_proc=create_proc
        )
        return self._as_asked(moves)

    def _action_assign(self, force_qty=False):
        return super(StockMove, self._with_engine_rights())._action_assign(force_qty=force_qty)

    def _trigger_assign(self):
        return super(StockMove, self._with_engine_rights())._trigger_assign()

    def _do_unreserve(self):
        return super(StockMove, self._with_engine_rights())._do_unreserve()

    def _action_cancel(self):
        return super(StockMove, self._with_engine_rights())._action_cancel()

    def _action_done(self, cancel_backorder=False):
        moves = super(StockMove, self._with_engine_rights())._action_done(
            cancel_backorder=cancel_backorder
        )
        return self._as_asked(moves)

    def _set_value(self, correction_quantity=None):
        # Called when an invoice is posted, too.
        moves = self.sudo() if limited(self) else self  # values are written, none is shown
        return super(StockMove, moves)._set_value(correction_quantity=correction_quantity)


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def run(self, procurements, raise_user_error=True):
        if not limited(self):
            return super().run(procurements, raise_user_error=raise_user_error)
        # who sells or moves goods need not see the purchase or the transfer that brings them
        procurements = [
            one._replace(product_id=one.product_id.sudo(), location_id=one.location_id.sudo())
            for one in procurements
        ]
        return super(StockRule, self.sudo()).run(procurements, raise_user_error=raise_user_error)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_cancel(self):
        # what another warehouse was to supply for the order is cancelled with it
        orders = self.sudo() if limited(self) and self.has_access("write") else self
        return super(SaleOrder, orders)._action_cancel()


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def button_cancel(self):
        # so are the steps of its goods beyond the receipt
        orders = self.sudo() if limited(self) and self.has_access("write") else self
        return super(PurchaseOrder, orders).button_cancel()


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Offer the operations of the user's warehouses, and those of none.

        Reading one by its id stays free: transfers from the other end, routes and chains do it.
        """
        free = self.env.su or kwargs.get("bypass_access")
        allowed = None if free else self.env.user._get_allowed_warehouses()
        if allowed is not None:
            mine = [*allowed.ids, False]
            domain = Domain(domain) & Domain("warehouse_id", "in", mine)
        return super()._search(domain, *args, **kwargs)
