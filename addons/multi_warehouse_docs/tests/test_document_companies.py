from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .documents import DocumentCase


@tagged("post_install", "-at_install")
class TestDocumentCompanies(DocumentCase):
    """Two companies in one database: neither sees or takes what is the other's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Neighbour"})
        cls.env.user.company_ids |= cls.other_company
        cls.keeper = new_test_user(
            cls.env,
            "own_keeper",
            "base.group_user,multi_warehouse_docs.group_multi_warehouse_docs_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _theirs(self, model, **values):
        return self.env[model].search([("company_id", "=", self.other_company.id)], limit=1)

    def test_types_series_and_causals_of_another_company_are_out_of_sight(self):
        causal = (
            self.env["stock.causal"]
            .search([], limit=1)
            .copy({"code": "THEIRS", "company_id": self.other_company.id})
        )
        records = (self._theirs("document.type"), self._theirs("document.series"), causal)
        for record in records:
            self.assertTrue(record)
            mine = record.with_user(self.keeper).with_context(allowed_company_ids=self.company.ids)
            self.assertFalse(mine.search([("id", "=", record.id)]))
            for use in (lambda mine=mine: mine.read(["name"]), lambda mine=mine: mine.unlink()):
                with self.assertRaises(AccessError):
                    use()
            with self.assertRaises(AccessError):
                mine.name = "Ours now"

    def test_documents_refuse_what_is_of_another_company(self):
        theirs = self.env["document.type"]._get_default("delivery", self.other_company)
        order_type = self.env["document.type"]._get_default("sale_order", self.other_company)
        with self.assertRaises(UserError):
            self._sell(1, document_type_id=order_type.id)
        with self.assertRaises(UserError):
            self.main.out_type_id.document_type_id = theirs
        transfer = self._transfer(1, self.main, self.internal)
        causal = transfer.causal_id.copy({"code": "THEIRS", "company_id": self.other_company.id})
        for kind in ("internal", "delivery"):
            with self.assertRaises(UserError, msg=kind):
                transfer.document_type_id = self.env["document.type"]._get_default(
                    kind, self.other_company
                )
        with self.assertRaises(UserError):
            transfer.causal_id = causal
        order = self._buy(1)
        bought = self.env["document.type"]._get_default("purchase_order", self.other_company)
        with self.assertRaises(UserError):
            order.document_type_id = bought

    def test_types_refuse_series_causals_and_warehouses_of_another_company(self):
        mine = self._type("delivery")
        causal = mine.causal_id.copy({"code": "THEIRS", "company_id": self.other_company.id})
        for values in (
            {"series_ids": self._theirs("document.series").ids},
            {"causal_id": causal.id},
            {"warehouse_id": self._warehouse_of(self.other_company).id},
            {"return_type_id": self._theirs("document.type").id},
        ):
            with self.assertRaises(UserError, msg=str(values)):
                mine.write(values)

    def test_each_company_counts_for_itself(self):
        self._stock(self.laptop, 5, self.main)
        first = self._transfer(1, self.main, self.internal)
        self._validate(first)
        second = self.env["document.type"]._get_default("internal", self.other_company)
        self.assertNotEqual(second.series_ids, first.series_id)
        self.assertFalse(second.series_ids & self._type("internal").series_ids)

    def test_who_may_create_companies_gets_their_types_without_other_rights(self):
        admin = new_test_user(
            self.env, "companies", "base.group_erp_manager,base.group_partner_manager"
        )
        company = self.env["res.company"].with_user(admin).create({"name": "Branch"})
        found = self.env["document.type"].search_count([("company_id", "=", company.id)])
        self.assertGreater(found, 5)
