from . import account_move
from . import ir_sequence
from . import stock_picking
from . import stock_picking_type
