from . import (
    test_document_numbers,
    test_delivery_invoices,
    test_availability,
    test_availability_equality,
    test_availability_rights,
)
