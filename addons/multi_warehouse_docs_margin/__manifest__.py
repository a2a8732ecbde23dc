{
    "name": "Multi-Warehouse Documents: Margins",
    "summary": "Margins on orders are for those who may see purchase prices",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Shop Suite",
    "website": "https://example.org/shop-suite",
    "license": "LGPL-3",
    "depends": ["multi_warehouse_docs", "sale_margin"],
    "auto_install": True,
}
