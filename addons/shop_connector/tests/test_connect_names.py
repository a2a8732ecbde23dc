"""What a shop calls a carrier, a group or a way to pay is found here by its name."""

from odoo.tests import tagged

from ..sync.naming import best_named
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestConnectNames(ShopCase):
    def _carriers(self, *names):
        product = self.env["product.product"].create({"name": "Delivery", "type": "service"})
        return self.env["delivery.carrier"].create(
            [{"name": name, "product_id": product.id} for name in names]
        )

    def test_the_same_name_in_any_language_wins(self):
        lampo, pickup = self._carriers("Lampo", "Pick-up")
        pickup.with_context(lang="it_IT").name = "Ritiro in cantina"
        self.assertEqual(best_named(lampo | pickup, " ritiro  IN cantina "), pickup)
        self.assertFalse(best_named(lampo | pickup, "Nobody"))
        self.assertFalse(best_named(lampo | pickup, ""))

    def test_a_name_of_the_same_words_is_taken_where_only_one_fits(self):
        lampo, other = self._carriers("Lampo", "Corriere lento")
        both = lampo | other
        self.assertEqual(best_named(both, "Lampo Express", is_close_enough=True), lampo)
        self.assertFalse(best_named(both, "Lampo Express"))
        twins = both | self._carriers("Express")
        self.assertFalse(best_named(twins, "Lampo Express", is_close_enough=True))

    def test_a_carrier_and_a_group_are_proposed(self):
        carrier = self.shop.carrier_mapping_ids[0]
        own = self._carriers(f"{carrier.name} (our own)")
        group = self.shop.customer_group_mapping_ids.filtered(lambda row: not row.rate)[0]
        prices = self.pricelist.copy({"name": group.name.upper()})
        (carrier | group).write({"carrier_id": False, "pricelist_id": False})
        self.shop.action_connect()
        self.assertEqual(carrier.carrier_id, own)
        self.assertEqual(group.pricelist_id, prices)

    def test_a_method_that_comes_with_an_order_finds_its_journal(self):
        journal = self.env["account.journal"].create(
            {"name": "Wallet", "code": "WALL", "type": "bank"}
        )
        self._product(stock=5)
        self._sync()
        order = self._place([("GLASS", 1)], payment="ps_checkout")
        payment = order.shop_payment_ids
        payment.write({"method": "new_module", "name": "wallet"})
        self.assertEqual(payment._mapping().journal_id, journal)
        payment.write({"method": "another", "name": "Wallet Plus"})
        self.assertFalse(payment._mapping().journal_id)
