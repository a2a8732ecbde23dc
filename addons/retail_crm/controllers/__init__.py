from . import tracking_page
from . import sms_report
