from odoo import fields
from odoo.tests import new_test_user, tagged

from .test_stock_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestLowStock(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._user("Anna the buyer", "anna@example.com")
        cls.cron = cls.env.ref("multi_warehouse_docs.low_stock_cron")
        cls.rule = cls._rule(cls.laptop, 5)

    @classmethod
    def _user(cls, login, email, **values):
        return new_test_user(
            cls.env,
            login,
            "base.group_user,stock.group_stock_user",
            email=email,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            **values,
        )

    @classmethod
    def _rule(cls, product, minimum, warehouse=None, **values):
        warehouse = warehouse or cls.main
        return cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": minimum,
                "product_max_qty": minimum,
                "trigger": "manual",
                "responsible_id": cls.buyer.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    def _run(self):
        """Run the nightly job; the mails it wrote."""
        before = self.env["mail.mail"].search([])
        self.env["stock.warehouse.orderpoint"]._cron_low_stock()
        return self.env["mail.mail"].search([]) - before

    def _commit(self):
        """What happens before a transaction commits; whether the job was woken."""
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.cron.id)])
        self.env.flush_all()
        self.env.cr.precommit.run()
        found = self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.cron.id)])
        return found > triggers

    def test_one_mail_for_each_person_once_for_each_crossing(self):
        mouse = self._product("Mouse")
        self._rule(mouse, 3)
        second = self._user("Bert", "bert@example.com")
        self._rule(self.laptop, 1, self.internal, responsible_id=second.id)
        self._bought(2)
        mails = self._run()
        self.assertEqual(mails.recipient_ids, self.buyer.partner_id | second.partner_id)
        self.assertEqual(len(mails), 2)
        mine = mails.filtered(lambda mail: mail.recipient_ids == self.buyer.partner_id)
        self.assertEqual(mine.subject, "Products below their minimum: 2")
        for text in ("Laptop", "Mouse", self.main.name):
            self.assertIn(text, mine.body_html)
        self.assertFalse(self._run(), "told once")
        self._bought(4)
        self.assertFalse(self._run())
        self.assertFalse(self.rule.low_stock_alert_date)
        self._sold(4)
        self.assertEqual(self._run().recipient_ids, self.buyer.partner_id)

    def test_quantities_are_written_as_the_person_does(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.buyer.lang = "it_IT"
        self._rule(self._product("Cork"), 1234567.5)
        mail = self._run().filtered(lambda one: "Cork" in one.body_html)
        self.assertIn("1.234.567,5<", mail.body_html)

    def test_ordered_goods_count_and_committed_ones_do_not(self):
        self._bought(5)
        self.assertFalse(self._run())
        self._move(self.laptop, 1, self.main.lot_stock_id, self.customers)
        order = self._move(self.laptop, 1, self.suppliers, self.main.lot_stock_id)
        self.assertFalse(self._run())
        order._action_cancel()
        self.assertTrue(self._run())

    def test_a_rule_for_a_place_looks_at_that_place(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.main.lot_stock_id.id}
        )
        self._bought(9)
        rule = self._rule(self.laptop, 2, location_id=shelf.id)
        self._run()
        self.assertTrue(rule.low_stock_alert_date)
        self.assertFalse(self.rule.low_stock_alert_date)

    def test_moves_that_cross_the_minimum_wake_the_job_before_the_commit(self):
        self._bought(6)
        self._commit()
        self._sold(1)
        self.assertFalse(self._commit(), "5 is not below 5")
        move = self._move(self.laptop, 1, self.main.lot_stock_id, self.customers)
        self.assertTrue(self._commit(), "committed")
        self._run()
        self._do(move)
        self.assertFalse(self._commit(), "known already")
        self._bought(3)
        self.assertTrue(self._commit(), "above again")

    def test_goods_without_a_rule_cost_one_query(self):
        mouse = self._product("Mouse")
        self._bought(6, product=mouse)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env.cr.precommit.run()

    def test_the_mail_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.laptop.with_context(lang="it_IT").name = "Portatile"
        self.buyer.lang = "it_IT"
        template = self.env.ref("multi_warehouse_docs.low_stock_mail_template")
        template.with_context(lang="it_IT").subject = "Sotto scorta"
        mail = self._run()
        self.assertEqual(mail.subject, "Sotto scorta")
        self.assertIn("Portatile", mail.body_html)

    def test_the_settings_name_who_hears_when_the_rule_names_nobody(self):
        self.rule.responsible_id = False
        self.assertFalse(self._run())
        self.assertFalse(self.rule.low_stock_alert_date)
        self.company.low_stock_user_id = self.buyer
        self.assertTrue(self._run())

    def test_a_new_responsible_is_told_and_one_who_left_is_not(self):
        self._run()
        second = self._user("Bert", "bert@example.com")
        self.rule.responsible_id = second
        self.assertEqual(self._run().recipient_ids, second.partner_id)
        self.rule.responsible_id = self.buyer
        self.buyer.active = False
        self.assertFalse(self._run())

    def test_without_an_address_there_is_an_activity(self):
        self.buyer.partner_id.email = False
        self.assertFalse(self._run())
        activity = self.laptop.activity_ids
        self.assertEqual(activity.user_id, self.buyer)
        self.assertIn("minimum", activity.summary)
        self.assertLess(self.rule.low_stock_alert_date, fields.Datetime.now() + self._second())

    def _second(self):
        return fields.Datetime.to_datetime("2000-01-01 00:00:01") - fields.Datetime.to_datetime(
            "2000-01-01"
        )

    def test_a_seller_without_stock_rights_wakes_the_job(self):
        seller = new_test_user(
            self.env,
            "seller",
            "base.group_user,sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self._bought(6)
        self._commit()
        order = (
            self.env["sale.order"]
            .with_user(seller)
            .create(
                {
                    "partner_id": self.partner.id,
                    "warehouse_id": self.main.id,
                    "order_line": [(0, 0, {"product_id": self.laptop.id, "product_uom_qty": 2})],
                }
            )
        )
        order.action_confirm()
        self.assertTrue(self._commit())
