"""The PDFs: what the law wants, in the recipient's language, over many pages, in any layout."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .printing import PrintCase

WORDS = {"it_IT": "Bottiglia di Amarone", "hu_HU": "Amarone palack"}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestDocumentLayouts(PrintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        italy = cls.env.ref("base.it")
        cls.company.partner_id.write(
            {"street": "Via Mazzini 1", "zip": "37121", "city": "Verona", "country_id": italy.id}
        )
        cls.company.vat = "IT00154860403"
        cls.customer.write(
            {"street": "Fish Street 2", "zip": "5003", "city": "Bergen", "vat": "IT01234567897"}
        )
        cls.wine = cls._product(
            "Bottle of Amarone", default_code="AMA", weight=1.2, volume=0.02, list_price=40
        )
        for code, name in WORDS.items():
            cls.wine.with_context(lang=code).name = name
        for product in (cls.wine, cls.laptop):
            cls.env["stock.quant"]._update_available_quantity(product, cls.main.lot_stock_id, 500)
        cls.carrier = cls.env["res.partner"].create(
            {"name": "Fast Trucks", "street": "Harbour 9", "city": "Genova"}
        )
        cls._type(cls, "delivery").copies = 1

    def _deliver(self, quantity=6, product=None, **values):
        order = self._sell(quantity, product or self.wine, **values)
        order.action_confirm()
        return order.picking_ids

    def _ship(self, delivery, quantity=None, **values):
        delivery.write(
            {
                "transport_appearance_id": self.env.ref("multi_warehouse_docs.appearance_boxes").id,
                "transport_port_id": self.env.ref("multi_warehouse_docs.port_carriage_paid").id,
                "transport_method_id": self.env.ref("multi_warehouse_docs.method_carrier").id,
                "transport_carrier_id": self.carrier.id,
                "transport_packages": 3,
                "transport_start": "2026-11-22 13:45:00",
                "transport_plate": "AB123CD",
                "transport_note": "Ring the bell twice.",
                **values,
            }
        )
        return self._validate(delivery, quantity)

    def test_the_document_says_what_the_law_wants(self):
        self.company.partner_id.tz = "Europe/Rome"
        delivery = self._deliver(client_order_ref="PO-77")
        self._ship(delivery)
        (page,) = self._read_pages(self._print(delivery))
        for text in (
            "Delivery Note DN/2026/00001",  # what and which
            "11/22/2026",
            "Cellar Restaurant Via Mazzini 1 Fish Street 2",  # from whom to whom, side by side
            "IT00154860403",
            "IT01234567897",
            "Fast Trucks",  # by whom
            "Harbour 9",
            "AMA Bottle of Amarone Units 6",  # what and how much
            "Reason of Transport",
            "Sale",
            "Boxes",
            "Carriage Paid",
            "7.2 kg",
            "0.12 m",
            "AB123CD",
            "Ring the bell twice.",
            "PO-77",
            "Signature of the Carrier or Driver",
            "Page 1 / 1",
        ):
            self.assertIn(text, page)
        self.assertRegex(page, r"11/22/2026,? 0?2:45")  # in the time of the place
        self.assertNotIn("VOID", page)
        self.assertNotIn("40.00", page)

    def test_in_the_language_of_the_recipient(self):
        for code, date, weight in (("it_IT", "22/11/2026", "7,2"), ("hu_HU", "2026", "7,2")):
            with self.subTest(code):
                self.customer.lang = code
                delivery = self._deliver()
                self._ship(delivery)
                text = self._read(self._print(delivery))
                self.assertIn(WORDS[code], text)
                self.assertNotIn("Bottle of Amarone", text)
                self.assertIn(date, text)
                self.assertIn(weight, text)
                unit = self.wine.uom_id.with_context(lang=code).name
                self.assertIn(f"{unit} 6", text)
                port = self.env.ref("multi_warehouse_docs.port_carriage_paid")
                self.assertIn(port.with_context(lang=code).name, text)

    def test_in_the_language_of_the_company_where_the_type_says_so(self):
        self.company.partner_id.lang = "hu_HU"
        self.customer.lang = "it_IT"
        delivery = self._deliver()
        delivery.document_type_id.language_mode = "company"
        self._ship(delivery)
        self.assertIn(WORDS["hu_HU"], self._read(self._print(delivery)))

    def test_a_void_document_says_so(self):
        delivery = self._deliver()
        self._ship(delivery)
        delivery._make_void("Wrong address")
        text = self._read(self._print(delivery))
        self.assertIn("VOID", text)
        self.assertIn("Wrong address", text)

    def test_without_number_it_is_not_valid(self):
        text = self._read(self._print(self._deliver()))
        self.assertIn("without number", text)
        self.assertIn("Bottle of Amarone Units 6", text)

    def test_a_backorder_and_what_is_still_to_come(self):
        delivery = self._deliver(6)
        rest = self._ship(delivery, 4)
        text = self._read(self._print(delivery))
        self.assertIn("To be delivered later: [AMA] Bottle of Amarone 2 Units", text)
        self._validate(rest)
        text = self._read(self._print(rest))
        self.assertIn("Remaining goods of DN/2026/00001 of 11/22/2026", text)
        self.assertNotIn("To be delivered later", self._read(self._print(delivery)))

    def test_several_orders_on_one_document(self):
        first, second = self._deliver(2), self._deliver(3, self.laptop)
        second.move_ids.picking_id = first
        self._ship(first)
        text = self._read(self._print(first))
        for order in first.move_ids.sale_line_id.order_id:
            self.assertIn(f"Order {order.document_number}", text)
        self.assertIn("Laptop", text)

    def test_lots_and_packages(self):
        bottle = self._product("Numbered Bottle", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": bottle.id} for name in ("L-2019", "L-2020")]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                bottle, self.main.lot_stock_id, 2, lot_id=lot
            )
        delivery = self._deliver(3, bottle)
        delivery.action_assign()
        delivery.move_line_ids.result_package_id = self.env["stock.package"].create({"name": "PK1"})
        self._ship(delivery)
        text = self._read(self._print(delivery))
        self.assertIn("L-2019 (2), L-2020 (1)", text)
        self.assertIn("Package: PK1", text)

    def test_a_hundred_lines(self):
        products = self.env["product.product"].create(
            [
                {"name": f"Wine {number:03}", "is_storable": True, "default_code": f"W{number:03}"}
                for number in range(100)
            ]
        )
        order = self._sell(
            1,
            order_line=[
                Command.create({"product_id": one.id, "product_uom_qty": 2, "price_unit": 1})
                for one in products
            ],
        )
        order.action_confirm()
        delivery = order.picking_ids
        self._ship(delivery)
        pages = self._read_pages(self._print(delivery))
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"Page {number} / {len(pages)}", page)
            if "W0" in page:
                self.assertIn("Code Description Unit Quantity", page)  # the head comes again
        text = " ".join(pages)
        for product in products:
            self.assertEqual(text.count(product.name), 1, product.name)
        self.assertIn("Signature of the Consignee", pages[-1])
        self.assertIn("Reason of Transport", pages[-1])  # the signatures are not alone

    def test_prices_where_the_layout_or_the_type_says_so(self):
        delivery = self._deliver()
        self._ship(delivery)
        self.assertNotIn("60.00", self._read(self._print(delivery)))
        delivery.document_type_id.print_prices = True
        self.assertIn("60.00", self._read(self._print(delivery)))
        delivery.document_type_id.print_prices = False
        delivery.document_type_id.report_id = self.env.ref(
            "multi_warehouse_docs.action_report_document_prices"
        )
        text = self._read(self._print(delivery))
        self.assertIn("Unit Price", text)
        self.assertRegex(text, r"Total without Taxes: \S*\s?60\.00")

    def test_the_drivers_copy(self):
        delivery = self._deliver()
        delivery.document_type_id.print_prices = True
        self._ship(delivery)
        text = self._read(
            self._print(delivery, "multi_warehouse_docs.action_report_document_driver")
        )
        self.assertIn("Loaded", text)
        self.assertIn("Remarks on Delivery", text)
        self.assertIn("Bottle of Amarone", text)
        self.assertNotIn("60.00", text)

    def test_copies_and_several_documents_at_once(self):
        one, other = self._deliver(), self._deliver()
        self._ship(one)
        self._ship(other)
        receipt = self._buy(2, self.wine)
        receipt.button_confirm()
        receipt = receipt.picking_ids
        receipt.document_type_id.report_id = self.env.ref(
            "multi_warehouse_docs.action_report_document_driver"
        )
        receipt.document_type_id.copies = 1
        self._validate(receipt)
        one.document_type_id.copies = 2
        pages = self._read_pages(self._print(one | receipt | other))
        self.assertEqual(len(pages), 5)
        self.assertEqual(sum("DN/2026/00001" in page for page in pages), 2)
        self.assertEqual(sum("DN/2026/00002" in page for page in pages), 2)
        self.assertEqual(sum("GR/2026/00001" in page for page in pages), 1)
        self.assertEqual(sum("Loaded" in page for page in pages), 1)
        self.assertIn("2/2", pages[1])

    def test_receipts_returns_and_internal_documents(self):
        purchase = self._buy(2, self.wine)
        purchase.button_confirm()
        receipt = purchase.picking_ids
        receipt.vendor_document_number = "V-4711"
        receipt.vendor_document_date = "2026-11-20"
        self._validate(receipt)
        delivery = self._deliver()
        self._ship(delivery)
        back = self._return(delivery, 1)
        self._validate(back)
        inside = self._transfer(1, self.main, self.internal, self.wine)
        self._validate(inside)
        for document, title, sender, recipient in (
            (receipt, "Goods Receipt GR/2026/00001", "Vineyard", "Cellar"),
            (back, "Return from Customer CR/2026/00001", "Restaurant", "Cellar"),
            (inside, "Internal Transfer IT/2026/00001", "Cellar", "Cellar"),
        ):
            for code in ("en_US", "it_IT", "hu_HU"):
                with self.subTest(title, lang=code):
                    self.company.partner_id.lang = code
                    document.document_type_id.language_mode = "company"
                    text = self._read(self._print(document))
                    parties = document._get_document_parties()
                    self.assertEqual(parties["sender"].name, sender)
                    self.assertEqual(parties["recipient"].name, recipient)
                    self.assertEqual("V-4711" in text, document == receipt)
                    self.assertIn(document.document_number, text)
                    self.assertIn(WORDS.get(code, title), text)
            self.company.partner_id.lang = "en_US"

    def test_orders_say_type_and_number(self):
        sale = self._sell(1)
        self.assertIn("Quotation", self._read(self._print(sale, "sale.action_report_saleorder")))
        sale.action_confirm()
        purchase = self._buy(1)
        purchase.button_confirm()
        for order, report, title in (
            (sale, "sale.action_report_saleorder", "Sales Order SO/2026/00001"),
            (purchase, "purchase.action_report_purchase_order", "Purchase Order PO/2026/00001"),
        ):
            for code in ("en_US", "it_IT", "hu_HU"):
                with self.subTest(title, lang=code):
                    order.partner_id.lang = code
                    text = self._read(self._print(order, report))
                    name = order.document_type_id.with_context(lang=code).name
                    self.assertIn(f"{name} {order.document_number}", text)
                    self.assertIn(order.name, text)
        self.assertIn("Purchase Order PO/2026/00001", title)

    def test_the_file_is_called_like_the_document(self):
        delivery = self._deliver()
        self._ship(delivery)
        self.assertEqual(delivery._get_document_file_name(), "DN-2026-00001")

    def test_almost_nothing_is_not_less_than_nothing(self):
        moves = self.env["stock.move"]
        self.assertEqual([moves._format_quantity(one) for one in (-0.001, -2.5)], ["0", "-2.5"])

    def test_a_copied_layout_is_changed_by_the_user(self):
        delivery = self._deliver()
        document_type = delivery.document_type_id
        self._ship(delivery)
        document_type.report_id = self.env.ref("multi_warehouse_docs.action_report_document_prices")
        before = self._read(self._print(delivery))
        action = document_type.action_copy_layout()
        self.assertEqual(self._read(self._print(delivery)), before)
        view = self.env["ir.ui.view"].browse(action["res_id"])
        self.assertNotEqual(view.key, "multi_warehouse_docs.report_document_prices_document")
        self.assertFalse(view.inherit_id)
        view.arch_db = view.arch_db.replace("Reason of Transport", "Why it travels")
        self.assertIn("Why it travels", self._read(self._print(delivery)))
        document_type.report_id = self.env.ref("multi_warehouse_docs.action_report_document_prices")
        self.assertIn("Reason of Transport", self._read(self._print(delivery)))

    def test_a_copied_layout_keeps_its_translations(self):
        view = self.env.ref("multi_warehouse_docs.report_document_standard_document")
        view.update_field_translations(
            "arch_db", {"it_IT": {"Reason of Transport": "Causale del trasporto"}}
        )
        self.customer.lang = "it_IT"
        delivery = self._deliver()
        self._ship(delivery)
        delivery.document_type_id.report_id = self.env.ref(
            "multi_warehouse_docs.action_report_document_prices"
        )
        delivery.document_type_id.action_copy_layout()
        self.assertIn("Causale del trasporto", self._read(self._print(delivery)))

    def test_only_layouts_of_documents_can_be_chosen(self):
        with self.assertRaisesRegex(ValidationError, "Delivery Slip"):
            self._type("delivery").report_id = self.env.ref("stock.action_report_delivery")
