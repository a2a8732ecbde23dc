"""What has to happen besides loading files when the addon comes or goes."""

import functools

from odoo import sql_db
from odoo.fields import Domain
from odoo.tools import SQL

from .models.shop_job import MARK_SOURCES

#: records we brought that others may use by now: they stay as ordinary data
KEPT_MODELS = ("account.%", "delivery.%", "product.%", "res.company", "res.partner", "stock.%")


def _drop_notes(database):
    with sql_db.db_connect(database).cursor() as cr:
        cr.execute("DROP TABLE IF EXISTS shop_mark")


def uninstall_hook(env):
    """Take the shops' runners away, and leave what orders, moves and entries point at.

    A scheduled action of ours would call a model that is gone, and nobody could settle a decision.
    Products, partners, warehouses or a company cannot be deleted once they were used, so they are
    not tried.
    """
    env["shop.shop"].with_context(active_test=False).search([]).cron_id.unlink()
    decision = env.ref("shop_connector.mail_activity_decision", raise_if_not_found=False)
    if decision:
        everything = env["mail.activity"].with_context(active_test=False)
        everything.search([("activity_type_id", "=", decision.id)]).unlink()
    for kind in MARK_SOURCES:
        function = SQL.identifier(f"shop_mark_{kind}")
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s(integer[], integer[])", function))
        # the first version's had an author, too
        env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s(integer[], integer[], integer)", function))
    # removing the rest notes marks, too
    env.cr.postcommit.add(functools.partial(_drop_notes, env.cr.dbname))
    ours = Domain("module", "=", "shop_connector")
    kept = Domain.OR(Domain("model", "=like", model) for model in KEPT_MODELS)
    env["ir.model.data"].search(ours & kept).unlink()
