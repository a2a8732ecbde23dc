"""New columns of tables with many rows are there before Odoo looks: it computes no old rows."""

from odoo.addons.retail_crm.hooks import add_columns


def migrate(cr, version):
    """Add what earlier versions did not have yet."""
    add_columns(cr)
