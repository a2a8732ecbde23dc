from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ShopCase

CARD = "ps_checkout"
REFUSED = "No such number"
MARIO = {"email": "mario.rossi@example.com", "firstname": "Mario", "lastname": "Rossi"}
ACME = {"company": "Acme srl", "vat_number": "IT00743110157", "address1": "Via Fabbrica 1"}
OFFICE = {
    "firstname": "Mario",
    "lastname": "Rossi",
    "company": "Acme srl",
    "address1": "Via Ufficio 4",
}


@tagged("post_install", "-at_install")
class TestOrderCompanies(ShopCase):
    """Known customers who order for a company: its name and tax number reach the papers."""

    def setUp(self):
        super().setUp()
        self._product(stock=50, price=10.0)
        self._sync()
        self.mario = self._buy(MARIO).partner_id

    def _buy(self, customer, **options):
        return self._place([("GLASS", 1)], customer=customer, payment=CARD, **options)

    def test_the_invoice_goes_to_the_company(self):
        order = self._buy(MARIO | ACME)
        self.assertEqual(order.partner_id, self.mario)
        company = order.partner_invoice_id.commercial_partner_id
        self.assertEqual((company.name, company.is_company), ("Acme srl", True))
        self.assertEqual(company.vat, "IT00743110157")
        self.assertFalse(company.email)
        self.assertEqual(order.partner_invoice_id.email, "mario.rossi@example.com")
        self.assertIn("Acme srl", order.partner_invoice_id.display_name)
        self.assertFalse(self.mario.vat or self.mario.is_company)
        self.assertFalse(order.shop_hold_reason)
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        invoice = order._create_invoices()
        self.assertEqual(invoice.commercial_partner_id, company)
        again = self._buy(MARIO | ACME)
        self.assertEqual(again.partner_invoice_id, order.partner_invoice_id)
        self.assertEqual(again.partner_id, self.mario)

    def test_a_company_that_is_here_is_found_by_its_number(self):
        acme = self.env["res.partner"].create(
            {"name": "ACME S.r.l.", "is_company": True, "vat": "00743110157"}
        )
        order = self._buy(MARIO | ACME | {"vat_number": "IT 00743110157"})
        self.assertEqual(order.partner_invoice_id.commercial_partner_id, acme)
        self.assertEqual(acme.name, "ACME S.r.l.")
        self.assertFalse(order.shop_hold_reason)

    def test_a_separate_customer_base_knows_what_it_invoiced_and_nothing_else(self):
        self.shop.customer_base = "separate"
        foreign = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "vat": "IT00743110157"}
        )
        company = self._buy(MARIO | ACME).partner_invoice_id.commercial_partner_id
        self.assertNotEqual(company, foreign)
        again = self._buy(MARIO | ACME | {"address1": "Via Fabbrica 2"})
        self.assertEqual(again.partner_invoice_id.commercial_partner_id, company)

    def test_a_number_that_odoo_refuses_is_asked_about(self):
        refuse = self.env.registry["res.partner"].create

        def create(partners, vals_list):
            vals_list = [vals_list] if isinstance(vals_list, dict) else vals_list
            if any(vals.get("vat") for vals in vals_list):
                raise ValidationError(REFUSED)
            return refuse(partners, vals_list)

        self.patch(self.env.registry["res.partner"], "create", create)
        order = self._buy(MARIO | ACME)
        self.assertEqual(order.state, "draft")
        self.assertIn("IT00743110157", order.shop_hold_reason)
        self.assertEqual(order.partner_invoice_id.commercial_partner_id, self.mario)

    def test_a_dash_is_no_number(self):
        order = self._buy(MARIO | ACME | {"vat_number": "-"})
        self.assertEqual(order.partner_invoice_id.parent_id, self.mario)
        self.assertFalse(order.shop_hold_reason)

    def test_a_company_without_number_here_is_not_doubled(self):
        acme = self.env["res.partner"].create(
            {"name": "Acme Srl", "is_company": True, "email": "office@acme.example"}
        )
        order = self._buy(MARIO | ACME | {"email": "office@acme.example"})
        self.assertEqual(order.partner_id, acme)
        self.assertEqual(order.partner_invoice_id.commercial_partner_id, acme)
        self.assertIn("Acme Srl has none here", order.shop_hold_reason)

    def test_a_private_customers_office_is_delivered_to_with_the_companys_name(self):
        order = self._buy(MARIO, delivery=OFFICE)
        address = order.partner_shipping_id
        self.assertEqual(address.parent_id, self.mario)
        self.assertEqual(address.name, "Mario Rossi")
        self.assertEqual(address.display_name, "Acme srl, Mario Rossi")
        self.assertIn("Acme srl", address._display_address())
        again = self._buy(MARIO, delivery=OFFICE)
        self.assertEqual(again.partner_shipping_id, address)
        other = self._buy(MARIO, delivery=OFFICE | {"company": "Beta spa"}).partner_shipping_id
        self.assertEqual(other.display_name, "Beta spa, Mario Rossi")
        address.company_name = "Acme spa"
        third = self._buy(MARIO, delivery=OFFICE).partner_shipping_id
        self.assertNotEqual(third, address)

    def test_below_a_company_another_companys_name_is_kept(self):
        buyer = MARIO | ACME | {"email": "office@acme.example"}
        company = self._buy(buyer).partner_id
        self.assertTrue(company.is_company)
        order = self._buy(buyer, delivery=OFFICE | {"company": "Gamma snc"})
        self.assertEqual(order.partner_shipping_id.name, "Gamma snc, Mario Rossi")
        order = self._buy(buyer, delivery=OFFICE | {"company": "ACME  srl"})
        self.assertEqual(order.partner_shipping_id.name, "Mario Rossi")
        self.assertEqual(order.partner_shipping_id.display_name, "Acme srl, Mario Rossi")
