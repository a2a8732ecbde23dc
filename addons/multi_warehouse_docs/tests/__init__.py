from . import test_availability, test_availability_equality, test_availability_rights
