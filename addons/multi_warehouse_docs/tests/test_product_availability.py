from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..models.product_availability import SHOW
from .common import AvailabilityCase


@tagged("post_install", "-at_install")
class TestProductAvailability(AvailabilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.code = cls.main.code
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.main.lot_stock_id, 3)
        cls.env["stock.quant"]._update_available_quantity(
            cls.laptop, cls.internal.lot_stock_id, 1.5
        )
        cls.seller = new_test_user(
            cls.env,
            "seller",
            "base.group_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def test_the_product_shows_every_warehouse(self):
        expected = f"{self.code} 3 · INT 1.50"
        self.assertEqual(self.laptop.availability_summary, expected)
        template = self.laptop.product_tmpl_id
        self.assertEqual(template.availability_summary, expected)
        for product in (self.laptop, template):
            rows = {row.warehouse_id: row.on_hand for row in product.availability_ids}
            self.assertEqual(rows, {self.main: 3, self.internal: 1.5})
            found = self.env["stock.availability"].search(
                product.action_view_availability()["domain"]
            )
            self.assertEqual(len(found), 2)
            Form(product)
        self.assertFalse(self._product("Flyer", is_storable=False).availability_summary)

    def test_variants_add_up_on_their_template(self):
        attribute = self.env["product.attribute"].create({"name": "Size"})
        values = self.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": attribute.id} for name in ("S", "M")]
        )
        shirt = self.env["product.template"].create(
            {
                "name": "Shirt",
                "is_storable": True,
                "attribute_line_ids": [
                    Command.create(
                        {"attribute_id": attribute.id, "value_ids": [Command.set(values.ids)]}
                    )
                ],
            }
        )
        for quantity, variant in enumerate(shirt.product_variant_ids, 2):
            self._stock(variant, quantity, self.main)
        self.assertEqual(shirt.availability_summary, f"{self.code} 5")

    def test_goods_outside_the_warehouses(self):
        outside = self.env["stock.location"].create(
            {"name": "On trial", "usage": "internal", "company_id": self.company.id}
        )
        places = self.env["stock.location"].with_context(active_test=False)
        transit = places.search(
            [("usage", "=", "transit"), ("company_id", "=", self.company.id)], limit=1
        )
        self._do(self._move(self.laptop, 2, self.main.lot_stock_id, outside))
        self._do(self._move(self.laptop, 1, self.main.lot_stock_id, transit))
        self.env.invalidate_all()
        for product in (self.laptop, self.laptop.product_tmpl_id):
            self.assertEqual((product.qty_at_third_parties, product.qty_in_transit), (2, 1))
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        laptop = self.laptop.with_context(allowed_company_ids=neighbour.ids)
        self.assertEqual((laptop.qty_at_third_parties, laptop.qty_in_transit), (0, 0))

    def test_goods_of_others_are_told_apart(self):
        self.env["stock.quant"]._update_available_quantity(
            self.laptop, self.main.lot_stock_id, 4, owner_id=self.partner
        )
        self.env["stock.quant"]._update_available_quantity(
            self.laptop, self.main.lot_stock_id, 2, owner_id=self.company.partner_id
        )
        self._assert_figures(self.laptop, self.main, on_hand=9, owned_by_third=4)

    def test_a_seller_sees_the_warehouses_while_choosing(self):
        laptop = self.laptop.with_user(self.seller)
        chosen = laptop.with_context(formatted_display_name=True, **{SHOW: True})
        self.assertEqual(chosen.display_name, f"Laptop\t--{self.code} 3 · INT 1.50--")
        template = chosen.product_tmpl_id
        self.assertEqual(template.display_name, f"Laptop\t--{self.code} 3 · INT 1.50--")
        self.assertEqual(laptop.with_context(**{SHOW: True}).display_name, "Laptop")
        offered = (
            self.env["product.product"]
            .with_user(self.seller)
            .with_context(**{SHOW: True})
            .web_name_search("Laptop", {"display_name": {}}, domain=[("id", "=", laptop.id)])
        )
        self.assertIn("INT 1.50", offered[0]["__formatted_display_name"])
        self.assertEqual(offered[0]["display_name"], "Laptop")

    def test_an_order_line_knows_every_warehouse(self):
        mouse = self._product("Mouse")
        self._move(mouse, 7, self.suppliers, self.main.lot_stock_id)
        order = (
            self.env["sale.order"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.partner.id,
                    "order_line": [
                        Command.create({"product_id": product.id})
                        for product in (self.laptop, mouse)
                    ],
                }
            )
        )
        self.env.flush_all()
        with self.assertQueryCount(6):
            found = order.order_line.mapped("warehouse_availability")
        self.assertEqual(
            [(row["available"], row["expected"]) for row in found[0]], [(3, 0), (1.5, 0)]
        )
        self.assertEqual([(row["available"], row["expected"]) for row in found[1]], [(0, 7)])
        self.assertEqual(order.order_line[0].availability_summary, f"{self.code} 3 · INT 1.50")

    def test_the_screens_of_a_seller(self):
        with Form(self.env["sale.order"].with_user(self.seller)) as form:
            form.partner_id = self.partner
            with form.order_line.new() as line:
                line.product_id = self.laptop
        self.assertEqual(len(form.record.order_line.warehouse_availability), 2)
        view = (
            self.env["product.product"]
            .with_user(self.seller)
            .get_view(self.env.ref("product.product_view_kanban_catalog").id, "kanban")
        )
        self.assertIn("availability_summary", view["arch"])
        Form(self.laptop.with_user(self.seller))
