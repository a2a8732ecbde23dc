from . import (
    test_catalogue,
    test_connect,
    test_engine,
    test_hints,
    test_jobs,
    test_orders,
    test_prices,
    test_rights,
    test_stock,
    test_stores,
    test_stock_drift,
    test_stock_rules,
)
