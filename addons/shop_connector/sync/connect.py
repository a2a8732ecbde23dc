from decimal import Decimal

from odoo import models

from .mappings import same_rate
from .naming import best_named

#: attribute of ShopInfo -> kind of mapping
LISTS = {
    "categories": "category",
    "languages": "language",
    "currencies": "currency",
    "taxes": "tax",
    "carriers": "carrier",
    "payment_methods": "payment",
    "order_states": "order_state",
    "stores": "store",
    "customer_groups": "customer_group",
}


class ShopSyncConnect(models.AbstractModel):
    """What a first look at a shop leaves behind: its codes, each with a proposal."""

    _name = "shop.sync.connect"
    _description = "Connecting a Web Shop"

    def _connect(self, shop, info):
        """Store the shop's code lists, propose what is not mapped yet and let the shop work."""
        self._read(shop, info)
        shop.write({"state": "connected", "last_error": False, "unreachable_since": False})
        shop.activity_unlink(["shop_connector.mail_activity_decision"])
        shop.action_compare_all()
        shop.message_post(
            body=self.env._(
                "Connected to %(name)s (version %(version)s).", name=info.name, version=info.version
            )
        )

    def _read(self, shop, info):
        """Store the shop's code lists and propose what is not mapped yet."""
        shop.write({"shop_version": info.version, "shop_timezone": info.timezone})
        self._set_currency(shop, info)
        self._update_rows(shop, info)
        self._propose(shop)

    def _set_currency(self, shop, info):
        default = next((code for code in info.currencies if code.is_default), None)
        currency = self.env["res.currency"]
        if default:
            currency = currency.with_context(active_test=False).search(
                [("name", "=", default.iso)], limit=1
            )
        pricelist = shop.pricelist_id
        if not pricelist or pricelist.currency_id != currency:
            pricelist = self._find_pricelist(shop, currency)
        shop.write({"currency_id": currency.id, "pricelist_id": pricelist.id})
        if not shop.warehouse_ids:
            shop.warehouse_ids = self.env["stock.warehouse"].search(
                [("company_id", "=", shop.company_id.id)], limit=1
            )

    def _find_pricelist(self, shop, currency):
        return self.env["product.pricelist"].search(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", [False, shop.company_id.id]),
            ],
            order="company_id, sequence, id",
            limit=1,
        )

    def _update_rows(self, shop, info):
        """Add new codes, refresh names, put those that are gone out of use; choices stay."""
        Mapping = self.env["shop.mapping"].with_context(active_test=False)
        rows = {
            (row.kind, row.external_code): row
            for row in Mapping.search([("shop_id", "=", shop.id)])
        }
        new = []
        for attribute, kind in LISTS.items():
            for sequence, code in enumerate(getattr(info, attribute)):
                row = rows.pop((kind, code.external_id), None)
                values = self._row_values(code, sequence)
                if row:
                    row.write(values)
                else:
                    new.append(
                        values
                        | {
                            "shop_id": shop.id,
                            "kind": kind,
                            "external_code": code.external_id,
                            "meaning": code.meaning if kind == "order_state" else False,
                        }
                    )
        Mapping.create(new)
        for row in rows.values():
            row.active = False

    def _row_values(self, code, sequence):
        return {
            "name": code.name,
            "iso_code": code.iso,
            "rate": float(code.rate or 0),
            "is_default": code.is_default,
            "sequence": sequence,
            "active": code.active,
        }

    # === PROPOSALS ===

    def _propose(self, shop):
        """Fill what can be told by code, rate or name; what is chosen already stays."""
        shop.invalidate_recordset()
        for row in shop.mapping_ids:
            getattr(self, f"_propose_{row.kind}", self._propose_nothing)(shop, row)

    def _propose_nothing(self, shop, row):
        """Kinds that only a person can map."""

    def _propose_language(self, shop, row):
        if row.lang_id or not row.iso_code:
            return
        taken = shop.language_mapping_ids.lang_id
        wanted = row.iso_code.lower().replace("-", "_")
        installed = self.env["res.lang"].search([]) - taken
        exact = installed.filtered(lambda lang: lang.code.lower() == wanted)
        close = installed.filtered(lambda lang: lang.code.lower().split("_")[0] == wanted[:2])
        row.lang_id = (exact or close)[:1]

    def _propose_currency(self, shop, row):
        if row.pricelist_id:
            return
        currency = self.env["res.currency"].search([("name", "=", row.iso_code)])
        if currency and currency == shop.pricelist_id.currency_id:
            row.pricelist_id = shop.pricelist_id
        elif currency:
            row.pricelist_id = self._find_pricelist(shop, currency)

    def _propose_tax(self, shop, row):
        """A sales tax of the same rate; among several, the one most products carry."""
        if row.tax_id:
            return
        taxes = (
            self.env["account.tax"]
            .search(
                [
                    ("type_tax_use", "=", "sale"),
                    ("amount_type", "=", "percent"),
                    ("company_id", "=", shop.company_id.id),
                ]
            )
            .filtered(lambda tax: same_rate(tax, Decimal(str(row.rate))))
        )
        if len(taxes) > 1:
            counts = {
                tax: self.env["product.template"].search_count([("taxes_id", "in", tax.id)])
                for tax in taxes
            }
            taxes = taxes.sorted(lambda tax: -counts[tax])
        row.tax_id = taxes[:1]

    def _propose_customer_group(self, shop, row):
        """A price list of the group's name, unless the shop takes its own discount off as well."""
        if row.pricelist_id or row.rate:
            return
        lists = self.env["product.pricelist"].search(
            [
                ("currency_id", "=", shop.currency_id.id),
                ("company_id", "in", [False, shop.company_id.id]),
            ]
        )
        row.pricelist_id = best_named(lists, row.name)

    def _propose_payment(self, shop, row):
        """The journal of that name, else the one another shop of the company books it in.

        Never one of a similar name: it is money.
        """
        if row.journal_id:
            return
        company = [("company_id", "=", shop.company_id.id)]
        journals = self.env["account.journal"].search(
            [("type", "in", ("bank", "cash", "credit")), *company]
        )
        twin = self.env["shop.mapping"].search(
            [
                ("kind", "=", "payment"),
                ("external_code", "=", row.external_code),
                ("journal_id", "!=", False),
                *company,
            ],
            limit=1,
        )
        row.journal_id = best_named(journals, row.name) or twin.journal_id

    def _propose_carrier(self, shop, row):
        if row.carrier_id:
            return
        carriers = self.env["delivery.carrier"].search(
            [("company_id", "in", [False, shop.company_id.id])]
        )
        row.carrier_id = best_named(carriers, row.name, is_close_enough=True)
