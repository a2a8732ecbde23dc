from . import test_channel_defaults, test_current_orders, test_mark_delivered
from . import test_desk, test_desk_inquiry, test_desk_lines, test_desk_steps, test_desk_tour
from . import test_cancel_reason, test_stage_following, test_stages, test_time_norms
