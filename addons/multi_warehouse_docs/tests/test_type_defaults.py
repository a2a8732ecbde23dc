"""What a document type proposes on orders, and what it requires."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .documents import DocumentCase


@tagged("post_install", "-at_install")
class TestTypeDefaults(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("stock.group_stock_multi_warehouses")
        cls.env.user.group_ids += cls.env.ref("stock.group_stock_multi_locations")
        cls.env.user.group_ids += cls.env.ref("product.group_product_pricelist")
        cls.term = cls.env["account.payment.term"].create({"name": "Sixty Days"})
        cls.incoterm = cls.env.ref("account.incoterm_EXW")
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Shop Counter"})
        cls.route = cls.env["stock.route"].create({"name": "By Van", "sale_selectable": True})
        cls.journal = cls.env["account.journal"].create(
            {"name": "Counter", "code": "CNT", "type": "sale", "company_id": cls.company.id}
        )
        types = cls.env["document.type"]
        cls.invoices = types._get_default("customer_invoice", cls.company)
        cls.invoices.journal_id = cls.journal
        cls.counter = types._get_default("sale_order", cls.company).copy(
            {
                "name": "Counter Sale",
                "code": "CS",
                "warehouse_id": cls.internal.id,
                "route_id": cls.route.id,
                "payment_term_id": cls.term.id,
                "pricelist_id": cls.pricelist.id,
                "incoterm_id": cls.incoterm.id,
                "invoice_type_id": cls.invoices.id,
            }
        )
        cls.usual = types._get_default("sale_order", cls.company)

    def _assert_counter(self, order):
        self.assertEqual(
            (
                order.payment_term_id,
                order.pricelist_id,
                order.incoterm,
                order.warehouse_id,
                order.journal_id,
                order.order_line.route_ids,
            ),
            (
                self.term,
                self.pricelist,
                self.incoterm,
                self.internal,
                self.journal,
                self.route,
            ),
        )

    def test_a_new_sales_order_follows_its_type(self):
        values = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "document_type_id": self.counter.id,
            "order_line": [(0, 0, {"product_id": self.laptop.id})],
        }
        self._assert_counter(self.env["sale.order"].create(values))

    def test_what_is_given_comes_before_what_the_type_proposes(self):
        order = self._sell(1, document_type_id=self.counter.id, payment_term_id=False)
        self.assertFalse(order.payment_term_id)
        self.assertEqual(order.warehouse_id, self.main)
        self.assertEqual(order.pricelist_id, self.pricelist)

    def test_the_form_proposes_when_the_type_is_chosen(self):
        order = self._sell(1)
        self.assertEqual(order.document_type_id, self.usual)
        with Form(order) as form:
            form.document_type_id = self.counter
            self.assertEqual(form.payment_term_id, self.term)
        self._assert_counter(order)

    def test_a_new_form_of_another_company_has_its_type(self):
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        self.env.user.company_ids += neighbour
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": neighbour.id}
        )
        self.assertEqual(order.document_type_id.company_id, neighbour)

    def test_a_type_of_another_company_is_refused(self):
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        with self.assertRaisesRegex(UserError, "ompan"):
            self._sell(1, document_type_id=self._type("sale_order", neighbour).id)

    def test_a_new_purchase_order_follows_its_type(self):
        imports = self._type("purchase_order")
        imports.write(
            {
                "payment_term_id": self.term.id,
                "incoterm_id": self.incoterm.id,
                "warehouse_id": self.internal.id,
            }
        )
        order = self.env["purchase.order"].create(
            {"partner_id": self.vendor.id, "company_id": self.company.id}
        )
        self.assertEqual(
            (order.payment_term_id, order.incoterm_id, order.picking_type_id),
            (self.term, self.incoterm, self.internal.in_type_id),
        )
        with Form(self.env["purchase.order"].with_company(self.company)) as form:
            form.partner_id = self.vendor
            self.assertEqual(form.payment_term_id, self.term)
            self.assertEqual(form.picking_type_id, self.internal.in_type_id)

    def test_bills_of_an_order_go_to_the_journal_of_the_type(self):
        journal = self.journal.copy({"name": "Imports", "code": "IMP", "type": "purchase"})
        bills = self._type("vendor_bill")
        bills.journal_id = journal
        self._type("purchase_order").invoice_type_id = bills
        self.assertEqual(self._buy(1)._prepare_invoice()["journal_id"], journal.id)

    def test_a_type_that_invoices_nothing_cannot_be_the_type_of_invoices(self):
        with self.assertRaisesRegex(ValidationError, "cannot be invoiced with"):
            self.counter.invoice_type_id = self._type("vendor_bill")
        with self.assertRaisesRegex(ValidationError, "cannot be invoiced with"):
            self._type("receipt").invoice_type_id = self.invoices

    # === WHAT IS REQUIRED ===

    def test_an_order_without_the_required_delivery_method_is_not_confirmed(self):
        self.counter.require_carrier = True
        order = self._sell(1, document_type_id=self.counter.id)
        with self.assertRaisesRegex(UserError, "Counter Sale need a delivery method"):
            order.action_confirm()
        self.assertEqual((order.state, order.document_number), ("draft", False))

    def test_a_purchase_order_without_the_required_reference_is_not_confirmed(self):
        self._type("purchase_order").require_vendor_reference = True
        order = self._buy(1)
        with self.assertRaisesRegex(UserError, "need the vendor's reference"):
            order.button_confirm()
        order.partner_ref = "V77"
        order.button_confirm()
        self.assertTrue(order.document_number)

    def test_a_transfer_without_the_required_contact_and_carrier_is_not_done(self):
        internal = self._type("internal")
        internal.write({"require_partner": True, "require_carrier": True})
        self._stock(self.laptop, 2, self.main)
        transfer = self._transfer(1, self.main, self.internal)
        with self.assertRaisesRegex(UserError, "(?s)need a contact.*need a carrier"):
            self._validate(transfer)
        self.assertEqual((transfer.state, transfer.document_number), ("assigned", False))
        internal.require_carrier = False
        transfer.partner_id = self.company.partner_id
        self._validate(transfer)
        self.assertTrue(transfer.document_number)

    # === NAMES ===

    def test_documents_are_found_by_their_number(self):
        self._stock(self.laptop, 2, self.main)
        order, purchase = self._sell(1), self._buy(1)
        order.action_confirm()
        purchase.button_confirm()
        delivery = order.picking_ids
        self._validate(delivery)
        for document in (order, purchase, delivery):
            number = document.document_number
            self.assertEqual(document.display_name, f"{number} - {document.name}")
            found = document.name_search(number, [("company_id", "=", self.company.id)])
            self.assertEqual(found, [(document.id, document.display_name)])
