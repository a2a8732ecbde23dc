from . import test_channel_defaults, test_current_orders, test_mark_delivered
from . import test_cancel_reason, test_stage_following, test_stages, test_time_norms
from . import test_channels, test_channel_invoices, test_touchpoints
from . import test_lead_form, test_lead_form_hostile, test_lead_form_reading
