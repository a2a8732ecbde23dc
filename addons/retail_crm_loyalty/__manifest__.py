{
    "name": "Retail CRM: Coupons",
    "summary": "Coupons and promotions at the order desk",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Shop Suite",
    "website": "https://example.org/shop-suite",
    "license": "LGPL-3",
    "depends": ["retail_crm", "sale_loyalty"],
    "data": ["security/own_clients_rules.xml"],
    "auto_install": True,
    "assets": {"web.assets_backend": ["retail_crm_loyalty/static/src/*"]},
}
