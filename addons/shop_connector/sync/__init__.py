"""Between the shops' documents and Odoo's records: written once for all shop systems."""

from . import (
    catalogue_documents,
    catalogue_export,
    catalogue_import,
    catalogue_import_parts,
    catalogue_match,
    catalogue_parts,
    catalogue_places,
    connect,
    image_export,
    image_order,
    order_import,
    order_lines,
    order_update,
    partner_import,
    plan,
    plan_flow,
    product_edits,
    shipment_export,
    status_export,
    stock_export,
)
