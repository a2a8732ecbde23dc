"""What every test run needs."""

from hypothesis import settings

# A busy machine must not fail a property for being slow.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
