"""An order that a customer's program sent as a file."""

from odoo import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestEdiOrders(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.edi = cls.env.ref("retail_crm_edi.channel_edi")
        cls.wine = cls.env["product.product"].create(
            {"name": "Wine", "default_code": "WINE-EDI", "list_price": 9.0}
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Hotel Bellavista", "email": "orders@bellavista.example.test"}
        )

    def _file(self):
        """The file of an order of five bottles, as the customer's program writes it."""
        line = {"product_id": self.wine.id, "product_uom_qty": 5}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "client_order_ref": "PO 77",
                "order_line": [Command.create(line)],
            }
        )
        content = self.env["sale.edi.xml.ubl_bis3"]._export_order(order)
        return self.env["ir.attachment"].create({"name": "po77.xml", "raw": content})

    def _read(self, attachment):
        found = self.env["sale.order"].create_document_from_attachment(attachment.ids)
        return self.env["sale.order"].browse(found["res_id"])

    def test_006_an_order_from_a_file_has_its_channel_and_the_file(self):
        attachment = self._file()
        order = self._read(attachment)
        self.assertEqual(order.channel_id, self.edi)
        self.assertEqual(order.channel_id.channel_type, "edi")
        self.assertEqual((attachment.res_model, attachment.res_id), ("sale.order", order.id))
        self.assertEqual(order.order_line.product_uom_qty, 5)

    def test_006_the_channel_of_the_company_comes_first(self):
        team = self.env["crm.team"].create({"name": "Hotels"})
        own = self.env["sales.channel"].create(
            {
                "name": "Hotels by EDI",
                "channel_type": "edi",
                "company_id": self.env.company.id,
                "team_id": team.id,
            }
        )
        order = self._read(self._file())
        self.assertEqual((order.channel_id, order.team_id), (own, team))

    def test_006_the_channel_of_who_uploads_the_file_does_not_count(self):
        self.env.user.order_channel_id = self.env["sales.channel"].create(
            {"name": "Phone", "channel_type": "phone"}
        )
        self.assertEqual(self._read(self._file()).channel_id, self.edi)
