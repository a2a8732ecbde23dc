{
    "name": "Multi-Warehouse Documents: Italy",
    "summary": "One number for every DDT, on paper and in the electronic invoice",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "Shop Suite",
    "website": "https://example.org/shop-suite",
    "license": "LGPL-3",
    "depends": ["multi_warehouse_docs", "l10n_it_stock_ddt"],
    "data": [
        "data/l10n_it_ddt_template.xml",
        "views/stock_picking_views.xml",
        "views/account_move_views.xml",
    ],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
