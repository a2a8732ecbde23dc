{
    "name": "Shop Connector: Kits",
    "summary": "Web shops sell kits by what is there of their components",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Shop Suite",
    "website": "https://example.org/shop-suite",
    "license": "LGPL-3",
    "depends": ["shop_connector", "sale_mrp"],
    "auto_install": True,
}
