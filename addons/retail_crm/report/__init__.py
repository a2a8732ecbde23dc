from . import channel_report, order_report, sale_report
