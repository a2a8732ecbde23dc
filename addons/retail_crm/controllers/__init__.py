from . import (
    call_event,
    lead_form,
    sms_report,
    tracking_page,
)
