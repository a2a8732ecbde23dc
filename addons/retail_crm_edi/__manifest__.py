{
    "name": "Retail CRM: Electronic Orders",
    "summary": "Orders read from electronic files carry their own sales channel",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Shop Suite",
    "website": "https://example.org/shop-suite",
    "license": "LGPL-3",
    "depends": ["retail_crm", "sale_edi_ubl"],
    "data": ["data/sales_channel_data.xml"],
    "auto_install": True,
}
