"""What a person at the desk does with an order: ship, discount, confirm, invoice, send."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

#: Methods whose price Odoo knows without asking the carrier over the network.
LOCAL_RATES = ("fixed", "base_on_rule")


class RetailOrderDesk(models.AbstractModel):
    _inherit = "retail.order.desk"

    def _describe_steps(self, order):
        """Return what can be done next with an order."""
        quotation = order.state in ("draft", "sent")
        invoices = order.invoice_ids.filtered(lambda move: move.state != "cancel")
        return {
            "can_confirm": quotation and bool(self._get_goods(order)),
            "can_invoice": order.state == "sale" and order.invoice_status == "to invoice",
            "can_place": order.can_place_in_shop,
            "carrier_id": order.carrier_id.id,
            "carrier": order.carrier_id.name or "",
            "amount_open": order.amount_total - order.amount_paid,
            "invoices": [
                {"id": move.id, "name": move.name or self.env._("Draft"), "state": move.state}
                for move in invoices
            ],
            "stages": [{"id": stage.id, "name": stage.name} for stage in order.allowed_stage_ids],
            "other_drafts": [
                {"id": other.id, "name": other.name} for other in self._get_other_drafts(order)
            ],
        }

    def _get_other_drafts(self, order):
        if order.state not in ("draft", "sent"):
            return order.browse()
        return order.search(
            [
                ("partner_id", "=", order.partner_id.id),
                ("company_id", "=", order.company_id.id),
                ("state", "in", ("draft", "sent")),
                # to cancel a web order would cancel it in its shop
                ("shop_id", "=", False),
                ("id", "!=", order.id),
            ],
            limit=5,
        )

    # === SHIPPING ===

    @api.model
    def find_shipping_methods(self, order_id):
        """Return the methods that reach the customer, with price or what keeps them from it.

        A carrier that must be asked over the network has no price until it is chosen.
        """
        order = self._get_order_to_change(order_id)
        wizard = self.env["choose.delivery.carrier"].new({"order_id": order.id})
        found = []
        for carrier in wizard.available_carrier_ids._origin:
            rate = self._get_rate(order, carrier) if carrier.delivery_type in LOCAL_RATES else {}
            found.append(
                {
                    "id": carrier.id,
                    "name": carrier.name,
                    "price": rate.get("price", False) if rate.get("success") else False,
                    "problem": rate.get("error_message") or "",
                    "message": rate.get("warning_message") or "",
                    "currency_id": order.currency_id.id,
                }
            )
        if not found:
            raise UserError(self.env._("No shipping method reaches this address."))
        return found

    def _get_rate(self, order, carrier):
        return carrier.with_context(order_weight=order.shipping_weight).rate_shipment(order)

    @api.model
    def choose_shipping(self, order_id, carrier_id):
        """Put a shipping method and its price on the order."""
        order = self._get_order_to_change(order_id)
        wizard = self.env["choose.delivery.carrier"].create(
            {
                "order_id": order.id,
                "carrier_id": carrier_id,
                "total_weight": order.shipping_weight,
            }
        )
        problem = wizard._get_delivery_rate().get("error_message")
        if problem:
            raise UserError(problem)
        wizard.button_confirm()
        return self._describe_order(order)

    def _refresh_shipping(self, order):
        """Keep the price of shipping right while lines change: it may depend on them."""
        carrier = order.carrier_id
        line = order.order_line.filtered("is_delivery")
        if not line or carrier.delivery_type not in LOCAL_RATES:
            return
        rate = self._get_rate(order, carrier)
        if rate.get("success") and order.currency_id.compare_amounts(
            rate["price"], line.price_unit
        ):
            order.set_delivery_line(carrier, rate["price"])

    # === DISCOUNT ===

    @api.model
    def discount_order(self, order_id, percent=0.0, amount=0.0):
        """Give a discount on the whole order; a percentage or an amount replaces its like.

        ``percent`` (0 to 100) is taken off each line of goods, ``amount`` (in the currency of the
        order, taxes included) is a line of its own. Both 0: no discount.
        """
        order = self._get_order_to_change(order_id)
        if not 0 <= percent <= 100 or amount < 0:
            raise UserError(self.env._("A discount is between 0 and 100 percent, or an amount."))
        extra = order.company_id.sale_discount_product_id
        if extra:
            order.order_line.filtered(lambda line: line.product_id == extra).unlink()
        if not amount:  # an amount comes on top of what the lines have
            self._get_goods(order).discount = percent
        if amount:
            if order.currency_id.compare_amounts(amount, order.amount_total) > 0:
                raise UserError(
                    self.env._(
                        "The discount is more than the order: %s.",
                        self._format_amount(order.amount_total, order.currency_id),
                    )
                )
            self.env["sale.order.discount"].create(
                {"sale_order_id": order.id, "discount_type": "amount", "discount_amount": amount}
            ).action_apply_discount()
        return self._finish_change(order)

    # === CONFIRM ===

    @api.model
    def confirm(self, order_id, despite_shortage=False):
        """Confirm the order; if goods are missing, tell it in ``question`` and do nothing."""
        order = self._get_order_to_change(order_id)
        shortages = [] if despite_shortage else self._get_shortages(order)
        if shortages:
            return {**self._describe_order(order), "question": shortages}
        order.action_confirm()
        return self._describe_left(order)

    def _describe_left(self, order):
        """Return an order after a step that may have given it to somebody else."""
        if order.has_access("read"):
            return self._describe_order(order)
        return self._describe_lost(order)

    def _describe_lost(self, order):
        """Return an order that a rule gave to somebody else, as whoever confirmed it leaves it.

        ``notices`` say whose it is now.
        """
        # sudo: they entered it, and see it once more; what comes next is not theirs to do
        order = order.sudo()
        person = order.user_id.name or order.team_id.name
        nothing = {"can_invoice": False, "can_place": False, "margin": False, "stages": []}
        notice = self.env._("%(order)s is with %(person)s now.", order=order.name, person=person)
        return {**self.sudo()._describe_order(order), **nothing, "notices": [notice]}

    def _get_shortages(self, order):
        """Return a sentence for each product of which less is free than the order wants."""
        goods = self._get_goods(order)
        stock = self._get_stock(goods.product_id, order)
        wanted = {}
        for line in goods.filtered("product_id.is_storable"):
            product = line.product_id
            quantity = line.product_uom_id._compute_quantity(line.product_uom_qty, product.uom_id)
            wanted[product] = wanted.get(product, 0.0) + quantity
        return [
            self.env._(
                "%(product)s: %(wanted)s wanted, %(free)s free in %(warehouse)s.",
                product=product.display_name,
                wanted=f"{quantity:g}",
                free=f"{max(stock[product]['free'], 0):g}",
                warehouse=order.warehouse_id.name,
            )
            for product, quantity in wanted.items()
            if float_compare(
                stock[product]["free"], quantity, precision_rounding=product.uom_id.rounding
            )
            < 0
        ]

    @api.model
    def enter_stage(self, order_id, stage_id):
        """Move the order on in its process, with all that the stage does."""
        order = self.env["sale.order"].browse(order_id)
        order._enter_stage(self.env["retail.order.stage"].browse(stage_id))
        return self._describe_left(order)

    @api.model
    def place_in_shop(self, order_id):
        """Let the web shop of the order's channel have it, so that its customer sees it there."""
        order = self.env["sale.order"].browse(order_id)
        order.action_place_in_shop()
        return self._describe_order(order)

    # === DOCUMENTS ===

    @api.model
    def invoice(self, order_id):
        """Make the invoice of what can be invoiced; posted by those who may post invoices."""
        order = self.env["sale.order"].browse(order_id)
        if order.state != "sale":
            raise UserError(self.env._("%s: confirm the order first.", order.name))
        # Odoo makes invoices for sellers with rights that they do not have to post them
        moves = order._create_invoices().sudo(False)
        if moves.has_access("write"):
            moves.action_post()
        return self._describe_order(order)

    @api.model
    def print_document(self, order_id):
        """Return the action that prints the posted invoice, else the order."""
        order = self.env["sale.order"].browse(order_id)
        moves = order.invoice_ids.filtered(lambda move: move.state == "posted")
        if moves:
            return self.env.ref("account.account_invoices").report_action(moves, config=False)
        return self.env.ref("sale.action_report_saleorder").report_action(order, config=False)

    @api.model
    def get_payment_link(self, order_id):
        """Return the link by which the customer pays and follows the order without logging in."""
        order = self.env["sale.order"].browse(order_id)
        wizard = (
            self.env["payment.link.wizard"]
            .with_context(active_model="sale.order", active_id=order.id)
            .create({})
        )
        if wizard.warning_message:
            raise UserError(wizard.warning_message)
        return {
            "link": wizard.link,
            "amount": wizard.amount,
            "currency_id": wizard.currency_id.id,
            "phone": order.partner_id.phone or "",
            "email": order.partner_id.email or "",
        }

    # === MESSAGES ===

    @api.model
    def send_mail(self, order_id):
        """Return the action that shows the order's e-mail, ready to send."""
        order = self.env["sale.order"].browse(order_id)
        if not order.partner_id.email:
            raise UserError(self.env._("No e-mail of %s is known.", order.partner_id.display_name))
        return order.action_quotation_send()

    @api.model
    def send_sms(self, order_id, with_payment_link=False):
        """Return the action that shows a text message on the order, ready to send."""
        order = self.env["sale.order"].browse(order_id)
        if not order.partner_id.phone:
            raise UserError(
                self.env._("No phone number of %s is known.", order.partner_id.display_name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send SMS"),
            "res_model": "sms.composer",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model": "sale.order",
                "default_res_id": order.id,
                "default_composition_mode": "comment",
                "default_body": self._get_sms_text(order, with_payment_link),
            },
        }

    def _get_sms_text(self, order, with_payment_link):
        reader = self.with_context(lang=order.partner_id.lang or self.env.lang)
        amount = reader._format_amount(order.amount_total, order.currency_id)
        if with_payment_link:
            return reader.env._(
                "%(company)s: order %(order)s, %(amount)s. You can pay here: %(link)s",
                company=order.company_id.name,
                order=order.name,
                amount=amount,
                link=self.get_payment_link(order.id)["link"],
            )
        return reader.env._(
            "%(company)s: order %(order)s, %(amount)s. You can follow it here: %(link)s",
            company=order.company_id.name,
            order=order.name,
            amount=amount,
            link=order.get_base_url() + order.get_portal_url(),
        )

    # === TOGETHER ===

    @api.model
    def merge_drafts(self, order_id):
        """Move the lines of the customer's other drafts to this one."""
        order = self._get_order_to_change(order_id)
        others = self._get_other_drafts(order)
        if not others:
            raise UserError(self.env._("%s is the customer's only quotation.", order.name))
        order._merge(others)
        return self._finish_change(order)

    @api.model
    def split_order(self, order_id, line_ids):
        """Move lines to an order of their own. Returns this one, with ``split_id`` of the new."""
        order = self._get_order_to_change(order_id)
        lines = self._get_goods(order).filtered(lambda line: line.id in line_ids)
        new = order._split(lines)
        return {**self._finish_change(order), "split_id": new.id}
