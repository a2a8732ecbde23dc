from . import merge_customers, retail_anonymize
from . import order_cancel
from . import client_inquiry, move_clients, order_cancel
from . import trigger_dry_run
