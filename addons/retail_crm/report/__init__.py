from . import order_report, sale_report
