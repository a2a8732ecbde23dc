from . import channel_report, my_day, order_report, sale_report
