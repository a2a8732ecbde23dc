from . import stock_figures_view
from . import stock_availability, stock_ledger, stock_turnover
