from . import cancel_remaining
from . import document_void
from . import stock_return_limit
from . import stock_return_void
from . import base_partner_merge
