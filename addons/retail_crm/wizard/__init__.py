from . import merge_customers, retail_anonymize
from . import order_cancel
