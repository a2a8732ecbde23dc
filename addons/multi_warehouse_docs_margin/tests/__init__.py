from . import test_margins
