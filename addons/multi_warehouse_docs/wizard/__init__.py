from . import cancel_remaining
