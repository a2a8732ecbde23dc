"""What has to happen besides loading files when the addon comes and goes."""

from odoo.tools import sql


def post_init_hook(env):
    """Give every company its document types. Documents of before stay without a number."""
    env["res.company"].search([])._add_document_types()


def uninstall_hook(env):
    """Take our index off Odoo's table of moves: Odoo leaves indexes behind."""
    sql.drop_index(env.cr, "stock_move_open_by_place_idx", "stock_move")
