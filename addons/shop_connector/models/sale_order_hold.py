"""Why a web order waits for a person, and what must not be confirmed as it stands."""

from odoo import fields, models

#: between two reasons; a reason may have several lines
BETWEEN = "\n\n"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_currency = fields.Char(
        "Currency in the Shop",
        readonly=True,
        copy=False,
        help="ISO code of the currency that the customer bought in.",
    )

    # === REASONS ===

    def _get_hold_summary(self):
        """The title of the task of whoever is to look at an order that waits."""
        return self.env._("Web order needs a decision")

    def _close_hold_tasks(self):
        """Nothing is asked about these orders any more; other decisions, on money say, stay."""
        # whoever made a task may speak another language
        codes = {code for code, _name in self.env["res.lang"].get_installed()} | {"en_US"}
        titles = [self.with_context(lang=code)._get_hold_summary() for code in codes]
        self.activity_search(
            ["shop_connector.mail_activity_decision"],
            additional_domain=[("summary", "in", titles)],
        ).unlink()

    def _add_hold_reason(self, text):
        """Ask one more question beside those that are open; False when it is asked already."""
        self.ensure_one()
        reasons = (self.shop_hold_reason or "").split(BETWEEN)
        if text in reasons:
            return False
        self.shop_hold_reason = BETWEEN.join(filter(None, [*reasons, text]))
        return True

    def _drop_conflict(self):
        """The differences shown until now are out of date; other open questions stay."""
        self.ensure_one()
        shown = self.shop_conflict
        if not shown:
            return
        reasons = (self.shop_hold_reason or "").split(BETWEEN)
        left = BETWEEN.join(reason for reason in reasons if not reason.endswith(shown))
        self.write({"shop_conflict": False, "shop_hold_reason": left or False})
        if not left:
            self._close_hold_tasks()

    # === CONFIRMING ===

    def _confirmation_error_message(self):
        return (
            super()._confirmation_error_message()
            or self._get_unknown_goods_problem()
            or self._get_currency_problem()
        )

    def _get_unknown_goods_problem(self):
        """A sentence when nobody has said yet what was sold; else False."""
        unknown = self.env.ref("shop_connector.product_unknown", raise_if_not_found=False)
        lines = self.order_line.filtered(
            lambda line: unknown and line.product_id == unknown and line.product_uom_qty
        )
        if not lines:
            return False
        return self.env._(
            "%(order)s: choose the product that was sold on the line “%(line)s”, then confirm the "
            "order.",
            order=self.name,
            line=lines[0].name.split("\n")[0],
        )

    def _get_currency_problem(self):
        """A sentence when the shop's amounts stand here in another currency; else False."""
        if not self._is_in_wrong_currency():
            return False
        return self.env._(
            "%(order)s was sold in %(theirs)s and stands here in %(ours)s. Choose a price list in "
            "%(theirs)s, or convert the amounts, then confirm the order.",
            order=self.name,
            theirs=self.shop_currency,
            ours=self.currency_id.name,
        )

    def _is_in_wrong_currency(self):
        """Whether the bare number of the shop's total stands here in another currency.

        Another number was converted by a person.
        """
        self.ensure_one()
        if not self.shop_currency or self.shop_currency == self.currency_id.name:
            return False
        return not self.currency_id.compare_amounts(self.amount_total, self.shop_total)
