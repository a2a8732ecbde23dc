from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import AvailabilityCase


@tagged("post_install", "-at_install")
class TestAvailabilityRights(AvailabilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Neighbour"})
        cls.other = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.other_company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.main.lot_stock_id, 5)
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.other.lot_stock_id, 7)
        cls.stockman = cls._user("stockman", "stock.group_stock_user", cls.company)
        cls.neighbour = cls._user("neighbour", "stock.group_stock_user", cls.other_company)
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman", cls.company)
        cls.reader = cls._user(
            "reader", "multi_warehouse_docs.group_multi_warehouse_docs_user", cls.company
        )

    @classmethod
    def _user(cls, login, group, company):
        return new_test_user(
            cls.env,
            login,
            f"base.group_user,{group}",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def _rows(self, user):
        Availability = self.env["stock.availability"].with_user(user)
        companies = user.company_ids.ids
        return Availability.with_context(allowed_company_ids=companies).search(
            [("product_id", "=", self.laptop.id)]
        )

    def test_each_company_sees_its_own_warehouses(self):
        self.assertEqual(self._rows(self.stockman).mapped("on_hand"), [5])
        self.assertEqual(self._rows(self.neighbour).mapped("on_hand"), [7])

    def test_users_of_the_addon_see_the_figures(self):
        self.assertEqual(self._rows(self.reader).mapped("on_hand"), [5])

    def test_two_companies_at_once_are_two_rows(self):
        both = (self.company | self.other_company).ids
        rows = self.env["stock.availability"].with_context(allowed_company_ids=both)
        found = rows.search([("product_id", "=", self.laptop.id)])
        self.assertEqual(found.company_id, self.company | self.other_company)

    def test_the_product_answers_for_the_companies_of_the_user(self):
        laptop = self.laptop.with_context(allowed_company_ids=self.other_company.ids)
        self.assertEqual([*laptop._get_availability()[laptop]], [self.other])

    def test_others_are_kept_out(self):
        with self.assertRaises(AccessError):
            self._rows(self.seller)

    def test_nobody_writes_figures(self):
        rows = self._rows(self.stockman)
        for write in (
            lambda: rows.write({"on_hand": 100}),
            lambda: rows.unlink(),
            lambda: rows.create({"product_id": self.laptop.id}),
        ):
            with self.assertRaises(AccessError):
                write()
