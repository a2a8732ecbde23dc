from . import document_void
