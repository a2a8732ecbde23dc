"""Databases that had the addon before document types: the update makes up for the set-up."""

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .documents import DocumentCase


@tagged("post_install", "-at_install")
class TestMigration(DocumentCase):
    def _forget_types(self):
        """Bring the company into the state in which the first version left it."""
        types = self.env["document.type"].search([("company_id", "=", self.company.id)])
        operations = self.env["stock.picking.type"].with_context(active_test=False)
        operations.search([("document_type_id", "in", types.ids)]).document_type_id = False
        series = types.series_ids
        types.unlink()
        series.unlink()

    def _migrate(self):
        script = load_script(
            file_path("multi_warehouse_docs/migrations/19.0.1.1.0/post-migration.py"), "migration"
        )
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_companies_and_what_is_open_get_types(self):
        self._forget_types()
        self._stock(self.laptop, 5, self.main)
        quotation, old = self._sell(1), self._sell(1)
        old.action_confirm()
        transfer = self._transfer(1, self.main, self.internal)
        self.assertFalse((quotation | old).document_type_id or transfer.document_type_id)
        self._migrate()
        self.assertEqual(quotation.document_type_id, self._type("sale_order"))
        self.assertFalse(old.document_type_id, "what is confirmed stays as it is")
        self.assertEqual(old.picking_ids.document_type_id, self._type("delivery"))
        self.assertEqual(transfer.document_type_id, self._type("internal"))
        self._validate(transfer)
        self.assertEqual(transfer.document_number.rsplit("/")[-1], "00001")

    def test_what_is_set_up_stays_as_it_is(self):
        chosen = self._type("internal").copy({"code": "VAN"})
        transfer = self._transfer(1, self.main, self.internal, document_type_id=chosen.id)
        before = self.env["document.type"].search_count([])
        self._migrate()
        self.assertEqual(self.env["document.type"].search_count([]), before)
        self.assertEqual(transfer.document_type_id, chosen)
