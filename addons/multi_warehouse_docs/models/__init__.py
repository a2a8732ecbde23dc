from . import product_product, stock_move, stock_warehouse
from . import (
    order_line_cancellation,
    purchase_order_line_cancellation,
    sale_order_line_cancellation,
)
from . import res_company_stock_figures, stock_ledger_access
