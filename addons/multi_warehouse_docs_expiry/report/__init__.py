from . import stock_turnover
