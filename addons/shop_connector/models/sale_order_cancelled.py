"""Orders cancelled here that go on in their shop, or whose goods the shop still holds."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: cancelled orders whose goods are not free yet: the shop has not been told, or a person decides
UNSETTLED = Domain("state", "=", "cancel") & (
    Domain("shop_hold_reason", "!=", False)
    | (Domain("shop_wanted_status", "=", "cancelled") & Domain("shop_id.active", "=", True))
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    is_shop_cancelled = fields.Boolean(
        "Cancelled by the Shop",
        readonly=True,
        copy=False,
        help="The web shop cancelled this order, nobody here. If the shop goes on with it, so do "
        "we.",
    )

    def write(self, vals):
        if vals.get("state", "cancel") != "cancel":
            # taken up again: who cancels it the next time is another question
            vals = vals | {"is_shop_cancelled": False}
        result = super().write(vals)
        if {"shop_hold_reason", "shop_wanted_status"} & vals.keys():
            cancelled = self.filtered(lambda order: order.state == "cancel")
            cancelled.filtered("shop_holds_stock")._mark_shop_stock()
        return result

    def _cancel_as_in_shop(self):
        """The shop cancelled these orders: so do we, and remember whose word it was."""
        self._action_cancel()
        self.filtered(lambda order: order.state == "cancel").is_shop_cancelled = True

    def _go_on_as_in_shop(self, status, *, is_news):
        """The shop goes on with an order that is cancelled here (its money came late, say).

        What the shop had cancelled is a quotation again. What a person cancelled stays cancelled,
        and a person decides. ``status``: the shop's name for what it says now; ``is_news``: it did
        not say so before. Returns whether something was done.
        """
        self.ensure_one()
        problem = self._open_again() if self.is_shop_cancelled else None
        if self.state != "cancel":
            self.message_post(
                body=self.env._(
                    "The web shop goes on with this order: its status there is “%s” now.", status
                )
            )
            return True
        if not is_news:
            return False
        # no word of ours may cancel in the shop what is being decided
        self.shop_wanted_status = False
        if problem:
            text = self.env._(
                "The web shop goes on with this order: its status there is “%(status)s” now. It "
                "cannot be opened again here: %(problem)s Enter it anew, or cancel it in the shop "
                "and give the money back.",
                status=status,
                problem=problem,
            )
        else:
            text = self.env._(
                "This order was cancelled here, but the web shop goes on with it: its status there "
                "is “%s” now. Set it to quotation and confirm it to deliver the goods, or cancel "
                "it in the shop and give the money back.",
                status,
            )
        self._tell_conflict(text)
        return True

    def _open_again(self):
        """Make a quotation of this order again; why that is refused, or None."""
        try:
            with self.env.cr.savepoint():
                self.action_draft()
        except UserError as error:  # one that was made void, for example
            return str(error)
        return None
