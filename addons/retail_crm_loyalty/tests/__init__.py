from . import test_desk_coupon
