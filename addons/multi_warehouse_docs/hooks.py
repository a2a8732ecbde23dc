"""What has to happen besides loading files when the addon goes."""

from odoo.tools import sql


def uninstall_hook(env):
    """Take our index off Odoo's table of moves: Odoo leaves indexes behind."""
    sql.drop_index(env.cr, "stock_move_open_by_place_idx", "stock_move")
