from . import (
    call_event,
    courier_page,
    lead_form,
    sms_report,
    tracking_page,
)
