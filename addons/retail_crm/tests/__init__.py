from . import test_channel_defaults, test_current_orders, test_mark_delivered
from . import test_trigger_runs
