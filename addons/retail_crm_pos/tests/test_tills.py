"""Two tills in two stores, a web shop and the phone: each is a row of its own."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged("post_install", "-at_install")
class TestTills(TestPoSCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("retail_crm.group_retail_crm_manager") + cls.env.ref(
            "multi_warehouse_docs.group_purchase_prices"
        )
        cls.rome, cls.milan, cls.phone = cls.env["sales.channel"].create(
            [
                {"name": "Via Roma", "channel_type": "store"},
                {"name": "Corso Milano", "channel_type": "store"},
                {"name": "Phone", "channel_type": "phone"},
            ]
        )
        cls.first = cls.basic_config
        cls.second = cls.first.copy({"name": "Second Till"})
        cls.first.channel_id, cls.second.channel_id = cls.rome, cls.milan
        cls.wine = cls.create_product("Wine", cls.categ_basic, 10.0, 4.0)
        cls.wine.taxes_id = False

    def _sell(self, config, quantity, **values):
        """A paid sale of so many bottles at a till."""
        if not config.current_session_id:
            config.open_ui()
        amount = 10.0 * quantity
        line = {
            "product_id": self.wine.id,
            "qty": quantity,
            "price_unit": 10.0,
            "price_subtotal": amount,
            "price_subtotal_incl": amount,
            "total_cost": 4.0 * quantity,
        }
        return self.env["pos.order"].create(
            {
                "session_id": config.current_session_id.id,
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "lines": [Command.create(line)],
                "amount_tax": 0.0,
                "amount_total": amount,
                "amount_paid": amount,
                "amount_return": 0.0,
                "state": "paid",
                **values,
            }
        )

    def _call(self, quantity):
        """An order by phone."""
        line = {"product_id": self.wine.id, "product_uom_qty": quantity, "price_unit": 10.0}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "channel_id": self.phone.id,
                "order_line": [Command.create(line)],
            }
        )
        order.action_confirm()
        self.env.flush_all()
        return order

    def test_005_two_tills_are_two_rows_beside_the_phone(self):
        self._sell(self.first, 3)
        self._sell(self.first, 1)
        self._sell(self.second, 2)
        self._call(5)
        channels = self.rome | self.milan | self.phone
        domain = [("channel_id", "in", channels.ids)]
        rows = self.env["sale.report"]._read_group(domain, ["channel_id"], ["price_subtotal:sum"])
        self.assertEqual(dict(rows), {self.rome: 40.0, self.milan: 20.0, self.phone: 50.0})
        rows = self.env["retail.channel.report"]._read_group(
            domain,
            ["channel_id"],
            ["revenue:sum", "order_count:sum", "average_order:avg", "margin:sum"],
        )
        self.assertEqual(
            {channel: figures for channel, *figures in rows},
            {
                self.rome: [40.0, 2, 20.0, 24.0],
                self.milan: [20.0, 1, 20.0, 12.0],
                self.phone: [50.0, 1, 50.0, 30.0],
            },
        )

    def test_005_a_cancelled_sale_is_no_revenue(self):
        self._sell(self.first, 1)
        self._sell(self.first, 4, state="cancel")
        self.env.flush_all()
        [(revenue, cancelled)] = self.env["retail.channel.report"]._read_group(
            [("channel_id", "=", self.rome.id)], [], ["revenue:sum", "cancel_rate:avg"]
        )
        self.assertEqual((revenue, cancelled), (10.0, 50.0))

    def test_005_a_sale_keeps_its_store_when_the_till_moves(self):
        sale = self._sell(self.first, 1)
        self.first.channel_id = self.milan
        self.assertEqual(sale.channel_id, self.rome)
        self.assertEqual(self._sell(self.first, 1).channel_id, self.milan)

    def test_005_the_invoice_of_a_sale_carries_the_store(self):
        sale = self._sell(self.first, 1)
        self.assertEqual(sale._prepare_invoice_vals()["channel_id"], self.rome.id)

    def test_005_the_channel_is_set_in_the_settings_of_the_till(self):
        settings = self.env["res.config.settings"].create({"pos_config_id": self.second.id})
        settings.pos_channel_id = self.phone
        self.assertEqual(self.second.channel_id, self.phone)
        arch = settings.get_view(view_type="form")["arch"]
        self.assertIn('name="pos_channel_id"', arch)
