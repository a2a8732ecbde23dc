from . import edi_order
