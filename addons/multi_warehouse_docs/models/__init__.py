from . import product_product, stock_move, stock_warehouse
from . import (
    order_line_cancellation,
    purchase_order_line_cancellation,
    sale_order_line_cancellation,
)
