from . import (
    test_document_layouts,
    test_document_mail,
    test_document_numbers,
    test_document_portal,
    test_transport,
    test_availability,
    test_availability_equality,
    test_availability_rights,
)
