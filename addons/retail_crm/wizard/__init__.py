from . import client_inquiry, move_clients, order_cancel
