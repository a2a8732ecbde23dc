from . import order_cancel
