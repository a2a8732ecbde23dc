"""Invoices that make themselves when the channel says so, and what an order tells of them."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.shop_connector.shopapi.documents import Visit
from odoo.addons.shop_connector.tests.common import ShopCase

from ..models import sale_order_invoicing
from .common import DeskCase

DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestChannelInvoices(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel.responsible_id = False
        cls.env["stock.quant"]._update_available_quantity(
            cls.glass,
            cls.env["stock.warehouse"]
            .search([("company_id", "=", cls.company.id)], limit=1)
            .lot_stock_id,
            100,
        )

        cls.env["account.payment.method"].create(
            {"name": "Online", "code": "none", "payment_type": "inbound"}
        )
        bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.provider = cls.env["payment.provider"].create({"name": "Online", "code": "none"})
        cls.provider.write({"state": "test", "journal_id": bank.id})

    def _confirmed(self, policy, **values):
        self.channel.invoice_policy = policy
        order = self._order(channel_id=self.channel.id, user_id=self.anna.id, **values)
        order.action_confirm()
        return order

    def _ship(self, order, quantity=None):
        picking = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        for move in picking.move_ids:
            move.quantity = quantity or move.product_uom_qty
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def _pay_online(self, order, amount=None, state="done"):
        method = self.env["payment.method"].search([], limit=1)
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": method.id,
                "reference": f"pay {order.name} {amount}",
                "amount": amount or order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.link(order.id)],
                "state": state,
            }
        )
        payment._post_process()
        return payment

    def _shop_pays(self, order, external_id, amount, **values):
        return self.env["shop.payment"].create(
            {
                "shop_id": order.shop_id.id,
                "order_id": order.id,
                "external_id": external_id,
                "kind": "payment",
                "amount": amount,
                "currency_id": order.currency_id.id,
                **values,
            }
        )

    # === WHEN ===

    def test_044_manual_makes_none(self):
        order = self._confirmed("manual")
        self._ship(order)
        self.assertFalse(order.invoice_ids)

    def test_044_on_confirm(self):
        order = self._confirmed("confirm")
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.amount_total, order.amount_total)
        self.assertEqual(order.invoice_ids.channel_id, self.channel)
        self._ship(order)
        self.assertEqual(len(order.invoice_ids), 1)

    def test_044_on_shipping_each_parcel(self):
        order = self._confirmed("shipping")
        self.assertFalse(order.invoice_ids)
        self._ship(order, quantity=1)
        self.assertEqual(order.invoice_ids.amount_untaxed, 10)
        self._ship(order)
        self.assertEqual(sum(order.invoice_ids.mapped("amount_untaxed")), 20)
        self.assertEqual(set(order.invoice_ids.mapped("state")), {"posted"})

    def test_044_on_shipping_goods_counted_by_order_wait_for_the_last_parcel(self):
        self.glass.invoice_policy = "order"
        order = self._confirmed("shipping")
        self._ship(order, quantity=1)
        self.assertFalse(order.invoice_ids)
        self._ship(order)
        self.assertEqual(order.invoice_ids.amount_untaxed, 20)

    def test_044_on_shipping_services_need_no_parcel(self):
        self.glass.write({"type": "service", "is_storable": False, "invoice_policy": "order"})
        self.assertEqual(self._confirmed("shipping").invoice_ids.state, "posted")

    def test_044_on_payment(self):
        order = self._confirmed("payment")
        self._pay_online(order, amount=5)
        self.assertFalse(order.invoice_ids)
        self._pay_online(order, amount=order.amount_total - 5)
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.amount_total, order.amount_total)

    def test_044_paid_before_it_is_confirmed(self):
        self.channel.invoice_policy = "payment"
        order = self._order(channel_id=self.channel.id, require_payment=True)
        self._pay_online(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_044_what_went_back_or_is_other_money_does_not_pay(self):
        self.channel.invoice_policy = "payment"
        shop = self.env["shop.shop"].create({"name": "Cellar", "base_url": "http://127.0.0.1:9"})
        order = self._order(channel_id=self.channel.id, shop_id=shop.id)
        order.action_confirm()
        total = order.amount_total
        currencies = self.env["res.currency"].with_context(active_test=False)
        other = currencies.search([("id", "!=", order.currency_id.id)], limit=1)
        self._shop_pays(order, "a", total - 1)
        self._shop_pays(order, "b", total, currency_id=other.id)
        self.assertFalse(order._is_paid_ahead())
        self._shop_pays(order, "c", total, kind="refund")
        self._shop_pays(order, "d", total)
        self.assertFalse(order._is_paid_ahead())
        self.assertFalse(order.invoice_ids or order.invoice_is_due)
        self._shop_pays(order, "e", 1)
        self.assertTrue(order._is_paid_ahead())

    def test_044_money_held_on_a_card_has_not_come(self):
        order = self._confirmed("payment")
        payment = self._pay_online(order, state="draft")
        self.env.flush_all()
        # by the database: Odoo asks the provider whether it can hold money
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = 'authorized' WHERE id = %s", [payment.id]
        )
        self.env.invalidate_all()
        self.assertEqual(order._get_paid_amount(), order.amount_total)
        self.assertFalse(order._is_paid_ahead())

    def test_044_who_ships_need_not_be_allowed_to_invoice(self):
        order = self._confirmed("shipping")
        self.anna.group_ids += self.env.ref("stock.group_stock_user")
        picking = order.picking_ids.with_user(self.anna)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_044_an_invoice_taken_back_does_not_come_again(self):
        order = self._confirmed("confirm")
        order.invoice_ids.button_draft()
        order.invoice_ids.button_cancel()
        self._ship(order)
        self.assertEqual(order.invoice_ids.state, "cancel")

    # === FAILURES, MANY ===

    def test_044_a_failure_is_one_task_on_the_order(self):
        self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        ).active = False
        order = self._confirmed("confirm")
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.invoice_ids)
        kind = self.env.ref("retail_crm.mail_activity_invoice")
        task = order.activity_ids.filtered(lambda one: one.activity_type_id == kind)
        self.assertEqual(task.user_id, self.anna)
        self.assertIn("journal", str(task.note).lower())
        order._make_channel_invoices()
        task = order.activity_ids.filtered(lambda one: one.activity_type_id == kind)
        self.assertEqual(len(task), 1)

    def test_044_many_orders_are_left_to_the_scheduled_action(self):
        self.channel.invoice_policy = "confirm"
        orders = self.env["sale.order"].union(
            *(self._order(channel_id=self.channel.id) for _number in range(3))
        )
        with patch.object(sale_order_invoicing, "AT_ONCE", 2):
            orders.action_confirm()
        self.assertFalse(orders.invoice_ids)
        cron = self.env.ref("retail_crm.ir_cron_channel_invoices")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        orders.invalidate_recordset()
        self.assertEqual(len(orders.invoice_ids), 3)
        self.assertEqual(set(orders.invoice_ids.mapped("state")), {"posted"})
        self.assertFalse(any(orders.mapped("invoice_is_due")))

    def test_044_what_was_invoiced_and_credited_meanwhile_is_not_invoiced_again(self):
        self.channel.invoice_policy = "confirm"
        order = self._order(channel_id=self.channel.id)
        order.with_context(from_shop=True).action_confirm()
        self.assertTrue(order.invoice_is_due)
        order._force_lines_to_invoice_policy_order()
        invoice = order._create_invoices()
        invoice.action_post()
        invoice._reverse_moves(cancel=True)
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.ir_cron_channel_invoices").method_direct_trigger()
        order.invalidate_recordset()
        self.assertEqual(
            sorted(order.invoice_ids.mapped("move_type")), ["out_invoice", "out_refund"]
        )
        self.assertFalse(order.invoice_is_due)

    # === WHAT THE ORDER TELLS ===

    def _status(self, order):
        self.env.invalidate_all()
        status = order.invoicing_status
        for one in ("no", "to_invoice", "invoiced", "partial", "overdue", "paid"):
            found = self.env["sale.order"].search(
                [("id", "=", order.id), ("invoicing_status", "=", one)]
            )
            self.assertEqual(bool(found), one == status, f"{one}, but it is {status}")
        others = self.env["sale.order"].search(
            [("id", "=", order.id), ("invoicing_status", "!=", status)]
        )
        self.assertFalse(others)
        return status

    def _pay(self, invoice, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"amount": amount, "payment_date": fields.Date.today()})._create_payments()

    def test_045_from_quotation_to_paid(self):
        self.glass.invoice_policy = "order"
        order = self._order()
        self.assertEqual(self._status(order), "no")
        order.action_confirm()
        self.assertEqual(self._status(order), "to_invoice")
        invoice = order._create_invoices()
        self.assertEqual(self._status(order), "no")
        invoice.action_post()
        self.assertEqual(self._status(order), "invoiced")
        self._pay(invoice, 5)
        self.assertEqual(self._status(order), "partial")
        self._pay(invoice, invoice.amount_residual)
        self.assertIn(self._status(order), ("paid",))

    def test_045_an_invoice_past_its_day_is_overdue(self):
        self.glass.invoice_policy = "order"
        order = self._order()
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_date = fields.Date.today() - 40 * DAY
        invoice.invoice_date_due = fields.Date.today() - DAY
        invoice.action_post()
        self.assertEqual(self._status(order), "overdue")
        seen = order.with_user(self.anna)
        order.user_id = self.anna
        self.assertEqual(seen.invoicing_status, "overdue")

    def test_045_the_current_orders_show_it(self):
        arch = self.env["sale.order"].get_view(
            self.env.ref("retail_crm.sale_order_view_list_current").id, "list"
        )["arch"]
        self.assertIn('name="invoicing_status"', arch)


@tagged("post_install", "-at_install")
class TestShopInvoices(ShopCase):
    def test_044_an_order_paid_in_its_shop_is_invoiced(self):
        self.shop.channel_id.invoice_policy = "payment"
        self._product(stock=50)
        self._sync()
        order = self._place([("GLASS", 2)], payment="ps_checkout")
        self.assertEqual(order.state, "sale")
        # it is made by the scheduled action: an import neither waits for it nor is undone by it
        self.assertFalse(order.invoice_ids)
        self.assertTrue(order.invoice_is_due)
        with self.enter_registry_test_mode():
            self.env.ref("retail_crm.ir_cron_channel_invoices").method_direct_trigger()
        order.invalidate_recordset()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.channel_id, self.shop.channel_id)

    def test_015_visits_that_the_shop_tells_are_kept_with_the_order(self):
        self._product(stock=50)
        self._sync()
        order = self._place([("GLASS", 1)])
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)[order.id]
        with self.shop._open_adapter(read_only=True) as adapter:
            [document] = adapter.fetch_orders([link.external_id])
        landing = "https://shop.example.test/mugs"
        visits = (
            Visit(visited_at=document.placed_at - DAY, source="google", landing=landing),
            Visit(visited_at=document.placed_at + DAY, source="mugs-mail"),
        )
        importer = self.env["shop.sync.order"]
        importer._follow_extras(self.shop, order, [replace(document, visits=visits)])
        first, last = order.first_touch_id, order.last_touch_id
        self.assertEqual((first.source_id.name, first.landing), ("google", landing))
        self.assertEqual(last.touched_at, document.placed_at.replace(tzinfo=None))
        self.assertEqual(order.source_id.name, "mugs-mail")

    def test_013_a_shop_does_not_take_the_customers_of_a_channel_apart(self):
        self._product(stock=50)
        self._sync()
        first = self._place([("GLASS", 1)])
        # known here by the e-mail alone, as somebody who bought by phone
        links = self.env["shop.binding"]._by_record(self.shop, "customer", first.partner_id.ids)
        self.env["shop.binding"].union(*links.values()).unlink()
        first.partner_id.scope_channel_id = self.env["sales.channel"].create({"name": "Club"})
        second = self._place([("GLASS", 1)])
        self.assertNotEqual(second.partner_id, first.partner_id)
