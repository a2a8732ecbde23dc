from . import (
    test_document_numbers,
    test_delivery_invoices,
    test_document_register,
    test_document_void,
    test_availability,
    test_availability_equality,
    test_availability_rights,
)
