from . import order_visits, status_export
