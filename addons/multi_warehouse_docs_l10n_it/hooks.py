from odoo.tools import SQL


def post_init_hook(env):
    """Show the numbers drawn before Italy's module came where that module looks for them."""
    pickings = env["stock.picking"]
    pickings.flush_model()
    env.cr.execute(
        SQL(
            """
            UPDATE stock_picking AS picking
               SET l10n_it_ddt_number = picking.document_number
              FROM document_type AS kind
             WHERE kind.id = picking.document_type_id
               AND kind.kind IN %s
               AND picking.document_number IS NOT NULL
               AND picking.l10n_it_ddt_number IS NULL
            """,
            pickings._get_ddt_kinds(),
        )
    )
    pickings.invalidate_model(["l10n_it_ddt_number"])
