from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .invoices import InvoiceCase

SEE = "multi_warehouse_docs.group_purchase_prices"
# What tells the cost of a product, by model, and a way to a record of it from the product.
HIDDEN = {
    "product.product": ["standard_price", "avg_cost", "total_value"],
    "product.template": ["standard_price"],
    "product.supplierinfo": ["price", "price_discounted", "discount"],
    "stock.move": ["value", "remaining_value", "price_unit", "standard_price"],
    "stock.lot": ["standard_price", "avg_cost", "total_value"],
    "stock.quant": ["value"],
    "purchase.order": ["amount_untaxed", "amount_total"],
    "purchase.order.line": ["price_unit", "price_subtotal"],
    "stock.turnover": ["stock_value"],
    "stock.ledger.line": ["value"],
}


@tagged("post_install", "-at_install")
class TestPurchasePrices(InvoiceCase):
    """A storekeeper, a seller and a bookkeeper who need not know what the goods cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine.standard_price = 4
        cls.wine.seller_ids = [Command.create({"partner_id": cls.vendor.id, "price": 3.5})]
        cls.keeper = cls._user("keeper", "stock.group_stock_user")
        cls.chief = cls._user("chief", "stock.group_stock_manager,product.group_product_manager")
        cls.seller = cls._user("seller", "sales_team.group_sale_manager")
        cls.clerk = cls._user("clerk", "account.group_account_invoice")

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            f"base.group_user,base.group_allow_export,{groups}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    # === WHO ===

    def test_everybody_sees_them_until_an_administrator_takes_the_right(self):
        self.assertTrue(self.env.ref("base.user_admin").has_group(SEE))
        fresh = self.env["res.users"].create({"name": "New", "login": "fresh_user"})
        self.assertTrue(fresh.has_group(SEE))
        fresh.group_ids -= self.env.ref(SEE)
        self.assertFalse(fresh.has_group(SEE))

    def test_buyers_always_see_them(self):
        self.assertTrue(self._user("buyer", "purchase.group_purchase_user").has_group(SEE))

    # === WHAT ===

    def _records(self):
        order = self._buy(1, self.wine)
        order.button_confirm()
        self._validate(order.picking_ids)
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": self.wine.id})
        turnover = self.env["stock.turnover"].search([("product_id", "=", self.wine.id)])
        records = (
            self.wine,
            self.wine.product_tmpl_id,
            self.wine.seller_ids,
            order.picking_ids.move_ids,
            lot,
            self.wine.stock_quant_ids.filtered(lambda one: one.location_id.usage == "internal"),
            order,
            order.order_line,
            turnover,
            self.env["stock.ledger.line"].search([("product_id", "=", self.wine.id)])[:1],
        )
        return {record._name: record for record in records}

    def test_neither_read_nor_exported_nor_searched_nor_grouped(self):
        records = self._records()
        self.assertEqual(records.keys(), HIDDEN.keys())
        for model, names in HIDDEN.items():
            record = records[model].with_user(self.chief)
            self.assertTrue(record, model)
            record.read(["display_name"])
            for name in names:
                with self.subTest(model=model, field=name):
                    self._assert_refused(record, name)

    def _assert_refused(self, record, name):
        for ask in (
            lambda: record.read([name]),
            lambda: record.web_read({name: {}}),
            lambda: record.export_data([name]),
            lambda: record.search([(name, ">", 1)]),
            lambda: record.search([], order=f"{name} desc"),
            lambda: record.formatted_read_group([], [name], ["__count"]),
            lambda: record.formatted_read_group([], [], [f"{name}:sum"]),
        ):
            try:
                answer = ask()
            except (UserError, ValueError):
                continue  # no right, or Odoo cannot search a computed value at all
            self.fail(f"{record._name}.{name} was told: {answer}")
        self.assertNotIn(name, record.fields_get())
        self.assertNotIn(name, record.read()[0])

    def test_nor_by_way_of_another_record(self):
        order = self._order(1)
        line = order.order_line.with_user(self.seller)
        with self.assertRaises(AccessError):
            line.export_data(["product_id/standard_price"])
        with self.assertRaises(AccessError):
            line.search([("product_id.standard_price", ">", 1)])
        with self.assertRaises(AccessError):
            line.search([("product_id.seller_ids.price", ">", 1)])

    def test_who_has_the_right_reads_them(self):
        self.chief.group_ids |= self.env.ref(SEE)
        wine = self.wine.with_user(self.chief)
        self.assertEqual(wine.read(["standard_price"])[0]["standard_price"], 4)
        self.assertEqual(wine.seller_ids.price, 3.5)
        self.assertTrue(wine.search([("standard_price", "=", 4), ("id", "=", wine.id)]))

    def test_views_leave_them_out(self):
        for model, names in HIDDEN.items():
            for kind in ("list", "form", "search", "kanban", "pivot"):
                arch = self.env[model].with_user(self.chief).get_view(view_type=kind)["arch"]
                tree = etree.fromstring(arch)
                for name in names:
                    nodes = tree.xpath("//field[@name=$name][not(ancestor::field)]", name=name)
                    self.assertFalse(nodes, f"{name} in the {kind} of {model}")

    def test_forms_open(self):
        records = self._records()
        for model in ("product.product", "product.template", "purchase.order", "stock.lot"):
            record = records[model].with_user(self.chief)
            names = [
                name
                for name, field in record.fields_get().items()
                if field["type"] != "binary" or name == "tax_totals"
            ]
            arch = etree.fromstring(record.get_view(view_type="form")["arch"])
            shown = {
                node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")
            } & set(names)
            record.web_read({name: {} for name in shown})

    def test_reports_of_odoo_leave_them_out(self):
        for user, model, names in (
            (self.clerk, "account.invoice.report", ("price_margin", "inventory_value")),
            (self.chief, "stock.avco.report", ("value", "added_value", "justification")),
        ):
            report = self.env[model].with_user(user)
            for name in names:
                self.assertNotIn(name, report.fields_get())
                with self.assertRaises(UserError):
                    report.formatted_read_group([], [], [f"{name}:sum"])
        valuation = self.env["stock_account.stock.valuation.report"]
        for user in (self.chief, self.clerk, self.seller):
            with self.assertRaises(AccessError):
                valuation.with_user(user).get_report_values()
        self.assertTrue(valuation.get_report_values()["data"])

    def test_the_forecast_opens_without_the_value(self):
        self._stock(self.wine, 5, self.main)
        forecast = self.env["stock.forecasted_product_product"]
        for may, env in ((True, forecast), (False, forecast.with_user(self.chief))):
            docs = env.with_context(warehouse_id=self.main.id).get_report_values(self.wine.ids)
            self.assertEqual("value" in docs["docs"], may)

    # === WORK GOES ON ===

    def _by(self, user, picking):
        mine = picking.with_user(user)
        mine.action_assign()
        for move in mine.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        mine.button_validate()
        self.assertEqual(picking.state, "done")

    def test_the_whole_way_of_the_goods(self):
        for method in ("standard", "average", "fifo"):
            with self.subTest(method=method):
                self.wine.categ_id = self.env["product.category"].create(
                    {
                        "name": method,
                        "property_cost_method": method,
                        "property_valuation": "real_time",
                    }
                )
                self._go_all_the_way()

    def _go_all_the_way(self):
        order = self._buy(5, self.wine)
        order.button_confirm()
        self._by(self.keeper, order.picking_ids)
        sale = self._sell(2, self.wine, user_id=self.seller.id)
        sale.with_user(self.seller).action_confirm()
        self._by(self.keeper, sale.picking_ids)
        self.assertGreater(abs(sale.picking_ids.move_ids.value), 0)
        invoice = sale.with_user(self.seller)._create_invoices()
        invoice.with_user(self.clerk).action_post()
        self.assertEqual(invoice.state, "posted")
        self._by(self.keeper, self._transfer(1, self.main, self.internal, self.wine))
        back = self._return_by(self.keeper, sale.picking_ids)
        self._by(self.keeper, back)

    def _return_by(self, user, picking):
        wizard = (
            self.env["stock.return.picking"]
            .with_user(user)
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def test_partial_transfers_counts_and_scrap(self):
        self._stock(self.wine, 9, self.main)
        picking = self._transfer(4, self.main, self.internal, self.wine).with_user(self.keeper)
        picking.move_ids.quantity = 3
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        picking.backorder_ids.action_cancel()
        quant = self.env["stock.quant"].with_user(self.chief).with_context(inventory_mode=True)
        quant = quant.search(
            [("product_id", "=", self.wine.id), ("location_id", "=", self.main.lot_stock_id.id)]
        )
        quant.inventory_quantity = 5
        quant.action_apply_inventory()
        self.assertEqual(quant.quantity, 5)
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.keeper)
            .create(
                {
                    "product_id": self.wine.id,
                    "scrap_qty": 1,
                    "location_id": self.main.lot_stock_id.id,
                }
            )
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")

    def test_selling_what_is_bought_to_order(self):
        routes = self.main.mto_pull_id.route_id | self.main.buy_pull_id.route_id
        routes.active = True
        product = self._product(
            "Barrel",
            route_ids=[Command.set(routes.ids)],
            seller_ids=[Command.create({"partner_id": self.vendor.id, "price": 7})],
        )
        order = self._sell(1, product, user_id=self.seller.id)
        order.with_user(self.seller).action_confirm()
        bought = self.env["purchase.order.line"].search([("product_id", "=", product.id)])
        self.assertEqual(bought.price_unit, 7)

    def test_prices_by_cost_are_quoted_without_telling_the_cost(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Cost plus",
                "item_ids": [
                    Command.create(
                        {"base": "standard_price", "compute_price": "formula", "price_markup": 50}
                    )
                ],
            }
        )
        order = (
            self.env["sale.order"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.customer.id,
                    "pricelist_id": pricelist.id,
                    "order_line": [Command.create({"product_id": self.wine.id})],
                }
            )
        )
        self.assertEqual(order.order_line.price_unit, 6)

    def test_products_and_lots_are_entered_without_a_cost(self):
        template = self.env["product.template"].with_user(self.chief)
        product = template.create({"name": "Oil", "is_storable": True, "tracking": "lot"})
        product.name = "Olive Oil"
        product.categ_id = self.env["product.category"].create(
            {"name": "Oils", "property_cost_method": "average"}
        )
        lot = self.env["stock.lot"].with_user(self.chief)
        lot.create({"name": "O1", "product_id": product.product_variant_id.id})
        with self.assertRaises(AccessError):
            template.create({"name": "Vinegar", "standard_price": 2})
        with self.assertRaises(AccessError):
            product.product_variant_id.standard_price = 2
