"""What the order desk finds and shows: customers, orders, the card of who is calling."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang, html2plaintext

HITS = 8
CARD_ORDERS = 8

OPEN = Domain("stage_category", "not in", ("done", "cancelled"))


class RetailOrderDesk(models.AbstractModel):
    """One screen for a person on the phone.

    The screen calls these methods as its user; they use the ordinary orders with that user's
    rights, return plain dictionaries (times in UTC as Odoo writes them) and raise ``UserError``
    with a sentence for what cannot be done.
    """

    _name = "retail.order.desk"
    _description = "Order Desk"

    @api.model
    def open_desk(self, channel_id=False):
        """Return what the screen needs once: channels, decimals, one's unfinished orders."""
        channels = self.env["sales.channel"].search(
            [("company_id", "in", (False, self.env.company.id))]
        )
        chosen = channels.browse(channel_id) if channel_id else self._get_default_channel(channels)
        return {
            "channels": [
                {"id": channel.id, "name": channel.name, "type": channel.channel_type}
                for channel in channels
            ],
            "channel_id": chosen.id,
            "drafts": self._get_my_drafts(),
            # decimals that quantities and discounts have in this database
            "digits": {
                "quantity": self._get_digits("Product Unit"),
                "discount": self._get_digits("Discount"),
            },
        }

    def _get_digits(self, usage):
        return self.env["decimal.precision"].precision_get(usage)

    def _get_default_channel(self, channels):
        own = self.env.user._get_order_channel(self.env.company)
        by_phone = channels.filtered(lambda one: one.channel_type == "phone")
        return own or by_phone[:1] or channels[:1]

    def _get_my_drafts(self):
        """Return the unfinished orders of this person, the last touched first."""
        orders = self.env["sale.order"].search(
            [("state", "=", "draft"), ("user_id", "=", self.env.uid)],
            order="write_date desc, id desc",
            limit=CARD_ORDERS,
        )
        return [self._describe_order_briefly(order) for order in orders]

    # === FINDER ===

    @api.model
    def find(self, text):
        """Return the customers and orders that a person may mean who typed this."""
        text = (text or "").strip()
        if not text:
            return {"customers": [], "orders": []}
        return {
            "customers": self._describe_hits(self._find_customers(text)),
            "orders": [self._describe_order_briefly(order) for order in self._find_orders(text)],
        }

    def _find_customers(self, text, limit=HITS):
        """Return customers by name, phone or e-mail, the likeliest first."""
        Partner = self.env["res.partner"]
        return Partner.browse(Partner._find_customers(text, limit=limit))

    def _find_orders(self, text):
        """Return orders by their number here or the customer's or shop's own reference."""
        if not any(sign.isdigit() for sign in text):
            return self.env["sale.order"]
        domain = Domain("name", "ilike", text) | Domain("client_order_ref", "=ilike", text)
        return self.env["sale.order"].search(domain, order="id desc", limit=HITS // 2)

    def _describe_hits(self, partners):
        family = self.env["sale.order"]._read_group(
            Domain("partner_id", "child_of", partners.commercial_partner_id.ids) & OPEN,
            ["partner_id"],
            ["__count"],
        )
        waiting = {}
        for partner, count in family:
            chief = partner.commercial_partner_id
            waiting[chief] = waiting.get(chief, 0) + count
        return [
            {
                "id": partner.id,
                "name": partner.display_name,
                "phone": partner.phone or "",
                "email": partner.email or "",
                "city": partner.city or "",
                "open_count": waiting.get(partner.commercial_partner_id, 0),
            }
            for partner in partners
        ]

    def _describe_order_briefly(self, order):
        return {
            "id": order.id,
            "name": order.name,
            "partner_id": order.partner_id.id,
            "customer": order.partner_id.display_name,
            "state": order.state,
            "stage": order.stage_id.name or "",
            "is_late": order.is_overdue or self._is_past(order.due_at),
            "stage_deadline": order.stage_deadline,
            "due_at": order.due_at,
            "date": order.date_order,
            "amount": order.amount_total,
            "currency_id": order.currency_id.id,
            "is_paid": order.amount_total > 0 and order._is_paid(),
            "responsible": order.user_id.name or "",
        }

    def _is_past(self, moment):
        """Whether the day of ``moment`` is over, where the user is."""
        today = fields.Date.context_today(self)
        return bool(moment) and fields.Datetime.context_timestamp(self, moment).date() < today

    # === CUSTOMER CARD ===

    @api.model
    def get_customer(self, partner_id):
        """Return the card of a customer: who, what is open, what was, what to mind."""
        partner = self.env["res.partner"].browse(partner_id)
        card = partner.get_customer_card()
        family = Domain("partner_id", "in", partner._get_family().ids)
        waiting = self.env["sale.order"].search(
            family & OPEN, order="due_at, id", limit=CARD_ORDERS
        )
        past = self.env["sale.order"].search(
            family & ~OPEN, order="date_order desc, id desc", limit=CARD_ORDERS
        )
        return {
            "id": partner.id,
            "name": partner.display_name,
            "address": partner._display_address(without_company=True).replace("\n\n", "\n").strip(),
            "lang": dict(self.env["res.lang"].get_installed()).get(partner.lang, ""),
            "type": card["type"],
            "mark": card["mark"],
            "responsible": card["responsible"],
            "came_from": card["first_channel"],
            "contacts": partner._get_contact_points(),
            "figures": {**card["figures"], "currency_id": card["currency"]["id"]},
            "favourites": card["favourites"],
            "open_orders": [self._describe_order_briefly(order) for order in waiting],
            "past_orders": [self._describe_order_briefly(order) for order in past],
            "note": html2plaintext(card["note"]).strip(),
            "warnings": self._get_customer_warnings(partner, card),
            "tasks": self._get_tasks(partner, waiting),
        }

    def _get_customer_warnings(self, partner, card):
        """Return sentences on what to mind with this customer."""
        chief = partner.commercial_partner_id
        warnings = [card["warning"], partner.sale_warn_msg or chief.sale_warn_msg]
        late = self._get_late_invoices(chief)
        if late:
            warnings.append(
                self.env._(
                    "Overdue invoices: %(count)s, %(amount)s in all.",
                    count=len(late),
                    amount=self._format_amount(sum(late.mapped("amount_residual_signed"))),
                )
            )
        if not card["contact_points"] and not partner.phone and not partner.email:
            warnings.append(self.env._("No phone number and no e-mail is known."))
        return [warning for warning in warnings if warning]

    def _format_amount(self, amount, currency=None):
        return formatLang(self.env, amount, currency_obj=currency or self.env.company.currency_id)

    def _get_late_invoices(self, chief):
        return self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", chief.id),
                # another company's are in its own currency, and its own business
                ("company_id", "=", self.env.company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", fields.Date.context_today(self)),
            ]
        )

    def _get_tasks(self, partner, orders):
        """Return what is planned with the customer and the open orders, the most urgent first."""
        return [
            {
                "id": activity.id,
                "name": activity.summary or activity.activity_type_id.name or "",
                "deadline": activity.date_deadline,
                "person": activity.user_id.name or "",
                "is_late": activity.state == "overdue",
            }
            for activity in self._get_activities(partner, orders).sorted("date_deadline")
        ]

    def _get_activities(self, partner, orders):
        return partner.activity_ids | orders.activity_ids
