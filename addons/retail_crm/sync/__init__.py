from . import status_export
