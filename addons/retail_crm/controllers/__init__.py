from . import (
    courier_page,
    lead_form,
    sms_report,
    tracking_page,
)
