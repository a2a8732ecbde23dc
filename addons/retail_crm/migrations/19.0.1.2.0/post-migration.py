"""Quotations of before get their probability."""

from odoo import SUPERUSER_ID, api

from odoo.addons.retail_crm.hooks import _weigh_open_orders


def migrate(cr, version):
    """Fill the column that is new."""
    _weigh_open_orders(api.Environment(cr, SUPERUSER_ID, {}))
