from . import (
    test_catalogue,
    test_connect,
    test_content,
    test_engine,
    test_hints,
    test_jobs,
    test_orders,
    test_pictures,
    test_places,
    test_rights,
    test_stock,
)
