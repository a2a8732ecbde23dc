"""The document types that a company starts with: the Italian set, and a neutral one."""

from typing import NamedTuple

from odoo import api, models

from .document_type import MODEL_OF_KIND


class Standard(NamedTuple):
    """A type of the set; ``series`` is the code of the series it takes its numbers from."""

    code: str
    name: str
    kind: str
    series: str = ""
    causal: str = ""
    other_causals: tuple[str, ...] = ()
    returns: str = ""
    invoices: str = ""  # code of the type of its deferred invoices


# Names of Italian documents are proper names: they are the same in every language.
ITALIAN = (
    Standard("OC", "Ordine cliente", "sale_order", "OC"),
    Standard("OF", "Ordine fornitore", "purchase_order", "OF"),
    Standard(
        "DDT",
        "DDT vendita",
        "delivery",
        "DDT",
        "sale",
        ("sale_now", "gift", "sample", "substitution"),
        returns="RC",
        invoices="FD",
    ),
    Standard("DDTV", "DDT conto visione", "delivery", "DDT", "viewing", ("deposit",), "RV"),
    Standard("DDTL", "DDT conto lavoro", "delivery", "DDT", "work", ("repair",), "RL"),
    Standard("RF", "Reso a fornitore", "vendor_return", "DDT", "purchase_return"),
    Standard("DP", "DDT passivo", "receipt", "DP", "purchase", returns="RF"),
    Standard("RC", "Reso da cliente", "customer_return", "RC", "sale_return", ("free_return",)),
    Standard(
        "DI",
        "Documento interno",
        "internal",
        "DI",
        "transfer",
        ("transfer_transit",),
        returns="DI",
    ),
    Standard(
        "RV", "Reso da conto visione", "internal", "RC", "viewing_return", ("deposit_return",)
    ),
    Standard("RL", "Rientro da conto lavoro", "internal", "RC", "work_return", ("repair_return",)),
    Standard("FI", "Fattura immediata", "customer_invoice"),
    Standard("FD", "Fattura differita", "customer_invoice"),
    Standard("FF", "Fattura fornitore", "vendor_bill"),
)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # who may create companies need not be the one who decides on documents
        companies.sudo()._add_document_types()
        return companies

    def _add_document_types(self):
        """Give each company without document types the set of its country."""
        types = self.env["document.type"].sudo().with_context(active_test=False)
        for company in self:
            if not types.search_count([("company_id", "=", company.id)], limit=1):
                italian = company.account_fiscal_country_id.code == "IT"
                company._create_document_types(ITALIAN if italian else company._get_neutral_set())
                company._propose_document_types()

    def _get_neutral_set(self):
        return self._get_neutral_orders() + self._get_neutral_transfers()

    def _get_neutral_orders(self):
        _ = self.env._
        return (
            Standard("SO", _("Sales Order"), "sale_order", "SO"),
            Standard("PO", _("Purchase Order"), "purchase_order", "PO"),
            Standard("INV", _("Invoice"), "customer_invoice"),
            Standard("SUM", _("Summary Invoice"), "customer_invoice"),
            Standard("BILL", _("Vendor Bill"), "vendor_bill"),
        )

    def _get_neutral_transfers(self):
        _ = self.env._
        gifts = ("sale_now", "gift", "sample", "substitution")
        back, worked = ("deposit_return",), ("repair_return",)
        free = ("free_return",)
        delivery, receipt = _("Delivery Note"), _("Goods Receipt")
        customer_return, vendor_return = _("Return from Customer"), _("Return to Vendor")
        approval, processing = _("Delivery on Approval"), _("Delivery for Processing")
        transfer, transit = _("Internal Transfer"), ("transfer_transit",)
        approval_return = _("Return of Goods on Approval")
        work_return = _("Return from Processing")
        return (
            Standard("DN", delivery, "delivery", "DN", "sale", gifts, "CR", "SUM"),
            Standard("DA", approval, "delivery", "DN", "viewing", ("deposit",), "AR"),
            Standard("DW", processing, "delivery", "DN", "work", ("repair",), "WR"),
            Standard("VR", vendor_return, "vendor_return", "DN", "purchase_return"),
            Standard("GR", receipt, "receipt", "GR", "purchase", returns="VR"),
            Standard("CR", customer_return, "customer_return", "CR", "sale_return", free),
            Standard("IT", transfer, "internal", "IT", "transfer", transit, "IT"),
            Standard("AR", approval_return, "internal", "CR", "viewing_return", back),
            Standard("WR", work_return, "internal", "CR", "work_return", worked),
        )

    def _create_document_types(self, standards):
        """Create the series and types of a set for this company."""
        self.ensure_one()
        series = {}
        for standard in standards:
            if standard.series and standard.series not in series:
                series[standard.series] = self.env["document.series"].create(
                    {
                        "name": standard.name,
                        "company_id": self.id,
                        "document_model": MODEL_OF_KIND[standard.kind],
                        "prefix": f"{standard.series}/%(year)s/",
                    }
                )
        types = {}
        for sequence, standard in enumerate(standards, 1):
            types[standard.code] = self.env["document.type"].create(
                {
                    "name": standard.name,
                    "code": standard.code,
                    "kind": standard.kind,
                    "sequence": sequence * 10,
                    "company_id": self.id,
                    "series_ids": series[standard.series].ids if standard.series else [],
                    "causal_id": self._get_causal(standard.causal).id,
                    "causal_ids": [self._get_causal(name).id for name in standard.other_causals],
                    "require_vendor_reference": False,
                }
            )
        for standard in standards:
            if standard.returns:
                types[standard.code].return_type_id = types[standard.returns]
            if standard.invoices:
                types[standard.code].invoice_type_id = types[standard.invoices]
        self._translate_document_types(standards, series, types)

    def _get_causal(self, name):
        name = name and self.env.ref(f"multi_warehouse_docs.causal_{name}", False)
        return name or self.env["stock.causal"]

    def _translate_document_types(self, standards, series, types):
        """Name the neutral set in every language that is installed."""
        if standards is ITALIAN:
            return
        for code, _name in self.env["res.lang"].get_installed():
            translated = self.with_context(lang=code)._get_neutral_set()
            for one in translated:
                types[one.code].with_context(lang=code).name = one.name
                if one.code in series:
                    series[one.code].with_context(lang=code).name = one.name

    def _propose_document_types(self):
        """Let the usual operations of each warehouse make documents of the first fitting type."""
        warehouses = self.env["stock.warehouse"].with_context(active_test=False)
        warehouses.search([("company_id", "in", self.ids)])._set_document_types()
