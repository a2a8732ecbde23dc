from . import models, sync, wizards
from .hooks import uninstall_hook
