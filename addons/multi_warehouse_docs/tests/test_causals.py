"""Causals on documents: proposed, refused, kept; on scrap and counts."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .documents import DocumentCase


class CausalCase(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.main.lot_stock_id, 20)

    def _causal(self, name):
        return self.env.ref(f"multi_warehouse_docs.causal_{name}")

    def _type_of(self, code, company=None):
        company = company or self.company
        return self.env["document.type"].search(
            [("code", "=", code), ("company_id", "=", company.id)]
        )

    def _out(self, quantity=5, product=None, **values):
        """A delivery entered by hand, without order."""
        operation = self.main.out_type_id
        move = {
            "product_id": (product or self.laptop).id,
            "product_uom_qty": quantity,
            "location_id": operation.default_location_src_id.id,
            "location_dest_id": operation.default_location_dest_id.id,
        }
        return self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "partner_id": self.customer.id,
                "move_ids": [Command.create(move)],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestCausals(CausalCase):
    # === PROPOSED ===

    def test_orders_move_goods_with_the_causal_of_their_type(self):
        order = self._sell(2)
        order.action_confirm()
        delivery = order.picking_ids
        self.assertEqual(delivery.causal_id, self._causal("sale"))
        self.assertFalse(delivery.move_ids.causal_id)
        rest = self._validate(delivery, 1)
        self.assertEqual(delivery.move_ids.causal_id, self._causal("sale"))
        self.assertEqual(rest.causal_id, self._causal("sale"))
        self.assertFalse(rest.move_ids.causal_id)
        purchase = self._buy(2)
        purchase.button_confirm()
        self.assertEqual(purchase.picking_ids.causal_id, self._causal("purchase"))

    def test_the_partner_may_have_a_usual_causal(self):
        customer = self.customer.with_company(self.company)
        customer.delivery_causal_id = self._causal("sale_now")
        order = self._sell(2)
        order.action_confirm()
        self.assertEqual(order.picking_ids.causal_id, self._causal("sale_now"))
        purchase = self._buy(1, partner_id=self.customer.id)
        purchase.button_confirm()
        self.assertEqual(purchase.picking_ids.causal_id, self._causal("purchase"))

    def test_returns_have_the_reverse_causal(self):
        for name, back in (("sale", "sale_return"), ("gift", "free_return")):
            with self.subTest(name):
                delivery = self._out(causal_id=self._causal(name).id)
                self._validate(delivery)
                returned = self._return(delivery, 1)
                self.assertEqual(returned.causal_id, self._causal(back))
                self._validate(returned)
                self.assertEqual(returned.move_ids.causal_id, self._causal(back))

    def test_steps_inside_a_warehouse_need_no_causal(self):
        self.main.delivery_steps = "pick_ship"
        order = self._sell(2)
        order.action_confirm()
        pick = order.picking_ids
        self._validate(pick)
        self.assertFalse(pick.causal_id or pick.move_ids.causal_id)
        ship = order.picking_ids - pick
        self._validate(ship)
        self.assertEqual(ship.move_ids.causal_id, self._causal("sale"))

    def test_transfers_by_way_of_transit(self):
        transit = self.company.internal_transit_location_id
        transit.active = True
        picking = self._transfer(2, self.main, self.internal)
        self.assertEqual(picking.causal_id, self._causal("transfer"))
        picking.location_dest_id = transit
        self.assertEqual(picking.causal_id, self._causal("transfer_transit"))
        self._validate(picking)
        self.assertEqual(picking.move_ids.causal_id, self._causal("transfer_transit"))

    def test_a_type_chosen_by_hand_stays_while_the_places_suit_it(self):
        chosen = self._type("internal").copy({"code": "VAN", "name": "Loading the Van"})
        picking = self._transfer(2, self.main, self.internal, document_type_id=chosen.id)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.internal.lot_stock_id.id}
        )
        picking.location_dest_id = shelf
        self.assertEqual(picking.document_type_id, chosen)
        with Form(picking) as form:
            form.location_dest_id = self.internal.lot_stock_id
        self.assertEqual(picking.document_type_id, chosen)
        self.assertEqual(picking.causal_id, self._causal("transfer"))
        picking.location_dest_id = self.suppliers
        self.assertEqual(picking.document_type_id.kind, "vendor_return")
        picking.location_dest_id = self.internal.lot_stock_id
        self.assertEqual(picking.document_type_id, self._type("internal"))

    def test_the_form_proposes_type_and_causal(self):
        with Form(
            self.env["stock.picking"].with_context(default_picking_type_id=self.main.out_type_id.id)
        ) as form:
            self.assertEqual(form.document_type_id, self._type("delivery"))
            self.assertEqual(form.causal_id, self._causal("sale"))
            form.document_type_id = self._type_of("DA")
            self.assertEqual(form.causal_id, self._causal("viewing"))
            form.partner_id = self.customer
            self.assertEqual(form.causal_id, self._causal("viewing"))
            with form.move_ids.new() as move:
                move.product_id = self.laptop
                move.product_uom_qty = 2
        picking = form.save()
        place = self.customer._find_third_party_location(self.company)
        self.assertEqual(picking.location_dest_id, place)
        self.assertEqual(picking.move_ids.location_dest_id, place)

    # === REFUSED ===

    def test_a_causal_against_the_places_is_refused_and_the_fitting_ones_named(self):
        picking = self._transfer(2, self.main, self.internal)
        picking.document_type_id = False
        with self.assertRaisesRegex(UserError, "What fits: Transfer between Warehouses"):
            picking.causal_id = self._causal("sale")
        delivery = self._out()
        with self.assertRaisesRegex(UserError, "Sale, Invoiced at Once"):
            delivery.causal_id = self._causal("purchase")

    def test_a_type_that_has_no_causal_for_the_places_is_refused_when_done(self):
        delivery = self._out(location_dest_id=self.internal.lot_stock_id.id)
        self.assertFalse(delivery.causal_id)
        with self.assertRaisesRegex(UserError, "Transfer between Warehouses"):
            delivery.action_confirm()
        with self.assertRaisesRegex(UserError, "Transfer between Warehouses"):
            self._validate(delivery)
        self.assertFalse(delivery.document_number)
        delivery.write(
            {
                "partner_id": False,
                "location_dest_id": self.internal.lot_stock_id.id,
                "document_type_id": self._type("internal").id,
            }
        )
        self._validate(delivery)
        self.assertEqual(delivery.move_ids.causal_id, self._causal("transfer"))

    def test_the_partner_must_be_of_the_kind(self):
        self.vendor.supplier_rank = 1
        ours = self.company.partner_id
        for partner, text in (
            (self.env["res.partner"], "enter the contact"),
            (self.vendor, "Customer"),
        ):
            with self.subTest(text), self.assertRaisesRegex(UserError, text):
                self._out(partner_id=partner.id).action_confirm()
        inside = self._transfer(1, self.main, self.internal)
        inside.partner_id = self.customer
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._validate(inside)
        inside.partner_id = ours
        self._validate(inside)
        self.assertEqual(inside.state, "done")

    def test_goods_are_not_sold_to_ourselves(self):
        picking = self._out(location_dest_id=self.customers.id)
        picking.write(
            {"partner_id": self.company.partner_id.id, "location_dest_id": self.customers.id}
        )
        with self.assertRaisesRegex(UserError, "our own company"):
            picking.action_confirm()

    def test_orders_know_their_partner(self):
        self.customer.supplier_rank = 1  # a vendor so far, who now buys
        order = self._sell(1)
        order.action_confirm()
        self._validate(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

    def test_the_causal_stays_once_the_number_is_drawn(self):
        delivery = self._out()
        self._validate(delivery)
        with self.assertRaisesRegex(UserError, delivery.document_number):
            delivery.causal_id = self._causal("gift")

    def test_places_of_a_used_causal_stay(self):
        self._validate(self._out())
        with self.assertRaises(UserError):
            self._causal("sale").destination_usage = "supplier"
        self._causal("gift").write({"reverse_causal_id": False, "destination_usage": "supplier"})

    def test_a_reverse_must_lead_back(self):
        with self.assertRaises(ValidationError):
            self._causal("sale").reverse_causal_id = self._causal("purchase")
        with self.assertRaises(ValidationError):
            self._causal("sale").returnable = True

    # === SCRAP, COUNTS ===

    def test_scrap_has_a_causal(self):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.laptop.id,
                "scrap_qty": 1,
                "location_id": self.main.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(scrap.causal_id, self._causal("scrap"))
        scrap.causal_id = self._causal("sale")
        with self.assertRaisesRegex(UserError, "Scrap"):
            scrap.action_validate()
        scrap.causal_id = self._causal("shortage")
        scrap.action_validate()
        self.assertEqual(scrap.move_ids.causal_id, self._causal("shortage"))

    def _count(self, product, quantity, location=None, **values):
        return (
            self.env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": product.id,
                    "location_id": (location or self.main.lot_stock_id).id,
                    "inventory_quantity": quantity,
                    **values,
                }
            )
        )

    def _last_move(self, product):
        return self.env["stock.move"].search(
            [("product_id", "=", product.id)], order="id desc", limit=1
        )

    def test_counts_are_opening_stock_surplus_or_shortage(self):
        mouse = self._product("Mouse")
        for quantity, name in ((10, "opening"), (12, "surplus"), (9, "shortage")):
            with self.subTest(name):
                quant = self._count(mouse, quantity)
                quant.action_apply_inventory()
                self.assertEqual(self._last_move(mouse).causal_id, self._causal(name))
                self.assertFalse(quant.count_causal_id)

    def test_the_causal_of_a_count_can_be_chosen(self):
        quant = self._count(self.laptop, 25, count_causal_id=self._causal("opening").id)
        quant.action_apply_inventory()
        self.assertEqual(self._last_move(self.laptop).causal_id, self._causal("opening"))
        quant = self._count(self.laptop, 20, count_causal_id=self._causal("opening").id)
        with self.assertRaisesRegex(UserError, "Shortage Found in Count"):
            quant.action_apply_inventory()

    def test_all_counts_at_once_have_one_causal_for_each_direction(self):
        mouse = self._product("Mouse")
        quants = self._count(mouse, 3) | self._count(self.laptop, 18)
        wizard = self.env["stock.inventory.adjustment.name"].create(
            {
                "quant_ids": quants.ids,
                "surplus_causal_id": self._causal("surplus").id,
                "shortage_causal_id": self._causal("shortage").id,
            }
        )
        wizard.action_apply()
        self.assertEqual(self._last_move(mouse).causal_id, self._causal("surplus"))
        self.assertEqual(self._last_move(self.laptop).causal_id, self._causal("shortage"))

    def test_counts_at_a_third_party_have_their_own_causals(self):
        place = self.customer._get_third_party_location(self.company)
        self._count(self.laptop, 4, location=place).action_apply_inventory()
        self.assertEqual(self._last_move(self.laptop).causal_id, self._causal("found"))
        self._count(self.laptop, 1, location=place).action_apply_inventory()
        self.assertEqual(self._last_move(self.laptop).causal_id, self._causal("lost"))

    def test_production_is_known_by_its_places(self):
        production = self.laptop.with_company(self.company).property_stock_production
        issue = self._move(self.laptop, 1, self.main.lot_stock_id, production)
        self._do(issue)
        self.assertEqual(issue.causal_id, self._causal("issue"))
        output = self._move(self.laptop, 1, production, self.main.lot_stock_id)
        self._do(output)
        self.assertEqual(output.causal_id, self._causal("output"))
