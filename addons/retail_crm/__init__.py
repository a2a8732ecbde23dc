from . import controllers, models, report, sync, wizard
from .hooks import post_init_hook, pre_init_hook
