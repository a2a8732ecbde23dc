from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .documents import DocumentCase

EAN = "4006381333931"
BOX = "4006381333948"


@tagged("post_install", "-at_install")
class TestDocumentScan(DocumentCase):
    """Codes of goods and of documents, scanned on every kind of document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laptop.barcode = EAN
        cls.box = cls.env["uom.uom"].create(
            {"name": "Box of 6", "relative_factor": 6, "relative_uom_id": cls.laptop.uom_id.id}
        )
        cls.env["product.uom"].create(
            {"product_id": cls.laptop.id, "uom_id": cls.box.id, "barcode": BOX}
        )
        cls.serial = cls._product("Phone", tracking="serial")
        cls.batch = cls._product("Wine", tracking="lot")
        cls.lots = cls.env["stock.lot"].create(
            [
                {"name": "SN1", "product_id": cls.serial.id},
                {"name": "LOT-A", "product_id": cls.batch.id},
                {"name": "LOT-B", "product_id": cls.batch.id},
            ]
        )
        for lot, quantity in zip(cls.lots, (1, 5, 5), strict=True):
            cls.env["stock.quant"]._update_available_quantity(
                lot.product_id, cls.main.lot_stock_id, quantity, lot_id=lot
            )

    def _scan(self, record, *codes):
        """The answers to the codes; all but the last must be understood."""
        answers = [record.scan_barcode(code) for code in codes]
        self.assertEqual({one["type"] for one in answers[:-1]} | {"success"}, {"success"})
        return answers[-1]

    def test_orders_add_and_count_up_lines(self):
        for order, name in ((self._sell(1), "product_uom_qty"), (self._buy(1), "product_qty")):
            order.order_line.unlink()
            answer = self._scan(order, EAN, EAN, BOX)
            self.assertEqual(answer["type"], "success")
            self.assertIn("8", answer["message"])
            self.assertEqual(len(order.order_line), 1)
            self.assertEqual(order.order_line[name], 8)

    def test_a_line_in_boxes_counts_boxes(self):
        order = self._sell(1)
        order.order_line.product_uom_id = self.box
        self._scan(order, BOX)
        self.assertEqual(order.order_line.product_uom_qty, 2)

    def test_a_closed_order_says_so(self):
        order = self._sell(1)
        order.action_cancel()
        answer = self._scan(order, EAN)
        self.assertEqual(answer["type"], "warning")
        self.assertIn("takes no more lines", answer["message"])
        self.assertEqual(order.order_line.product_uom_qty, 1)

    def test_a_draft_transfer_plans_what_is_scanned(self):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.main.int_type_id.id,
                "location_id": self.main.lot_stock_id.id,
                "location_dest_id": self.internal.lot_stock_id.id,
            }
        )
        self._scan(picking, EAN, BOX)
        self.assertEqual(picking.move_ids.product_uom_qty, 7)
        self.assertEqual(picking.state, "draft")

    def test_a_ready_transfer_counts_what_is_scanned(self):
        self._stock(self.laptop, 5, self.main)
        picking = self._transfer(3, self.main, self.internal)
        picking.action_assign()
        self._scan(picking, EAN, EAN)
        self.assertEqual(picking.move_ids.quantity, 2)
        self.assertTrue(picking.move_ids.picked)
        self._scan(picking, EAN)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        answer = self._scan(picking, EAN)
        self.assertIn("closed", answer["message"])

    def test_goods_that_were_not_planned_are_added(self):
        self._stock(self.laptop, 5, self.main)
        other = self._product("Cable", barcode="4006381333955")
        self._stock(other, 5, self.main)
        picking = self._transfer(1, self.main, self.internal)
        self._scan(picking, EAN, "4006381333955")
        self.assertEqual(picking.move_ids.mapped("quantity"), [1, 1])
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_lots_and_serial_numbers_are_counted_each(self):
        picking = self._transfer(3, self.main, self.internal, self.batch)
        picking.action_assign()
        self._scan(picking, "LOT-B", "LOT-B", "LOT-A")
        found = {line.lot_id.name: line.quantity for line in picking.move_ids.move_line_ids}
        self.assertEqual(found, {"LOT-A": 1, "LOT-B": 2})
        phones = self._transfer(1, self.main, self.internal, self.serial)
        phones.action_assign()
        answer = self._scan(phones, "SN1", "SN1")
        self.assertIn("scanned already", answer["message"])
        self.assertEqual(phones.move_ids.quantity, 1)

    def test_a_count_counts_up(self):
        self._stock(self.laptop, 9, self.main)
        quants = self.env["stock.quant"].with_context(
            inventory_mode=True, default_location_id=self.main.lot_stock_id.id
        )
        self._scan(quants, EAN, EAN, BOX)
        quant = quants.search(
            [("product_id", "=", self.laptop.id), ("location_id", "=", self.main.lot_stock_id.id)]
        )
        self.assertEqual((quant.quantity, quant.inventory_quantity), (9, 8))
        self.batch.barcode = "4006381333979"
        self.assertIn("by lot", self._scan(quants, "4006381333979")["message"])
        new = self._product("Mouse", barcode="4006381333962")
        self._scan(quants, "4006381333962")
        self.assertEqual(quants.search([("product_id", "=", new.id)]).inventory_quantity, 1)

    def test_numbers_open_their_documents(self):
        order = self._sell(1)
        order.action_confirm()
        self._stock(self.laptop, 5, self.main)
        picking = order.picking_ids
        self._validate(picking)
        start = self.env["stock.picking"]
        for code, document in (
            (picking.document_number, picking),
            (picking.name, picking),
            (order.name, order),
        ):
            action = start.scan_barcode(code)["action"]
            self.assertEqual((action["res_model"], action["res_id"]), (document._name, document.id))

    def test_nobody_opens_what_he_may_not_see(self):
        order = self._buy(1)
        seller = new_test_user(
            self.env,
            "scanning_seller",
            "base.group_user,sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        answer = self._sell(1).with_user(seller).scan_barcode(order.name)
        self.assertFalse(answer["action"])

    def test_an_unknown_code_is_a_sentence(self):
        for code in ("999", "", None, "%"):
            answer = self._sell(1).scan_barcode(code)
            self.assertEqual((answer["type"], answer["action"]), ("warning", False))
            self.assertIn("Nothing", answer["message"])


@tagged("post_install", "-at_install")
class TestScanInBrowser(HttpCase):
    def test_a_quotation_is_scanned(self):
        env = self.env
        laptop = env["product.product"].create(
            {"name": "Laptop", "is_storable": True, "barcode": EAN, "list_price": 10}
        )
        order = env["sale.order"].create(
            {"partner_id": env["res.partner"].create({"name": "Somebody"}).id}
        )
        warehouse = order.warehouse_id
        picking = env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "name": "SCANNED-TRANSFER",
            }
        )
        self.assertEqual(picking.name, "SCANNED-TRANSFER")
        self.start_tour(
            f"/odoo/action-sale.action_quotations/{order.id}",
            "multi_warehouse_docs_scan",
            login="admin",
        )
        self.assertEqual(order.order_line.product_id, laptop)
        self.assertEqual(order.order_line.product_uom_qty, 2)
