"""Between the shops' documents and Odoo's records: written once for all shop systems."""

from . import (
    catalogue_documents,
    catalogue_export,
    catalogue_parts,
    connect,
    image_export,
    order_import,
    order_lines,
    order_update,
    partner_import,
    price_documents,
    price_export,
    shipment_export,
    status_export,
    stock_export,
    stock_levels,
)
