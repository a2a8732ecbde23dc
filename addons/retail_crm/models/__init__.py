from . import sale_order, sales_channel
