from . import test_desk_coupon, test_own_clients
