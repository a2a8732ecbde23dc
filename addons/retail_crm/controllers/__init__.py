from . import (
    sms_report,
    tracking_page,
)
