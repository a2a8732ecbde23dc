"""A new inquiry: lead or customer, duplicates first."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .desk_common import OrderDeskCase


@tagged("post_install", "-at_install")
class TestDeskInquiry(OrderDeskCase):
    INQUIRY = {
        "name": "Chiara Bianchi",
        "phone": "+39 051 765 4321",
        "email": "chiara@example.com",
        "subject": "Wine for a wedding",
    }

    def test_018_an_inquiry_becomes_a_lead(self):
        saved = self.desk.save_inquiry(self.INQUIRY)
        lead = self.env["crm.lead"].browse(saved["lead_id"])
        self.assertEqual(lead.name, "Wine for a wedding")
        self.assertEqual((lead.contact_name, lead.phone), ("Chiara Bianchi", "+39 051 765 4321"))
        self.assertEqual((lead.email_from, lead.user_id), ("chiara@example.com", self.anna))
        self.assertFalse(saved["partner_id"])

    def test_018_an_inquiry_becomes_a_customer(self):
        saved = self.desk.save_inquiry({**self.INQUIRY, "subject": ""}, True)
        partner = self.env["res.partner"].browse(saved["partner_id"])
        self.assertEqual((partner.name, partner.email), ("Chiara Bianchi", "chiara@example.com"))
        self.assertFalse(saved["lead_id"], "nothing was asked about")

    def test_018_one_field_is_enough_and_none_is_a_sentence(self):
        saved = self.desk.save_inquiry({"phone": "+39 051 1"})
        self.assertEqual(self.env["crm.lead"].browse(saved["lead_id"]).name, "Inquiry of +39 051 1")
        with self.assertRaisesRegex(UserError, "at least a name"):
            self.desk.save_inquiry({"subject": "Wine"})

    def test_019_who_is_known_is_offered_before_saving(self):
        for values in (
            {"email": "Maria.Rossi@example.com"},
            {"phone": "+39 055 123 4567"},
            {"phone": "+390551234567", "email": "new@example.com"},
        ):
            found = [hit["id"] for hit in self.desk.find_duplicates(values)]
            self.assertIn(self.customer.id, found, values)
        self.assertEqual(self.desk.find_duplicates({"name": "Maria Rossi"}), [])

    def test_019_the_known_customer_is_linked_and_not_made_again(self):
        before = self.env["res.partner"].search_count([])
        saved = self.desk.save_inquiry({"subject": "Wine"}, True, self.customer.id)
        self.assertEqual(saved["partner_id"], self.customer.id)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        lead = self.env["crm.lead"].browse(saved["lead_id"])
        self.assertEqual(lead.partner_id, self.customer)

    def test_019_a_lead_becomes_customer_and_quotation_without_a_wizard(self):
        saved = self.desk.save_inquiry(self.INQUIRY)
        lead = self.env["crm.lead"].browse(saved["lead_id"])
        opened = self.desk.open_lead(lead.id)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.email, "chiara@example.com")
        order = self.env["sale.order"].browse(opened["order_id"])
        self.assertEqual((order.partner_id, order.opportunity_id), (lead.partner_id, lead))
        self.assertEqual(self.desk.open_lead(lead.id)["order_id"], order.id, "not a second one")

    def test_019_the_lead_of_a_known_customer_makes_no_second_one(self):
        saved = self.desk.save_inquiry({"email": "maria.rossi@example.com"})
        opened = self.desk.open_lead(saved["lead_id"])
        self.assertEqual(opened["partner_id"], self.customer.id)

    def _lead_of_two(self):
        """A lead whose phone number two customers have."""
        twin = self.env["res.partner"].create(
            {"name": "Mario Rossi", "phone": self.customer.phone, "city": "Prato"}
        )
        saved = self.desk.save_inquiry({"phone": self.customer.phone, "subject": "Wine"})
        return self.env["crm.lead"].browse(saved["lead_id"]), twin

    def test_019_of_several_customers_a_person_chooses(self):
        lead, twin = self._lead_of_two()
        answer = self.desk.open_lead(lead.id)
        found = {hit["id"]: hit["city"] for hit in answer["customers"]}
        self.assertEqual(found.keys(), {self.customer.id, twin.id})
        self.assertEqual(found[twin.id], "Prato")
        self.assertFalse(lead.partner_id, "nothing is done before")
        self.assertFalse(lead.order_ids)
        opened = self.desk.open_lead(lead.id, twin.id)
        self.assertEqual(lead.partner_id, twin)
        order = self.env["sale.order"].browse(opened["order_id"])
        self.assertEqual((order.partner_id, order.opportunity_id), (twin, lead))
        self.assertEqual(self.desk.open_lead(lead.id), opened, "not asked again")

    def test_019_none_of_several_is_somebody_new(self):
        lead, twin = self._lead_of_two()
        lead.contact_name = "Carlo Rossi"
        self.desk.open_lead(lead.id, False)
        self.assertTrue(lead.partner_id)
        self.assertNotIn(lead.partner_id, self.customer | twin)
        self.assertEqual(lead.partner_id.name, "Carlo Rossi")

    def test_019_a_client_of_somebody_else_cannot_be_chosen(self):
        lead, twin = self._lead_of_two()
        twin.user_id = self.berta
        self.anna.group_ids += self.env.ref("retail_crm.group_own_clients")
        with self.assertRaises(AccessError):
            self.desk.open_lead(lead.id, twin.id)

    def test_a_lead_opens_the_desk(self):
        saved = self.desk.save_inquiry(self.INQUIRY)
        action = self.env["crm.lead"].browse(saved["lead_id"]).action_open_desk()
        self.assertEqual(action["tag"], "retail_crm.order_desk")
        self.assertEqual(action["params"], {"lead_id": saved["lead_id"]})
