"""Records that an update leaves alone are brought to what new databases have."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

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
COUNT = "{{ len(ctx.get('low_stock_rows') or []) }}"
OLD_SUBJECT = f"{COUNT} products below their minimum"
OLD_TRANSLATIONS = (f"{COUNT} prodotti sotto il minimo", f"{COUNT} termék a minimum alatt")
NEW_SUBJECT = f"Products below their minimum: {COUNT}"


def migrate(cr, version):
    """Renew the rule of the number register and the low stock mail."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _open_register_to_either_end(env)
    template = env.ref(LOW_STOCK_MAIL, raise_if_not_found=False)
    if template:
        template.flush_recordset()
        _format_low_stock_mail(template)
        _renew_low_stock_subject(template)
        template.invalidate_recordset()


def _open_register_to_either_end(env):
    """Let both ends of a transfer find its number; a rule that somebody changed stays."""
    rule = env.ref(REGISTER_RULE, raise_if_not_found=False)
    if rule and rule.domain_force.strip() == ONE_END:
        rule.write(
            {"name": "Number Register: allowed warehouses, either end", "domain_force": EITHER_END}
        )


def _format_low_stock_mail(template):
    """Write quantities as the reader does, in every translation of the mail."""
    template.env.cr.execute(
        SQL(
            "UPDATE mail_template SET body_html = regexp_replace(body_html::text, "
            "%(old)s, %(new)s, 'g')::jsonb WHERE id = %(id)s",
            old=r"'%g' % row\['(forecast|minimum|lack)'\]",
            new=r"row['\1_text']",
            id=template.id,
        )
    )


def _renew_low_stock_subject(template):
    """Give the mail a subject that is right for one product, too, unless somebody changed it.

    Old translations go: the new ones are loaded after this.
    """
    template.env.cr.execute(
        SQL(
            "UPDATE mail_template SET subject = jsonb_build_object('en_US', %(new)s::text) || ("
            "  SELECT COALESCE(jsonb_object_agg(lang, text), '{}')"
            "    FROM jsonb_each_text(subject) AS own (lang, text) WHERE text NOT IN %(gone)s"
            ") WHERE id = %(id)s AND subject->>'en_US' = %(old)s",
            new=NEW_SUBJECT,
            old=OLD_SUBJECT,
            gone=(OLD_SUBJECT, *OLD_TRANSLATIONS),
            id=template.id,
        )
    )
