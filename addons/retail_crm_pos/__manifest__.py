{
    "name": "Retail CRM: Tills",
    "summary": "Sales of each till carry the sales channel of its store",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Shop Suite",
    "website": "https://example.org/shop-suite",
    "license": "LGPL-3",
    "depends": ["retail_crm", "pos_sale"],
    "data": ["views/pos_views.xml"],
    "auto_install": True,
}
