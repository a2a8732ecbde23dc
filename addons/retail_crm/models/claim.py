"""Writing a row whose key decides which of two equal messages came first."""

from odoo import fields
from odoo.tools import SQL


def insert_once(model, values, key):
    """Insert a row; returns its record, or an empty one where that key is there already.

    The database decides: of two equal messages at the same moment one waits for the other.
    ``values``: ``{column: value}``, all that is required, because no default applies and nothing
    is computed. ``key``: the columns of the unique index, the last of which may be empty.
    """
    now, uid = fields.Datetime.now(), model.env.uid
    values = values | {
        "create_date": now,
        "write_date": now,
        "create_uid": uid,
        "write_uid": uid,
    }
    rows = model.env.execute_query(
        SQL(
            "INSERT INTO %s (%s) VALUES %s ON CONFLICT (%s) WHERE %s IS NOT NULL"
            " DO NOTHING RETURNING id",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, values)),
            tuple(values.values()),
            SQL(", ").join(map(SQL.identifier, key)),
            SQL.identifier(key[-1]),
        )
    )
    return model.browse(rows[0] if rows else ())
