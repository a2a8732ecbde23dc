"""What went wrong with one record, in words for whoever looks at its exchange."""

import logging

from odoo.exceptions import UserError

from ..shopapi.errors import ShopError

_logger = logging.getLogger(__name__)


def in_words(env, error, record):
    """The sentence for the exchange of ``record`` (what to call it in the server's log).

    What a shop sent, or what Odoo does not allow (``UserError`` covers its validation and access
    errors), speaks for itself. Anything else is a fault of ours: its traceback goes to the log.
    """
    if isinstance(error, (UserError, ShopError)):
        return str(error)
    _logger.error("Web shop, %s: internal fault", record, exc_info=error)
    return env._(
        "An internal fault happened with this record; the others went on. Try it again. If it "
        "fails once more, whoever looks after Odoo finds the cause in the server's log: %(fault)s",
        fault=f"{type(error).__name__}: {error}".strip(": \n"),
    )
