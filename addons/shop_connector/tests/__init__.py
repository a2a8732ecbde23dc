from . import (
    test_catalogue,
    test_connect,
    test_content,
    test_engine,
    test_first_import,
    test_hints,
    test_jobs,
    test_orders,
    test_plan,
    test_rights,
    test_shop_connect,
    test_stock,
)
