"""Databases that had the addon before it knew document types get them, as new ones do."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from odoo.addons.multi_warehouse_docs.hooks import post_init_hook

REGISTER_RULE = "multi_warehouse_docs.rule_document_register_warehouse"
ONE_END = (
    "[('warehouse_id', 'in', user.allowed_warehouse_ids.ids + [False])] "
    "if user.allowed_warehouse_ids else [(1, '=', 1)]"
)
EITHER_END = """[
            '|',
                ('warehouse_id', 'in', user.allowed_warehouse_ids.ids + [False]),
                ('other_warehouse_id', 'in', user.allowed_warehouse_ids.ids),
        ] if user.allowed_warehouse_ids else [(1, '=', 1)]"""
LOW_STOCK_MAIL = "multi_warehouse_docs.low_stock_mail_template"


def migrate(cr, version):
    """Add types, series and causals to companies without any, and to what is still open.

    Records that an update leaves alone are brought to what new databases have.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    post_init_hook(env)
    _open_register_to_either_end(env)
    _format_low_stock_mail(env)


def _open_register_to_either_end(env):
    """Let both ends of a transfer find its number; a rule that somebody changed stays."""
    rule = env.ref(REGISTER_RULE, raise_if_not_found=False)
    if rule and rule.domain_force.strip() == ONE_END:
        rule.write(
            {"name": "Number Register: allowed warehouses, either end", "domain_force": EITHER_END}
        )


def _format_low_stock_mail(env):
    """Write quantities as the reader does, in every translation of the mail."""
    template = env.ref(LOW_STOCK_MAIL, raise_if_not_found=False)
    if template:
        template.flush_recordset()
        env.cr.execute(
            SQL(
                "UPDATE mail_template SET body_html = regexp_replace(body_html::text, "
                "%(old)s, %(new)s, 'g')::jsonb WHERE id = %(id)s",
                old=r"'%g' % row\['(forecast|minimum|lack)'\]",
                new=r"row['\1_text']",
                id=template.id,
            )
        )
        template.invalidate_recordset()
