from . import retail_order_desk
