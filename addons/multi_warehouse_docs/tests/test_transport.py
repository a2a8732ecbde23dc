"""Transport data: where it comes from, and when it stays."""

from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .documents import DocumentCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestTransport(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laptop.write({"weight": 2.5, "volume": 0.01})
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.main.lot_stock_id, 20)
        cls.paid = cls.env.ref("multi_warehouse_docs.port_carriage_paid")
        cls.forward = cls.env.ref("multi_warehouse_docs.port_carriage_forward")
        cls.boxes = cls.env.ref("multi_warehouse_docs.appearance_boxes")
        cls.by_carrier = cls.env.ref("multi_warehouse_docs.method_carrier")

    def _deliver(self, quantity=4, **values):
        order = self._sell(quantity, **values)
        order.action_confirm()
        return order.picking_ids

    def test_defaults_come_from_the_order_else_the_partner_else_the_type(self):
        delivery_type = self._type("delivery")
        delivery_type.transport_appearance_id = self.boxes
        delivery_type.transport_port_id = self.paid
        self.customer.transport_port_id = self.forward
        delivery = self._deliver()
        self.assertEqual(delivery.transport_appearance_id, self.boxes)
        self.assertEqual(delivery.transport_port_id, self.forward)
        agreed = self._deliver(transport_port_id=self.paid.id)
        self.assertEqual(agreed.transport_port_id, self.paid)

    def test_a_delivery_address_has_the_terms_of_its_company(self):
        self.customer.transport_port_id = self.forward
        address = self.env["res.partner"].create(
            {"name": "Kitchen", "type": "delivery", "parent_id": self.customer.id}
        )
        delivery = self._deliver(partner_shipping_id=address.id)
        self.assertEqual(delivery.partner_id, address)
        self.assertEqual(delivery.transport_port_id, self.forward)

    def test_incoterm_and_place_come_from_the_order(self):
        incoterm = self.env.ref("account.incoterm_DAP")
        delivery = self._deliver(incoterm=incoterm.id, incoterm_location="Bergen")
        self.assertEqual(delivery.incoterm_id, incoterm)
        self.assertEqual(delivery.incoterm_location, "Bergen")
        purchase = self._buy(1, incoterm_id=incoterm.id, incoterm_location="Verona")
        purchase.button_confirm()
        self.assertEqual(purchase.picking_ids.incoterm_location, "Verona")

    def test_the_carrying_company_comes_from_the_carrier(self):
        company = self.env["res.partner"].create({"name": "Fast Trucks"})
        service = self._product("Carriage", type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create(
            {"name": "Trucks", "product_id": service.id, "transport_carrier_id": company.id}
        )
        delivery = self._deliver()
        delivery.carrier_id = carrier
        self.assertEqual(delivery.transport_carrier_id, company)

    def test_steps_inside_the_warehouse_have_no_transport_data(self):
        self.main.delivery_steps = "pick_ship"
        self.customer.transport_port_id = self.forward
        self.assertFalse(self._deliver().transport_port_id)

    def test_a_choice_is_kept_when_the_partner_changes_only_by_hand(self):
        self.customer.transport_port_id = self.forward
        delivery = self._deliver()
        with Form(delivery) as form:
            self.assertEqual(form.transport_port_id, self.forward)
            form.transport_port_id = self.paid
        self.assertEqual(delivery.transport_port_id, self.paid)
        other = self.env["res.partner"].create(
            {"name": "Inn", "transport_port_id": self.forward.id}
        )
        with Form(delivery) as form:
            form.partner_id = other
            self.assertEqual(form.transport_port_id, self.forward)

    def test_weights_and_volume_follow_the_goods(self):
        delivery = self._deliver(4)
        self.assertAlmostEqual(delivery.transport_net_weight, 10)
        self.assertAlmostEqual(delivery.transport_volume, 0.04)
        rest = self._validate(delivery, 3)
        self.assertAlmostEqual(delivery.transport_net_weight, 7.5)
        self.assertAlmostEqual(rest.transport_net_weight, 2.5)

    def test_what_was_weighed_is_printed_and_survives_the_validation(self):
        delivery = self._deliver(4)
        delivery.transport_gross_weight = 11.3
        delivery.transport_packages = 2
        self._validate(delivery)
        self.assertAlmostEqual(delivery.transport_gross_weight, 11.3)
        self.assertEqual(delivery.transport_packages, 2)

    def test_the_numbered_document_keeps_its_weights(self):
        delivery = self._deliver(4)
        self._validate(delivery)
        self.laptop.weight = 99
        self.env.invalidate_all()
        self.assertAlmostEqual(delivery.transport_net_weight, 10)

    def test_packages_are_counted_with_their_own_weight(self):
        box = self.env["stock.package.type"].create({"name": "Box", "base_weight": 0.5})
        delivery = self._deliver(4)
        delivery.action_assign()
        package = self.env["stock.package"].create({"package_type_id": box.id})
        delivery.move_line_ids.result_package_id = package
        self.assertEqual(delivery.transport_packages, 1)
        self.assertAlmostEqual(delivery.transport_gross_weight, 10.5)
        self.assertAlmostEqual(delivery.transport_net_weight, 10)

    def test_corrections_until_the_goods_leave_and_none_after(self):
        delivery = self._deliver()
        self._validate(delivery)
        self.assertTrue(delivery.document_number)
        delivery.transport_packages = 3
        delivery.transport_start = "2026-11-22 12:00:00"
        delivery.transport_port_id = self.paid
        with freeze_time("2026-11-22 12:30:00"):
            self.env.invalidate_all()
            for values in (
                {"transport_packages": 4},
                {"transport_start": False},
                {"transport_port_id": False},
                {"transport_net_weight": 1},
                {"partner_id": self.vendor.id},
            ):
                with self.subTest(values), self.assertRaisesRegex(UserError, "left with its goods"):
                    delivery.write(values)
            delivery.write({"transport_packages": 3, "user_id": self.env.uid})

    def test_the_goods_leave_now(self):
        delivery = self._deliver()
        self._validate(delivery)
        delivery.action_start_transport()
        self.assertEqual(delivery.transport_start, datetime(2026, 11, 22, 10))
        self.assertTrue(delivery.transport_left)

    def test_the_goods_leave_when_validated_where_the_type_says_so(self):
        self._type("delivery").start_at_validation = True
        delivery = self._deliver()
        rest = self._validate(delivery, 1)
        self.assertEqual(delivery.transport_start, datetime(2026, 11, 22, 10))
        self.assertFalse(rest.transport_start)
        early = self._deliver()
        early.transport_start = "2026-11-22 08:00:00"
        self._validate(early)
        self.assertEqual(early.transport_start, datetime(2026, 11, 22, 8))
