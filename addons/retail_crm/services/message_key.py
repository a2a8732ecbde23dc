"""The key of a message: the same event of the same record always gives the same one.

It is the identity of the SMS at the gateway and part of the Message-Id of the e-mail, so that
whoever gets the same message a second time can tell.
"""

import uuid

NAMESPACE = uuid.UUID("5f0b7d5e-4d0c-5b8e-9a64-7a1f0c2d6e11")


def next_key(key: str) -> str:
    """The key of the message that is sent instead of the one with this key, because that failed.

    >>> next_key("0" * 32) == next_key("0" * 32) != "0" * 32
    True
    """
    return uuid.uuid5(NAMESPACE, key).hex


def message_key(database: str, rule: int, model: str, record: int, occurrence: str) -> str:
    """Thirty-two hexadecimal digits, as Odoo wants the identity of an SMS.

    >>> message_key("db", 1, "sale.order", 7, "") == message_key("db", 1, "sale.order", 7, "")
    True
    >>> message_key("db", 1, "sale.order", 7, "") == message_key("db", 1, "sale.order", 7, "2027")
    False
    """
    return uuid.uuid5(
        NAMESPACE, "\n".join((database, str(rule), model, str(record), occurrence))
    ).hex
