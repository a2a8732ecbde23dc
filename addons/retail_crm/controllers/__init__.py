from . import (
    lead_form,
    sms_report,
    stranger_dispatcher,
    tracking_page,
)
