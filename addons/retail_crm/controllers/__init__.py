from . import (
    call_event,
    courier_page,
    lead_form,
    open_route,
    sms_report,
    stranger_dispatcher,
    tracking_page,
)
