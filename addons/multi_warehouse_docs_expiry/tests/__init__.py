from . import test_expiring
