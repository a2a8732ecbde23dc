from lxml import etree

from odoo.tests import tagged
from odoo.tools import SQL

from .documents import DocumentCase


@tagged("post_install", "-at_install")
class TestDocumentProperties(DocumentCase):
    """Fields that a company adds without any programming."""

    def test_warehouses_have_the_fields_of_their_company(self):
        self.company.warehouse_properties_definition = [
            {"name": "rent", "string": "Rent a Month", "type": "float"},
            {"name": "guard", "string": "Guarded", "type": "boolean"},
        ]
        self.main.warehouse_properties = {"rent": 1200.5, "guard": True}
        self.env.invalidate_all()
        self.assertEqual(dict(self.main.warehouse_properties), {"rent": 1200.5, "guard": True})
        self.assertFalse(self.internal.warehouse_properties.get("rent"))
        found = self.env["stock.warehouse"].search([("warehouse_properties.guard", "=", True)])
        self.assertEqual(found, self.main)
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        self.assertFalse(dict(self._warehouse_of(neighbour).warehouse_properties))

    def test_orders_have_the_fields_of_their_type(self):
        for kind, order in (("sale_order", self._sell(1)), ("purchase_order", self._buy(1))):
            document_type = self._type(kind)
            self.assertEqual(order.document_type_id, document_type)
            document_type.properties_definition = [
                {"name": "project", "string": "Project Code", "type": "char"}
            ]
            order.document_properties = {"project": "P-7"}
            self.env.invalidate_all()
            self.assertEqual(order.document_properties["project"], "P-7")
            found = order.search([("document_properties.project", "=", "P-7")])
            self.assertEqual(found, order)
            other = document_type.copy({"code": f"X{kind}", "properties_definition": []})
            order.document_type_id = other
            self.assertFalse(dict(order.document_properties))

    def test_orders_of_before_are_not_gone_through_at_the_installation(self):
        for kind, order in (("sale_order", self._sell(1)), ("purchase_order", self._buy(1))):
            self._type(kind).properties_definition = [
                {"name": "project", "string": "Project Code", "type": "char", "default": "P-0"}
            ]
            self.env.flush_all()
            table = SQL.identifier(order._table)
            self.env.cr.execute(SQL("ALTER TABLE %s DROP COLUMN document_properties", table))
            self.registry.init_models(self.env.cr, [order._name], {}, install=False)
            self.assertEqual(
                self.env.execute_query(
                    SQL("SELECT document_properties FROM %s WHERE id = %s", table, order.id)
                ),
                [(None,)],
            )

    def test_forms_show_them(self):
        for model, name in (
            ("stock.warehouse", "warehouse_properties"),
            ("sale.order", "document_properties"),
            ("purchase.order", "document_properties"),
            ("stock.picking", "picking_properties"),
        ):
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            self.assertEqual(len(arch.xpath("//field[@name=$name]", name=name)), 1, model)
