from . import (
    test_document_numbers,
    test_invoice_matching,
    test_delivery_invoices,
    test_delivery_invoicing_wizard,
    test_receipt_billing,
    test_document_register,
    test_document_void,
    test_availability,
    test_availability_equality,
    test_availability_rights,
)
