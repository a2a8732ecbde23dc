from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestRights(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "base.group_user,sales_team.group_sale_salesman_all_leads"
        cls.seller = new_test_user(cls.env, "seller", sales)
        cls.user = new_test_user(
            cls.env, "shop_user", "base.group_user,shop_connector.group_shop_connector_user"
        )
        cls.manager = new_test_user(
            cls.env, "shop_manager", "base.group_user,shop_connector.group_shop_connector_manager"
        )
        cls.stockman = new_test_user(cls.env, "stockman", "base.group_user,stock.group_stock_user")
        cls.editor = new_test_user(
            cls.env, "editor", "base.group_user,product.group_product_manager"
        )

    def test_nobody_but_system_administrators_reads_the_key(self):
        for user in (self.seller, self.user, self.manager):
            with self.assertRaises(AccessError):
                self.shop.with_user(user).read(["api_key"])
        self.assertNotIn("api_key", self.shop.with_user(self.manager).fields_get())

    def test_a_shop_user_synchronises_without_seeing_the_key(self):
        self._product(stock=2)
        figures = self.shop.with_user(self.user).action_sync_now()
        self.assertEqual(figures["sent"]["product"], 1)

    def test_a_shop_user_retries_what_failed(self):
        self._product("BAD", barcode="12AB")
        self._sync()
        job = self._failed("product")
        job.with_user(self.user).action_retry()
        self.assertEqual(job.state, "pending")

    def test_only_the_manager_connects(self):
        with self.assertRaisesRegex(Exception, "Only an administrator"):
            self.shop.with_user(self.user).action_connect()
        self.shop.with_user(self.manager).action_connect()
        self.assertEqual(self.shop.state, "connected")

    def test_a_shop_user_changes_no_shop(self):
        with self.assertRaises(AccessError):
            self.shop.with_user(self.user).name = "Mine"

    def test_a_product_editor_marks_without_rights_on_the_queue(self):
        template = self._product()
        self._sync()
        template.with_user(self.editor).list_price = 77.0
        self.env["shop.job"]._flush_marks()
        self._sync()
        self.assertEqual(float(self.simulator.product_by_sku("GLASS")["price"]), 77.0)

    def test_a_warehouse_man_validates_a_web_order(self):
        self._product(stock=5)
        self._sync()
        order = self._place([("GLASS", 1)], payment="ps_checkout")
        picking = order.picking_ids.with_user(self.stockman)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(self._sync()["sent"]["shipment"], 1)

    def test_a_seller_opens_orders_and_products_of_a_shop(self):
        template = self._product(stock=5)
        self._sync()
        order = self._place([("GLASS", 1)], payment="ps_checkout")
        seen = order.with_user(self.seller).read(
            ["shop_id", "shop_state_name", "channel_id", "shop_hold_reason"]
        )
        self.assertTrue(seen[0]["shop_state_name"])
        self.assertEqual(template.with_user(self.seller).shop_ids, self.shop)
        self.assertFalse(template.with_user(self.seller).shop_problem)

    def test_only_a_system_administrator_sends_the_key_elsewhere(self):
        with self.assertRaisesRegex(UserError, "system administrator"):
            self.shop.with_user(self.manager).base_url = "http://127.0.0.1:9"

    def test_employees_start_nothing(self):
        employee = new_test_user(self.env, "employee", "base.group_user")
        template = self._product()
        self._sync()
        with self.assertRaises(AccessError):
            self.shop.with_user(employee).action_sync_now()
        with self.assertRaises(AccessError):
            self.shop.with_user(employee).action_compare_all()
        with self.assertRaises(AccessError):
            template.shop_link_ids.with_user(employee).action_send_again()
        with self.assertRaises(AccessError):
            self.env["product.template"].with_user(employee).browse(
                template.id
            ).action_send_to_shops()

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "base.group_user,shop_connector.group_shop_connector_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("shop.shop", "shop.mapping", "shop.binding", "shop.job"):
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        with self.assertRaises(AccessError):
            self.shop.with_user(stranger).action_sync_now()

    def test_who_sees_own_orders_only_sees_the_money_of_these_only(self):
        self._product(stock=9)
        self._sync()
        order = self._place([("GLASS", 1)], payment="ps_checkout")
        group = "base.group_user,sales_team.group_sale_salesman"
        own, other = (new_test_user(self.env, login, group) for login in ("own", "other"))
        order.user_id = own
        money = order.shop_payment_ids
        self.assertTrue(money)
        Payment = self.env["shop.payment"]
        domain = [("order_id", "=", order.id)]
        self.assertEqual(Payment.with_user(own).search(domain), money)
        self.assertFalse(Payment.with_user(other).search(domain))
        for user in (self.seller, self.user, self.manager):
            self.assertEqual(Payment.with_user(user).search(domain), money, user.login)
