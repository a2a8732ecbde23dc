from . import controllers, models, sync
from .hooks import uninstall_hook
