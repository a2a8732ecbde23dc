from odoo.tools import sql


def add_empty_column(model, name, kind):
    """Add the column of a stored computed field before Odoo does, of that type of PostgreSQL.

    Call it in ``_auto_init``: rows of before keep it empty, where Odoo would compute the field for
    each of them at the installation.
    """
    if not sql.column_exists(model.env.cr, model._table, name):
        sql.create_column(model.env.cr, model._table, name, kind)
