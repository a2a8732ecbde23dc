"""Every shipped causal, moved for real: its words must say what the figures then do."""

from odoo.tests import tagged

from ..models import causal_effects as effects
from ..models.stock_causal import USAGES
from ..report.stock_availability import COUNTED
from .documents import DocumentCase

FIGURES = set(COUNTED) - {"reserved"}


@tagged("post_install", "-at_install")
class TestCausalEffects(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        product = cls.laptop.with_company(cls.company)
        cls.company.internal_transit_location_id.active = True
        cls.places = {
            "internal": cls.main.lot_stock_id,
            "third_party": cls.customer._get_third_party_location(cls.company),
            "transit": cls.company.internal_transit_location_id,
            "supplier": cls.suppliers,
            "customer": cls.customers,
            "inventory": product.property_stock_inventory,
            "production": product.property_stock_production,
        }

    def _snapshot(self, warehouse):
        figures = self._figures(self.laptop, warehouse)
        return {name: figures[name] for name in FIGURES}

    def _run(self, source, target):
        """Return the signs by which a planned and then finished move changes both warehouses."""
        other = self.internal if source == target == "internal" else self.main
        places = self.places[source], other.lot_stock_id if other != self.main else None
        target_place = places[1] or self.places[target]
        for place in (places[0], target_place):
            if place.usage == "internal":
                self.env["stock.quant"]._update_available_quantity(self.laptop, place, 10)
        sides = {"source": self.main, "destination": other}
        before = {side: self._snapshot(warehouse) for side, warehouse in sides.items()}
        move = self._move(self.laptop, 3, places[0], target_place)
        planned = {side: self._snapshot(warehouse) for side, warehouse in sides.items()}
        self._do(move)
        done = {side: self._snapshot(warehouse) for side, warehouse in sides.items()}
        return move, {
            side: {
                name: (
                    _sign(planned[side][name] - before[side][name]),
                    _sign(done[side][name] - planned[side][name]),
                )
                for name in FIGURES
            }
            for side in sides
        }

    def test_every_causal_does_what_it_says(self):
        causals = self.env["stock.causal"].search([])
        self.assertGreater(len(causals), 25)
        for causal in causals:
            places = (causal.source_usage, causal.destination_usage)
            with self.subTest(causal.code):
                move, found = self._run(*places)
                changes = {
                    "source": effects.get_source_changes(*places),
                    "destination": effects.get_destination_changes(*places),
                }
                for side, seen in found.items():
                    told = dict.fromkeys(FIGURES, (0, 0)) | {
                        name: tuple(change) for name, change in changes[side].items()
                    }
                    if places != ("internal", "internal"):  # one warehouse plays both parts
                        told |= {
                            name: tuple(change)
                            for part in changes.values()
                            for name, change in part.items()
                        }
                    self.assertEqual(seen, told, side)
                self.assertEqual(
                    effects.get_value_change(*places), bool(move.is_in) - bool(move.is_out)
                )

    def test_the_words(self):
        for name, on_hand, committed, ordered, incoming, value, owner in (
            (
                "sale",
                "minus when done",
                "plus when planned, minus when done (to customers)",
                "unchanged",
                "unchanged",
                "minus when done",
                "ours, then the customer's",
            ),
            (
                "purchase",
                "plus when done",
                "unchanged",
                "plus when planned, minus when done",
                "unchanged",
                "plus when done",
                "the vendor's, then ours",
            ),
            (
                "viewing",
                "minus when done",
                "plus when planned, minus when done",
                "unchanged",
                "unchanged",
                "unchanged",
                "ours, kept by the partner",
            ),
            (
                "transfer",
                "minus in the one, plus in the other warehouse when done",
                "plus when planned, minus when done",
                "unchanged",
                "plus when planned, minus when done",
                "unchanged",
                "ours throughout",
            ),
        ):
            causal = self.env.ref(f"multi_warehouse_docs.causal_{name}")
            with self.subTest(name):
                self.assertEqual(causal.effect_on_hand, on_hand)
                self.assertEqual(causal.effect_committed, committed)
                self.assertEqual(causal.effect_ordered, ordered)
                self.assertEqual(causal.effect_incoming_other, incoming)
                self.assertEqual(causal.effect_value, value)
                self.assertEqual(causal.ownership, owner)

    def test_every_pair_of_places_has_words_and_a_direction(self):
        usages = [usage for usage, _name in USAGES]
        pairs = [(source, target) for source in usages for target in usages]
        causals = self.env["stock.causal"].create(
            [
                {
                    "name": f"{source} {target}",
                    "code": f"{source}-{target}",
                    "source_usage": source,
                    "destination_usage": target,
                }
                for source, target in pairs
            ]
        )
        for causal in causals:
            with self.subTest(causal.name):
                self.assertTrue(causal.ownership and causal.effect_value)
                self.assertIn(causal.direction, ("in", "out", "transfer", "none"))
        by_code = {causal.code: causal.direction for causal in causals}
        self.assertEqual(by_code["internal-customer"], "out")
        self.assertEqual(by_code["supplier-internal"], "in")
        self.assertEqual(by_code["internal-third_party"], "transfer")
        self.assertEqual(by_code["supplier-customer"], "none")


def _sign(number):
    return (number > 0) - (number < 0)
