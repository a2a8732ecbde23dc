"""What leaves by e-mail: Odoo's mail server object gives messages to a list instead of a server."""

from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def outbox(env):
    """The messages that were sent inside, as ``email.message`` objects."""
    sent = []

    def send_email(_self, message, *_arguments, **_options):
        sent.append(message)
        return message["Message-Id"]

    Server = type(env["ir.mail_server"])
    with (
        patch.object(Server, "_connect__", lambda *_arguments, **_options: None),
        patch.object(Server, "_disable_send", lambda *_arguments: False),
        patch.object(Server, "send_email", send_email),
    ):
        yield sent


@contextmanager
def no_server(env):
    """The mail server cannot be reached meanwhile."""
    fault = ConnectionRefusedError("nobody listens")
    with patch.object(type(env["ir.mail_server"]), "_connect__", side_effect=fault):
        yield
