from . import test_edi_orders
