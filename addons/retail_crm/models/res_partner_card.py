from odoo import api, models
from odoo.tools import SQL

LAST_ORDERS = 5
FAVOURITES = 5


class ResPartner(models.Model):
    """The figures on a customer's card. They are counted when the card is opened: a handful of
    queries over indexes, so that they are never stale and no order has to keep them up to date.
    """

    _inherit = "res.partner"

    @api.readonly
    def get_customer_card(self):
        """What the card shows about the customer this contact belongs to, in one call.

        Amounts are untaxed, in the currency of the current company, over its orders and those of
        the other active companies with the same currency. A user sees the figures of the orders
        they may see. See `_get_customer_figures` for "figures".
        """
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        family = customer._get_family()
        currency = self.env.company.currency_id
        return {
            "id": customer.id,
            "name": customer.display_name,
            "type": customer.customer_type_id.display_name or "",
            "mark": customer.customer_mark or "",
            "warning": customer.customer_warning or "",
            "note": (customer.comment and str(customer.comment)) or "",
            "currency": {"id": currency.id, "name": currency.name},
            "responsible": customer.user_id.display_name or "",
            "birthday": customer.next_birthday,
            "first_channel": customer.first_channel_id.display_name or "",
            "first_source": customer.first_source_id.display_name or "",
            "contact_points": customer._get_contact_points(),
            "figures": family._get_customer_figures(),
            "orders": family._get_last_orders(),
            "favourites": family._get_favourite_products(),
        }

    def _get_family(self):
        """The customers with their people and addresses, archived ones too: all who may be on an
        order.
        """
        return self.with_context(active_test=False).search(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)], order="id"
        )

    def _domain_of_orders(self):
        companies = self.env.companies.filtered(
            lambda one: one.currency_id == self.env.company.currency_id
        )
        return [("partner_id", "in", self.ids), ("company_id", "in", companies.ids)]

    def _get_customer_figures(self):
        """Totals of the orders of these contacts.

        ``orders``, ``quotations``, ``cancelled`` (counts), ``cancel_rate`` (0..1 of all that were
        confirmed or cancelled), ``revenue`` and ``average`` of confirmed orders, ``first_at`` and
        ``last_at`` (times or false), ``gap_days`` (mean days between two orders or false) and
        ``next_at``, when the next one would come at that pace.
        """
        Order = self.env["sale.order"]
        if not self or not Order.has_access("read"):
            return {}
        # one that was merged is counted as a part of the other
        query = Order._search([*self._domain_of_orders(), ("merged_into_id", "=", False)])
        [(orders, quotations, cancelled, revenue, first, last)] = self.env.execute_query(
            query.select(
                SQL("COUNT(*) FILTER (WHERE sale_order.state = 'sale')"),
                SQL("COUNT(*) FILTER (WHERE sale_order.state IN ('draft', 'sent'))"),
                SQL("COUNT(*) FILTER (WHERE sale_order.state = 'cancel')"),
                SQL(
                    "SUM(sale_order.amount_untaxed / COALESCE(NULLIF(sale_order.currency_rate, 0),"
                    " 1)) FILTER (WHERE sale_order.state = 'sale')"
                ),
                SQL("MIN(sale_order.date_order) FILTER (WHERE sale_order.state = 'sale')"),
                SQL("MAX(sale_order.date_order) FILTER (WHERE sale_order.state = 'sale')"),
            )
        )
        currency = self.env.company.currency_id
        revenue = currency.round(float(revenue or 0.0))
        gap = (last - first) / (orders - 1) if orders > 1 else False
        return {
            "orders": orders,
            "quotations": quotations,
            "cancelled": cancelled,
            "cancel_rate": cancelled / (orders + cancelled) if cancelled else 0.0,
            "revenue": revenue,
            "average": currency.round(revenue / orders) if orders else 0.0,
            "first_at": first or False,
            "last_at": last or False,
            "gap_days": round(gap.total_seconds() / 86400, 1) if gap else False,
            "next_at": last + gap if gap else False,
        }

    def _get_last_orders(self, limit=LAST_ORDERS):
        """The latest orders of these contacts, open ones first."""
        Order = self.env["sale.order"]
        if not self or not Order.has_access("read"):
            return []
        domain = self._domain_of_orders()
        is_open = [("stage_category", "not in", ("done", "cancelled"))]
        latest = Order.search(domain + is_open, limit=limit, order="date_order desc, id desc")
        if len(latest) < limit:
            latest |= Order.search(domain, limit=limit, order="date_order desc, id desc")
        states = dict(Order._fields["state"]._description_selection(self.env))
        return [
            {
                "id": order.id,
                "name": order.name,
                "date": order.date_order,
                "state": order.state,
                "state_name": states.get(order.state, ""),
                "stage": order.stage_id.display_name or "",
                "is_open": order.stage_category not in ("done", "cancelled"),
                "due_at": order.due_at,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "channel": order.channel_id.display_name or "",
            }
            for order in latest[:limit]
        ]

    def _get_favourite_products(self, limit=FAVOURITES):
        """What these contacts bought most often: ``[{"id", "name", "orders", "quantity"}]``."""
        Line = self.env["sale.order.line"]
        if not self or not Line.has_access("read"):
            return []
        groups = Line._read_group(
            [
                ("order_partner_id", "in", self.ids),
                ("company_id", "in", self.env.companies.ids),
                ("state", "=", "sale"),
                ("display_type", "=", False),
                ("is_delivery", "=", False),
                ("is_downpayment", "=", False),
                ("product_id", "!=", False),
            ],
            ["product_id"],
            ["order_id:count_distinct", "product_uom_qty:sum", "order_id:max"],
            order="order_id:count_distinct desc, product_uom_qty:sum desc",
            limit=limit,
        )
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "orders": orders,
                "quantity": quantity,
            }
            for product, orders, quantity, _last in groups
        ]

    # === FROM THE CARD TO EVERYTHING ELSE ===

    def action_view_deliveries(self):
        """Open the customer's deliveries and returns."""
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return self._open_of_customer(action, "partner_id", self.env._("Deliveries"))

    def action_view_payments(self):
        """Open the customer's payments."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_payments")
        return self._open_of_customer(action, "partner_id", self.env._("Payments"))

    def action_view_sales_report(self):
        """Open the sales report of this customer."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_order_report_all")
        return self._open_of_customer(action, "commercial_partner_id", self.env._("Sales"))

    def _open_of_customer(self, action, field, title):
        self.ensure_one()
        customer = self.commercial_partner_id
        ids = customer.ids if field == "commercial_partner_id" else customer._get_family().ids
        return action | {
            "name": self.env._("%(what)s of %(customer)s", what=title, customer=customer.name),
            "domain": [(field, "in", ids)],
            "context": {"create": False},
        }
