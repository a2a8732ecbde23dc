from . import cancel_remaining
from . import delivery_invoicing
from . import document_void
from . import stock_return_limit
from . import receipt_billing
from . import stock_return_void
from . import base_partner_merge
