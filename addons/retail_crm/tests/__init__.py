from . import test_channel_defaults, test_current_orders, test_mark_delivered
from . import test_cancel_reason, test_stage_following, test_stages, test_time_norms
from . import test_sms_gateways, test_trigger_clock, test_trigger_history, test_trigger_runs
from . import test_trigger_screens
