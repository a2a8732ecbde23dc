"""What a scanned code means on a document: goods to add, or another document to open."""

from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

DOCUMENTS = ("stock.picking", "sale.order", "purchase.order")


class Scanned(NamedTuple):
    """Goods that a code stands for; ``quantity`` is in the unit of the product."""

    product: models.BaseModel
    quantity: float
    lot: models.BaseModel


class DocumentScan(models.AbstractModel):
    """A document on whose screen codes are scanned."""

    _name = "document.scan"
    _description = "Document with Scanner"

    def scan_barcode(self, barcode):
        """Do what a scanned code asks for.

        A barcode of a product, of one of its packagings or a lot adds or counts up a line; the
        number of a document opens it.

        :return: dict with ``message`` (a sentence), ``type`` (``success`` or ``warning``) and
            ``action`` (what to open, or False).
        """
        barcode = (barcode or "").strip()
        if not barcode:
            return self._answer(self.env._("Nothing was read. Scan once more."))
        if goods := self._find_goods(barcode):
            if not self._can_take_goods():
                return self._answer(self.env._("Open a document first, then scan its goods."))
            try:
                with self.env.cr.savepoint():
                    return self._answer(self._take_goods(goods), "success")
            except UserError as error:
                return self._answer(str(error))
        if document := self._find_document(barcode):
            return {"message": "", "type": "success", "action": document._get_records_action()}
        return self._answer(
            self.env._(
                "Nothing has the code %s: no product, packaging, lot or document. Enter it as "
                "barcode on the product, or check what was scanned.",
                barcode,
            )
        )

    def _answer(self, message, kind="warning"):
        return {"message": message, "type": kind, "action": False}

    # === WHAT THE CODE MEANS ===

    def _find_goods(self, barcode):
        """Return the goods that have the code, or None."""
        no_lot = self.env["stock.lot"]
        products = self.env["product.product"]
        product = products.search([("barcode", "=", barcode)], limit=1)
        if product:
            return Scanned(product, 1.0, no_lot)
        packaging = self.env["product.uom"].search([("barcode", "=", barcode)], limit=1)
        if packaging:
            product = packaging.product_id
            quantity = packaging.uom_id._compute_quantity(1.0, product.uom_id)
            return Scanned(product, quantity, no_lot)
        if not no_lot.has_access("read"):
            return None
        lots = no_lot.search([("name", "=", barcode)])
        mine = lots.filtered(lambda lot: lot.product_id in self._get_scanned_products())
        lots = mine or lots
        if len(lots.product_id) > 1:
            return None  # the number of several products' lots says nothing without the product
        return Scanned(lots.product_id, 1.0, lots[:1]) if lots else None

    def _find_document(self, barcode):
        """Return the document with the number or name, of those that the user may open."""
        for name in (self._name, *DOCUMENTS):
            model = self.env[name]
            if name in DOCUMENTS and model.has_access("read"):
                found = model.search(
                    ["|", ("document_number", "=", barcode), ("name", "=", barcode)], limit=1
                )
                if found:
                    return found
        return None

    # === WHAT EACH DOCUMENT DOES WITH IT ===

    def _can_take_goods(self):
        return len(self) == 1

    def _get_scanned_products(self):
        """Return the products that are on the document already."""
        return self.env["product.product"]

    def _take_goods(self, goods):
        """Add the goods, or count up their line; return a sentence. Raises UserError."""
        raise NotImplementedError  # where goods go, each sort of document knows for itself

    def _say_count(self, goods, quantity, unit):
        return self.env._(
            "%(product)s: %(quantity)s %(unit)s",
            product=(goods.lot or goods.product).display_name,
            quantity=formatLang(self.env, quantity, dp="Product Unit", digits=None),
            unit=unit.name,
        )
