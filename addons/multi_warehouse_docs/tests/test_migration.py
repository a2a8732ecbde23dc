"""Databases that had the addon before document types: the update makes up for the set-up."""

from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.modules.module import Manifest, load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .documents import DocumentCase

FOLDER = "multi_warehouse_docs/migrations"


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

    def _migrate(self, to="19.0.1.1.0"):
        script = load_script(file_path(f"{FOLDER}/{to}/post-migration.py"), "migration")
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

    def test_each_transfer_gets_the_usual_causal_of_its_own_partner(self):
        self._forget_types()
        self._stock(self.laptop, 5, self.main)
        now = self.env.ref("multi_warehouse_docs.causal_sale_now")
        bar = self.env["res.partner"].create({"name": "Bar"})
        bar.with_company(self.company).delivery_causal_id = now
        orders = self._sell(1) | self._sell(1, partner_id=bar.id)
        orders.action_confirm()
        self._migrate()
        usual = self.env.ref("multi_warehouse_docs.causal_sale")
        self.assertEqual([one.picking_ids.causal_id for one in orders], [usual, now])

    def test_a_transfer_that_cannot_be_adopted_stops_nothing(self):
        self._forget_types()
        self._stock(self.laptop, 5, self.main)
        bad = self._transfer(1, self.main, self.internal)
        good = self._sell(1)
        good.action_confirm()
        pickings = type(bad)
        settle, refusal = pickings._set_document_type, "Not this one."

        def fail(self, keep=False):
            if self == bad:
                raise UserError(refusal)
            return settle(self, keep=keep)

        with patch.object(pickings, "_set_document_type", fail), self.assertLogs(level="WARNING"):
            self._migrate()
        self.assertFalse(bad.document_type_id)
        self.assertEqual(good.picking_ids.document_type_id, self._type("delivery"))

    def test_closed_companies_get_types_too(self):
        self._forget_types()
        self.company.active = False
        self._migrate()
        self.assertTrue(self._type("delivery"))

    def test_records_that_an_update_leaves_alone_are_renewed(self):
        rule = self.env.ref("multi_warehouse_docs.rule_document_register_warehouse")
        new = rule.domain_force
        rule.domain_force = (
            "[('warehouse_id', 'in', user.allowed_warehouse_ids.ids + [False])] "
            "if user.allowed_warehouse_ids else [(1, '=', 1)]"
        )
        mail = self.env.ref("multi_warehouse_docs.low_stock_mail_template")
        body = str(mail.body_html)
        mail.body_html = body.replace("row['lack_text']", "'%g' % row['lack']")
        self.assertIn("%g", mail.body_html)
        self._migrate("19.0.1.2.0")
        self.assertEqual(rule.domain_force, new)
        self.assertNotIn("%g", mail.body_html)
        self.assertIn("row['lack_text']", mail.body_html)
        rule.domain_force = "[(1, '=', 1)]"
        self._migrate("19.0.1.2.0")
        self.assertEqual(rule.domain_force, "[(1, '=', 1)]", "chosen by somebody")

    def test_the_old_subject_of_the_low_stock_mail_is_renewed(self):
        self.env["res.lang"]._activate_lang("it_IT")
        mail = self.env.ref("multi_warehouse_docs.low_stock_mail_template")
        italian = mail.with_context(lang="it_IT")
        new, count = mail.subject, "{{ len(ctx.get('low_stock_rows') or []) }}"
        mail.subject = f"{count} products below their minimum"
        italian.subject = f"{count} prodotti sotto il minimo"
        self._migrate("19.0.1.2.0")
        self.assertEqual((mail.subject, italian.subject), (new, new), "translated after this")
        mail.subject = f"{count} products below their minimum"
        italian.subject = "Mancano prodotti"
        self._migrate("19.0.1.2.0")
        self.assertEqual((mail.subject, italian.subject), (new, "Mancano prodotti"))
        mail.subject = "Buy!"
        self._migrate("19.0.1.2.0")
        self.assertEqual(mail.subject, "Buy!", "chosen by somebody")

    def test_an_update_reaches_the_newest_migration(self):
        newest = max(path.name for path in Path(file_path(FOLDER)).iterdir())
        self.assertEqual(newest, Manifest.for_addon("multi_warehouse_docs")["version"])

    def test_what_is_set_up_stays_as_it_is(self):
        chosen = self._type("internal").copy({"code": "VAN"})
        transfer = self._transfer(1, self.main, self.internal, document_type_id=chosen.id)
        before = self.env["document.type"].search_count([])
        self._migrate()
        self.assertEqual(self.env["document.type"].search_count([]), before)
        self.assertEqual(transfer.document_type_id, chosen)
