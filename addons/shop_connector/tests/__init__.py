from . import (
    test_bad_orders,
    test_catalogue,
    test_connect,
    test_engine,
    test_hints,
    test_jobs,
    test_orders,
    test_recorded_shop,
    test_rights,
    test_stock,
    test_stores,
)
