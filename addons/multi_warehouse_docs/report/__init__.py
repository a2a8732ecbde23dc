from . import stock_figures_view
from . import stock_availability
from . import stock_ledger
from . import stock_turnover
from . import document_register
from . import document_series_gap
from . import stock_goods_out
