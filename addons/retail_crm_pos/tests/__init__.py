from . import test_tills
