from . import models, sync
from .hooks import uninstall_hook
