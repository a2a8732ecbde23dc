from . import (
    activity_schedule,
    client_inquiry,
    merge_customers,
    move_clients,
    order_cancel,
    retail_anonymize,
    trigger_dry_run,
)
