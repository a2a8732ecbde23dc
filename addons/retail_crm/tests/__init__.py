from . import (
    test_cancel_reason,
    test_channel_defaults,
    test_consents,
    test_contact_points,
    test_current_orders,
    test_customer_card,
    test_customer_types,
    test_desk,
    test_desk_inquiry,
    test_desk_lines,
    test_desk_steps,
    test_desk_tour,
    test_duplicates,
    test_finder,
    test_mark_delivered,
    test_order_report,
    test_shop_stages,
    test_stage_following,
    test_stages,
    test_time_norms,
    test_tracking,
    test_trigger_runs,
)
from . import test_channel_defaults, test_current_orders, test_mark_delivered
from . import test_cancel_reason, test_stage_following, test_stages, test_time_norms
from . import test_assignment, test_handover
from . import test_desk_rights, test_move_clients, test_take_race
