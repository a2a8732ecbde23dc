"""The neutral documents that travel between Odoo and any shop system.

Rules that hold for all of them:

* frozen and keyword only; money is ``Decimal`` in the order's or shop's currency, net = without
  tax, gross = with tax; times are aware UTC; missing is ``None``, never ``False`` or ``""``;
* every *code* (language, tax, carrier, payment method, order state, customer group, category ...)
  is the shop's own id as text. Which Odoo record stands behind it is told by the shop's mappings
  and links, not here;
* ``Texts`` holds one text for each language *of the shop* (key = the shop's language id). A
  document names all languages that are mapped, so that no system is tempted to blank the others.
"""

from .codes import Code, ShopInfo
from .catalogue import (
    Attribute,
    AttributeValue,
    CatalogueDocument,
    Category,
    Entry,
    HeldCategory,
    HeldProduct,
    HeldValue,
    HeldVariant,
    Image,
    Manufacturer,
    Outcome,
    Price,
    PriceRule,
    PriceRules,
    Product,
    ProductStamp,
    StockLevel,
    Texts,
    Variant,
    ZERO,
)
from .orders import (
    Address,
    Cart,
    CartLine,
    Charge,
    DraftLine,
    Hint,
    Message,
    Order,
    OrderDocument,
    OrderDraft,
    OrderEdit,
    OrderLine,
    OrderStamp,
    Party,
    Payment,
    Refund,
    Shipment,
    StatusChange,
    Touch,
    Visit,
)
from .prints import field_fingerprints, fingerprint

__all__ = [
    "ZERO",
    "Address",
    "Attribute",
    "AttributeValue",
    "Cart",
    "CartLine",
    "CatalogueDocument",
    "Category",
    "Charge",
    "Code",
    "DraftLine",
    "Entry",
    "HeldCategory",
    "HeldProduct",
    "HeldValue",
    "HeldVariant",
    "Hint",
    "Image",
    "Manufacturer",
    "Message",
    "Order",
    "OrderDocument",
    "OrderDraft",
    "OrderEdit",
    "OrderLine",
    "OrderStamp",
    "Outcome",
    "Party",
    "Payment",
    "Price",
    "PriceRule",
    "PriceRules",
    "Product",
    "ProductStamp",
    "Refund",
    "Shipment",
    "ShopInfo",
    "StatusChange",
    "StockLevel",
    "Texts",
    "Touch",
    "Variant",
    "Visit",
    "field_fingerprints",
    "fingerprint",
]
