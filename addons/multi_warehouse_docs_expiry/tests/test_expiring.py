from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.multi_warehouse_docs.tests.common import AvailabilityCase


@tagged("post_install", "-at_install")
class TestExpiring(AvailabilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese = cls._product("Cheese", tracking="lot", use_expiration_date=True)

    def _lie(self, quantity, days, warehouse=None):
        """So many of a lot that expires in that many days."""
        lot = self.env["stock.lot"].create(
            {
                "name": f"L{days}",
                "product_id": self.cheese.id,
                "expiration_date": fields.Datetime.now() + timedelta(days=days),
            }
        )
        place = (warehouse or self.main).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.cheese, place, quantity, lot_id=lot)
        return lot

    def _rows(self, *domain):
        turnover = self.env["stock.turnover"]
        turnover.invalidate_model()
        return turnover.search([("product_id", "=", self.cheese.id), *domain])

    def test_lots_that_expire_soon_or_have_expired_are_counted(self):
        first = self._lie(2, -1)
        self._lie(3, 29)
        self._lie(5, 31)
        self._lie(4, 100, self.internal)
        rows = self._rows()
        self.assertEqual(
            {row.warehouse_id: (row.on_hand, row.expiring) for row in rows},
            {self.main: (10, 5), self.internal: (4, 0)},
        )
        main = rows.filtered(lambda row: row.warehouse_id == self.main)
        self.assertEqual(main.first_expiry, first.expiration_date)
        self.assertEqual(self._rows(("expiring", ">", 0)), main)
        self.company.stock_expiry_days = 0
        self.assertEqual(self._rows(("expiring", ">", 0)).expiring, 2)
        first.expiration_date += timedelta(days=50)
        self.assertFalse(self._rows(("expiring", ">", 0)))

    def test_goods_without_dates_do_not_expire(self):
        self._stock(self.laptop, 5, self.main)
        row = self.env["stock.turnover"].search([("product_id", "=", self.laptop.id)])
        self.assertEqual((row.expiring, row.first_expiry), (0, False))

    def test_the_screens_show_it(self):
        settings = self.env["res.config.settings"].create({"stock_expiry_days": 12})
        settings.execute()
        self.assertEqual(self.company.stock_expiry_days, 12)
        for kind, name in (("list", "expiring"), ("search", "expiring")):
            self.assertIn(
                f'name="{name}"', self.env["stock.turnover"].get_view(view_type=kind)["arch"]
            )
