"""What a person or Odoo does with a web order and its shop has to hear of."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: how far a status is; an order is never set back by us
PROGRESS = ("waiting", "paid", "processing", "partial", "shipped", "delivered")
#: meanings of a status where no status goes on by itself: only a person takes an order out of these
ENDED = ("cancelled", "refunded")
#: fields of an order line that make up what the shop shows of it
LINE_FIELDS = frozenset(
    {"product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount", "tax_ids"}
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_wanted_status = fields.Char(
        "Status the Shop Shall Have",
        readonly=True,
        copy=False,
        help="Meaning of the status that waits to be set in the shop.",
    )
    shop_notice = fields.Text(
        "Note about the Web Shop",
        readonly=True,
        copy=False,
        help="Why something about this order did not reach its shop.",
    )
    delivered_at = fields.Datetime(
        "Received by the Customer",
        readonly=True,
        copy=False,
        tracking=True,
        help="When the goods were reported as received.",
    )
    can_mark_delivered = fields.Boolean(compute="_compute_can_mark_delivered")

    @api.depends("state", "delivery_status", "delivered_at")
    def _compute_can_mark_delivered(self):
        for order in self:
            order.can_mark_delivered = (
                order.state == "sale" and order.delivery_status == "full" and not order.delivered_at
            )

    def action_view_shop_jobs(self):
        """Open what this order exchanged with its shop."""
        self.ensure_one()
        links = self.env["shop.binding"].search([("kind", "=", "order"), ("res_id", "=", self.id)])
        pickings, invoices = self.picking_ids.ids, self.invoice_ids.ids
        keys = {
            ("placing", "order_edit", "status"): self.ids,
            ("order",): links.mapped("external_id"),
            ("shipment", "delivery_note"): pickings,
            ("invoice",): invoices,
        }
        parts = [
            Domain("kind", "in", kinds) & Domain("key", "in", [str(key) for key in ids])
            for kinds, ids in keys.items()
        ]
        domain = Domain.OR(parts)
        if self.shop_id:
            domain &= Domain("shop_id", "=", self.shop_id.id)
        action = self.env["ir.actions.act_window"]._for_xml_id("shop_connector.shop_job_action")
        return action | {"domain": list(domain), "context": {}}

    # === STATUS ===

    def _send_shop_status(self, meaning):
        """Let the shops of these orders set the first status with that meaning.

        The last wish counts. Orders without a shop are left out; an order that is further already
        is not set back.
        """
        orders = self.filtered("shop_id")
        orders.shop_wanted_status = meaning
        for shop, of_shop in orders.grouped("shop_id").items():
            self.env["shop.job"]._mark("status", of_shop.ids, shop)

    def action_mark_delivered(self):
        """The customer has the goods: keep the moment, and tell the shop if it has a status.

        Another addon may do its part of this step (write off the goods) by ``super()``, first.
        """
        before = getattr(super(), "action_mark_delivered", None)
        if before:
            before()
        open_orders = self.filtered(lambda order: not order._has_left())
        if open_orders:
            raise UserError(
                self.env._(
                    "%s: not all goods have left yet. Validate the deliveries first.",
                    ", ".join(open_orders.mapped("name")),
                )
            )
        orders = self.filtered(lambda order: not order.delivered_at)
        orders.delivered_at = fields.Datetime.now()
        orders._send_shop_status("delivered")
        return True

    def _note_delivered(self):
        """The shop says that its customer has the goods: keep the moment."""
        orders = self.filtered(lambda o: o.shop_id and not o.delivered_at and o.state == "sale")
        if not orders:
            return
        # the statuses of a shop are nobody's secret, its other settings may be
        rows = self.env["shop.mapping"].sudo()
        rows = rows.search(
            [
                ("shop_id", "in", orders.shop_id.ids),
                ("kind", "=", "order_state"),
                ("meaning", "=", "delivered"),
            ]
        )
        codes = {(row.shop_id.id, row.external_code) for row in rows}
        orders.filtered(lambda o: (o.shop_id.id, o.shop_state) in codes)._take_reported_delivery()

    def _take_reported_delivery(self):
        """Keep the moment for those of which nothing is here any more.

        Another addon may do its part (write off the goods) by ``super()``, first.
        """
        before = getattr(super(), "_take_reported_delivery", None)
        result = before() if before else None
        arrived = self.filtered(lambda o: not o.delivered_at and o._has_left())
        arrived.delivered_at = fields.Datetime.now()
        return result

    def _has_left(self):
        """Whether nothing of this confirmed order waits to be sent; services count as sent.

        Goods on their way back wait too, but not to be sent.
        """
        waiting = self.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel") and one.location_id.usage != "customer"
        )
        return self.state == "sale" and not waiting

    # === WORDS FOR PEOPLE ===

    def _tell_conflict(self, text):
        """Shop and Odoo say different things: a person decides; told once."""
        for order in self:
            if not order._add_hold_reason(text):
                continue
            order.message_post(body=text)
            order.activity_schedule(
                "shop_connector.mail_activity_decision",
                summary=order._get_hold_summary(),
                note=text,
                user_id=(order.shop_id.user_id or order.user_id or self.env.user).id,
            )

    def _tell_notice(self, text):
        """Say (or with False no longer say) why something did not reach the shop."""
        for order in self:
            if (order.shop_notice or False) != text:
                order.shop_notice = text
                if text:
                    order.message_post(body=text)

    # === CHANGES ===

    def write(self, vals):
        result = super().write(vals)
        if "carrier_id" in vals:
            self._mark_shop_edit()
        if vals.get("shop_state"):
            self._note_delivered()
        return result

    def _has_pending_shop_edit(self):
        """Whether a change of this order is on its way to the shop."""
        self.ensure_one()
        domain = [
            ("kind", "=", "order_edit"),
            ("key", "=", str(self.id)),
            ("shop_id", "=", self.shop_id.id),
            ("state", "in", ("pending", "running")),
        ]
        # the exchanges are the system's, whoever asks
        Job = self.env["shop.job"].sudo()
        return bool(Job.search_count(domain, limit=1)) or Job._is_noted("order_edit", self.id)

    def _mark_shop_edit(self):
        """These orders may stand otherwise here than in their shops; the exchange compares."""
        if self.env.context.get("from_shop"):
            return
        # who edits an order need not be allowed to read the shop's settings
        orders = self.sudo().filtered(
            lambda order: order.shop_id.send_order_edits and order.state != "cancel"
        )
        for shop, of_shop in orders.grouped("shop_id").items():
            self.env["shop.job"]._mark("order_edit", of_shop.ids, shop)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._mark_shop_edit()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if LINE_FIELDS & vals.keys():
            self.order_id._mark_shop_edit()
        return result

    def unlink(self):
        orders = self.order_id
        result = super().unlink()
        orders.exists()._mark_shop_edit()
        return result


def is_progress(held, wanted):
    """Whether a status that means ``wanted`` may follow one that means ``held``.

    >>> is_progress("paid", "shipped"), is_progress("delivered", "shipped")
    (True, False)
    """
    if held == wanted or held in ENDED:
        return False
    if wanted not in PROGRESS or held not in PROGRESS:
        return True
    return PROGRESS.index(wanted) > PROGRESS.index(held)
