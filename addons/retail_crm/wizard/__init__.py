from . import order_cancel
from . import trigger_dry_run
