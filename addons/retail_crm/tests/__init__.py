from . import test_channel_defaults, test_current_orders, test_mark_delivered
from . import test_cancel_reason, test_order_report, test_shop_stages, test_stage_following
from . import test_stages, test_time_norms, test_tracking
from . import test_consents, test_contact_points, test_customer_card, test_customer_types
from . import test_duplicates, test_finder
from . import test_desk, test_desk_inquiry, test_desk_lines, test_desk_steps, test_desk_tour
from . import test_cancel_reason, test_stage_following, test_stages, test_time_norms
from . import test_trigger_runs
