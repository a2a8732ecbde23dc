from . import product_product, stock_move, stock_warehouse
