"""Databases that had the addon before it knew document types get them, as new ones do."""

from odoo import SUPERUSER_ID, api

from odoo.addons.multi_warehouse_docs.hooks import post_init_hook


def migrate(cr, version):
    """Add types, series and causals to companies without any, and to what is still open."""
    post_init_hook(api.Environment(cr, SUPERUSER_ID, {}))
