from . import retail_order_desk, sale_order_merge
