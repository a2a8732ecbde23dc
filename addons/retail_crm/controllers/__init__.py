from . import (
    lead_form,
    sms_report,
    tracking_page,
)
