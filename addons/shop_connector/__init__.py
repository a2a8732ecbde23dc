from . import controllers, models, sync, wizards
from .hooks import uninstall_hook
