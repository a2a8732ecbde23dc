from . import stock_availability
