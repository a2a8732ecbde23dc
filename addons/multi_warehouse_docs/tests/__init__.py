from . import (
    test_causal_effects,
    test_causals,
    test_deliver_together,
    test_goods_out,
    test_document_numbers,
    test_document_register,
    test_document_void,
    test_availability,
    test_availability_equality,
    test_availability_rights,
)
