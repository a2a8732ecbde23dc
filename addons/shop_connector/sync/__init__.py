"""Between the shops' documents and Odoo's records: written once for all shop systems."""

from . import (
    cart_import,
    catalogue_documents,
    catalogue_export,
    catalogue_parts,
    connect,
    image_export,
    message_import,
    order_conflict,
    order_import,
    order_lines,
    order_sweep,
    order_update,
    partner_import,
    payment_import,
    refund_import,
    shipment_export,
    status_export,
    stock_export,
)
