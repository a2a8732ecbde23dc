# what extends shop_shop stands behind it
# ruff: isort: skip_file
from . import (
    account_move,
    product_attribute,
    product_category,
    product_pricelist,
    product_product,
    product_template,
    res_partner,
    sale_order,
    sale_report,
    sales_channel,
    shop_binding,
    shop_job,
    shop_mapping,
    shop_shop,
    shop_connection,
    shop_runner,
    shop_shop_prices,
    stock_picking,
    stock_quant,
)
