from . import document_register
from . import document_series_gap
from . import stock_availability
