"""Between the shops' documents and Odoo's records: written once for all shop systems."""

from . import (
    catalogue_documents,
    catalogue_export,
    catalogue_parts,
    connect,
    document_export,
    image_export,
    order_draft,
    order_edit,
    order_import,
    order_lines,
    order_place,
    order_update,
    partner_import,
    shipment_export,
    status_export,
    stock_export,
)
