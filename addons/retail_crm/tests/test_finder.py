from unittest.mock import patch

from odoo.modules.db import FunctionStatus
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import res_partner_finder
from ..services import finder
from .common import DeskCase


@tagged("post_install", "-at_install")
class TestFinder(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.it")
        Partner = cls.env["res.partner"]
        cls.maria = cls.customer
        cls.maria.write({"phone": "+39 045 800 1234", "email": "Maria.Rossi@example.com"})
        cls.paolo = Partner.create({"name": "Paolo De Rossi", "phone": "045 9998877"})
        cls.kata = Partner.create(
            {
                "name": "Nagy Katalin",
                "phone": "06 30 123 4567",
                "country_id": cls.env.ref("base.hu").id,
                "ref": "K-7781",
            }
        )

    def _found(self, text, user=None, **options):
        Partner = self.env["res.partner"].with_user(user or self.anna)
        return Partner.browse(Partner._find_customers(text, **options)).with_env(self.env)

    def _chosen(self, text):
        """What the customer box of an order offers."""
        Partner = self.env["res.partner"].with_user(self.anna)
        return Partner.browse([one for one, _name in Partner.name_search(text, limit=50)]).with_env(
            self.env
        )

    # === WHAT WAS TYPED ===

    def test_what_was_typed_is_told_apart(self):
        for text, kind in (
            ("", "nothing"),
            ("  ", "nothing"),
            ("12", "digits"),
            ("+39 045 / 800-12 34", "digits"),
            ("tel: (045) 8001234", "digits"),
            ("maria@", "email"),
            ("Maria <maria@example.com>", "email"),
            ("@maria", "handle"),
            ("S00042", "code"),
            ("R", "name"),
            ("Maria Rossi", "name"),
            ("D'Angelo 2", "name"),
        ):
            self.assertEqual(finder.classify(text).kind, kind, text)

    def test_numbers_are_compared_by_their_digits(self):
        for written, digits in (
            ("0039 045 800 1234", "390458001234"),
            ("+49 (0)30 123456", "4930123456"),
            ("(045) 800-1234", "0458001234"),
            ("0012", "0012"),
            (None, ""),
        ):
            self.assertEqual(finder.phone_digits(written), digits)

    def test_a_number_without_its_country_gets_it(self):
        for written, country, code, digits in (
            ("06 30 123 4567", "HU", 36, "36301234567"),
            ("045 800 1234", "IT", 39, "390458001234"),
            ("030 123456", "DE", 49, "4930123456"),
            ("+36 30 123 4567", "IT", 39, "36301234567"),
            ("345 1234567", "IT", 39, "393451234567"),
            ("39 345 1234567", "IT", 39, "393451234567"),
            ("1234", "IT", 39, "1234"),
        ):
            self.assertEqual(finder.international_digits(written, country, code), digits, written)

    # === 16: BY NAME ===

    def test_016_by_surname(self):
        self.assertEqual(self._found("rossi"), self.maria | self.paolo)
        self.assertEqual(self._found("rossi maria"), self.maria)
        self.assertEqual(self._found("De Ro")[:1], self.paolo)
        self.assertIn(self.kata, self._found("na"))
        self.assertEqual(len(self._found("rossi", limit=1)), 1)

    def test_016_who_begins_like_that_comes_first(self):
        rossi = self.env["res.partner"].create({"name": "Rossi Vini"})
        self.assertEqual(self._found("rossi")[:1], rossi)

    def test_016_the_columns_of_the_customer_box_are_indexed(self):
        # databases that Odoo makes have the extension; one without is searched more slowly
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        with patch.object(self.registry, "has_trigram", FunctionStatus.INDEXABLE):
            using = res_partner_finder._names_index(self.registry)
        self.env.cr.execute(f"CREATE INDEX tried_names_idx ON res_partner {using}")
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'tried_names_idx'")
        [(definition,)] = self.env.cr.fetchall()
        for column in self.env["res.partner"]._rec_names_search:
            self.assertIn(column, definition)

    def test_016_the_database_reads_the_index(self):
        self.env["res.partner"].create([{"name": f"Bianchi {number}"} for number in range(300)])
        self.env.flush_all()
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        with patch.object(self.registry, "has_trigram", FunctionStatus.INDEXABLE):
            using = res_partner_finder._names_index(self.registry)
        # a copy in front of the table: an index on rows that this transaction has written may
        # only be read by later ones
        self.env.cr.execute("CREATE TEMP TABLE res_partner AS TABLE public.res_partner")
        self.env.cr.execute(f"CREATE INDEX tried_names_idx ON pg_temp.res_partner {using}")
        self.env.cr.execute("ANALYZE pg_temp.res_partner")
        # of a table as small as this one the database would rather read the whole
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.env["res.partner"]._search([("complete_name", "ilike", "rossi")])
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        text = "\n".join(line for (line,) in plan)
        self.assertIn("Bitmap Index Scan on tried_names_idx", text)
        self.env.cr.execute("DROP TABLE pg_temp.res_partner")

    # === 17: BY PHONE ===

    def test_017_any_spelling_of_a_number(self):
        for text in (
            "+39 045 800 1234",
            "0039045 8001234",
            "045/8001234",
            "(045) 800-12-34",
            "390458001234",
            "8001234",
            "1234",
            "tel: 045 800 1234",
        ):
            self.assertEqual(self._found(text)[:1], self.maria, text)
            self.assertIn(self.maria, self._chosen(text), text)
        for text in ("+36 30 123 4567", "06301234567", "0036 30 1234567", "30/123-4567", "4567"):
            self.assertEqual(self._found(text)[:1], self.kata, text)
            self.assertIn(self.kata, self._chosen(text), text)
        self.assertEqual(self._found("+390459998877"), self.paolo)

    def test_017_one_or_two_characters_are_no_error(self):
        for text in ("1", "12", "123", "+", "+3", "m", "ma", "@", "@m", "%", "_", "\\", "'", "a@"):
            self._found(text)
            self._chosen(text)

    def test_017_signs_of_a_search_pattern_are_letters(self):
        self.assertFalse(self._found("%%%%"))
        self.assertFalse(self._found("m_ria@"))

    def test_017_the_customer_box_finds_as_before(self):
        for text in ("Katalin", "K-7781", "maria.rossi@example.com"):
            self.assertEqual(self._chosen(text), self.kata if "K" in text else self.maria)

    # === ELSE ===

    def test_by_email_code_and_order(self):
        self.assertEqual(self._found("maria.r@"), self.env["res.partner"])
        self.assertEqual(self._found("MARIA.ROSSI@ex"), self.maria)
        self.assertEqual(self._found("k-7781"), self.kata)
        order = self._order(user_id=self.anna.id, client_order_ref="XKBKNABJK")
        order.name = "S98765"
        for text in ("S98765", "98765", "s98765", "XKBKNABJK"):
            self.assertEqual(self._found(text), self.maria, text)

    def test_an_address_stands_for_its_customer(self):
        self.env["res.partner"].create(
            {
                "name": "Cellar",
                "parent_id": self.maria.id,
                "type": "delivery",
                "phone": "0444 777 8899",
            }
        )
        self.assertEqual(self._found("04447778899"), self.maria)

    def test_nobody_finds_whom_they_may_not_see(self):
        other = self.env["res.company"].create({"name": "Neighbour"})
        self.maria.company_id = other
        self.assertFalse(self._found("8001234"))
        self.assertFalse(self._found("maria.rossi@example.com"))
        self.assertNotIn(self.maria, self._found("rossi"))

    def test_a_caller_is_found_by_index(self):
        self._found("8001234")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            self.assertEqual(self._found("8001234"), self.maria)
