{
    "name": "Multi-Warehouse Documents: Expiring Lots",
    "summary": "What of the stock is about to expire, beside what turns and what stands",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "Shop Suite",
    "website": "https://example.org/shop-suite",
    "license": "LGPL-3",
    "depends": ["multi_warehouse_docs", "product_expiry"],
    "data": ["views/stock_turnover_views.xml"],
    "auto_install": True,
}
