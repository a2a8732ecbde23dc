"""A small world for the tests: a company in euro, two languages, one simulated shop over real
HTTP.
"""

from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import TransactionCase

from ..shopapi.registry import simulator_class


class ShopCase(TransactionCase):
    """An empty simulated shop, connected; products are made by the helpers."""

    system = "prestashop"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("it_IT", "hu_HU"):
            cls.env["res.lang"]._activate_lang(code)
        cls.simulator = cls.enterClassContext(cls._open_simulator())
        cls.company = cls.env.company
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.currency_id = cls.euro
        cls.italy = cls.env.ref("base.it")
        cls.vat22, cls.vat10 = cls._make_tax(22), cls._make_tax(10)
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Web", "currency_id": cls.euro.id, "company_id": cls.company.id}
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.shop = cls.env["shop.shop"].create(
            {
                "name": "Cellar Online",
                "system": cls.system,
                "base_url": cls.simulator.url,
                "api_key": cls.simulator.api_key,
                "api_secret": cls.simulator.api_secret or False,
                "media_login": getattr(cls.simulator, "media_login", False),
                "pricelist_id": cls.pricelist.id,
                "warehouse_ids": [Command.set(cls.warehouse.ids)],
                "orders_since": "2020-01-01 00:00:00",
            }
        )
        cls.shop.action_connect()

    @classmethod
    def _open_simulator(cls):
        return simulator_class(cls.system)(seed="demo")

    def setUp(self):
        """Each test has a shop of its own: what the database forgets, the shop has to forget
        too.
        """
        super().setUp()
        self.simulator = self.enterContext(self._open_simulator())
        self.shop.base_url = self.simulator.url

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        """Odoo's guard of the network compares the time-out with a number; ours is (connect,
        read).
        """
        timeout = kw.get("timeout")
        if isinstance(timeout, tuple):
            kw["timeout"] = max(timeout)
        return super()._request_handler(s, r, **kw)

    @classmethod
    def _make_tax(cls, rate):
        group = cls.env["account.tax.group"].create(
            {"name": f"VAT {rate}", "country_id": cls.company.account_fiscal_country_id.id}
        )
        return cls.env["account.tax"].create(
            {
                "name": f"VAT {rate} %",
                "amount": rate,
                "type_tax_use": "sale",
                "tax_group_id": group.id,
                "country_id": cls.company.account_fiscal_country_id.id,
                "price_include_override": "tax_excluded",
            }
        )

    # === WORLD ===

    def _product(self, sku="GLASS", price=10.0, stock=None, **values):
        """A product sold in the shop, without variants."""
        template = self.env["product.template"].create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "list_price": price,
                "is_storable": True,
                "taxes_id": [Command.set(self.vat22.ids)],
                "shop_ids": [Command.set(self.shop.ids)],
                **values,
            }
        )
        if stock is not None:
            self._stock(template.product_variant_ids, stock)
        return template

    def _product_with_formats(self, sku="WINE", price=30.0, extras=(0.0, 35.0), stock=None):
        """A product in variants, one for each price extra, with SKUs ``WINE-0``, ``WINE-1`` ..."""
        attribute = self.env["product.attribute"].create({"name": f"Format {sku}"})
        values = self.env["product.attribute.value"].create(
            [{"name": f"Size {i}", "attribute_id": attribute.id} for i in range(len(extras))]
        )
        template = self.env["product.template"].create(
            {
                "name": f"Product {sku}",
                "list_price": price,
                "is_storable": True,
                "taxes_id": [Command.set(self.vat10.ids)],
                "shop_ids": [Command.set(self.shop.ids)],
                "attribute_line_ids": [
                    Command.create(
                        {"attribute_id": attribute.id, "value_ids": [Command.set(values.ids)]}
                    )
                ],
            }
        )
        options = template.attribute_line_ids.product_template_value_ids
        for option, extra in zip(options, extras, strict=True):
            option.price_extra = extra
        for index, variant in enumerate(template.product_variant_ids):
            variant.default_code = f"{sku}-{index}"
        if stock is not None:
            self._stock(template.product_variant_ids, stock)
        return template

    def _stock(self, products, quantity):
        """Put ``quantity`` of each product on the shop's warehouse, counted."""
        for product in products:
            self.env["stock.quant"].with_context(inventory_mode=True).create(
                {
                    "product_id": product.id,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "inventory_quantity": quantity,
                }
            ).action_apply_inventory()

    # === DOING ===

    def _sync(self):
        """Do all that is due; the figures of the run."""
        return self.shop.action_sync_now()

    @contextmanager
    def _writes(self, expected):
        """Assert how many writing calls reach the shop inside the block."""
        before = len(self.simulator.writes)
        yield
        written = self.simulator.writes[before:]
        calls = "\n".join(f"{record.method} {record.path}" for record in written)
        self.assertEqual(len(written), expected, calls)

    def _place(self, lines, **options):
        """An order placed in the shop, then read; returns the sales order."""
        external_id = self.simulator.place_order(lines, **options)
        self._sync()
        return self._order(external_id)

    def _order(self, external_id):
        link = self.env["shop.binding"]._by_external(self.shop, "order", [str(external_id)])
        self.assertIn(str(external_id), link, "The order was not imported")
        return self.env["sale.order"].browse(link[str(external_id)].res_id)

    def _set_state(self, order_id, meaning):
        """Move an order in the shop to the first of its states with this meaning."""
        states = self.shop.order_state_mapping_ids.filtered(lambda row: row.meaning == meaning)
        self.simulator.set_order_state(order_id, states[0].external_code)

    def _failed(self, kind):
        return self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", kind), ("state", "=", "failed")]
        )

    def _meaning_of(self, order_id):
        """What the status stands for that an order has in the shop; ``order_id``: the shop's."""
        state = self.simulator.order(order_id)["current_state"]
        rows = self.shop.order_state_mapping_ids
        return rows.filtered(lambda row: row.external_code == state).meaning

    def _parcels_of(self, order_id):
        """The tracking numbers that the shop shows of an order."""
        rows = self.simulator.shop.store.find("order_carriers", id_order=order_id)
        return [row.values["tracking_number"] for row in rows]
