from . import clock
from . import lead_form
