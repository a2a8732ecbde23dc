from . import (
    test_causal_effects,
    test_document_numbers,
    test_document_register,
    test_document_void,
    test_order_movement,
    test_type_defaults,
    test_availability,
    test_availability_equality,
    test_availability_rights,
)
