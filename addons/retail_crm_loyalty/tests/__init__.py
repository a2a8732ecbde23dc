from . import test_desk_coupon, test_desk_merge, test_own_clients
