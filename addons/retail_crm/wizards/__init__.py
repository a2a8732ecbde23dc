from . import trigger_dry_run
