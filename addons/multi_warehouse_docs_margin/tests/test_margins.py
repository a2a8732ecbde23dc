from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

HIDDEN = {
    "sale.order": ["margin", "margin_percent"],
    "sale.order.line": ["purchase_price", "margin", "margin_percent"],
    "sale.report": ["margin"],
}


@tagged("post_install", "-at_install")
class TestMargins(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine = cls.env["product.product"].create(
            {"name": "Wine", "list_price": 10, "standard_price": 4}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Restaurant"})
        groups = "base.group_user,sales_team.group_sale_manager,base.group_allow_export"
        cls.seller = new_test_user(cls.env, "marginless", groups)
        cls.chief = new_test_user(
            cls.env, "margins", f"{groups},multi_warehouse_docs.group_purchase_prices"
        )

    def _order(self, user):
        line = Command.create({"product_id": self.wine.id})
        return (
            self.env["sale.order"]
            .with_user(user)
            .create({"partner_id": self.customer.id, "order_line": [line]})
        )

    def test_orders_of_all_have_margins_but_not_all_see_them(self):
        order = self._order(self.seller)
        order.action_confirm()
        order.order_line.product_uom_qty = 2
        self.assertEqual(order.with_user(self.chief).margin, 12)
        self.env.flush_all()
        report = self.env["sale.report"].search(
            [("order_reference", "=", f"sale.order,{order.id}")]
        )
        for record in (order, order.order_line, report):
            mine = record.with_user(self.seller)
            self.assertTrue(mine)
            for name in HIDDEN[record._name]:
                for ask in (
                    lambda mine=mine, name=name: mine.read([name]),
                    lambda mine=mine, name=name: mine.search([(name, ">", 1)]),
                    lambda mine=mine, name=name: mine.export_data([name]),
                    lambda mine=mine, name=name: mine.formatted_read_group([], [], [f"{name}:sum"]),
                ):
                    with self.assertRaises(AccessError):
                        ask()

    def test_views_leave_them_out(self):
        for model, kind, name in (
            ("sale.order", "form", "margin"),
            ("sale.order", "form", "purchase_price"),
            ("sale.report", "pivot", "margin"),
        ):
            for user, shown in ((self.seller, False), (self.chief, True)):
                arch = self.env[model].with_user(user).get_view(view_type=kind)["arch"]
                found = etree.fromstring(arch).xpath("//field[@name=$name]", name=name)
                if not shown or model == "sale.order":
                    self.assertEqual(bool(found), shown, f"{name} in the {kind} of {model}")
