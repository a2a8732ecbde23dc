"""Decisions about possible duplicates are kept; rules that updates leave alone are as new ones."""

from odoo import SUPERUSER_ID, api

from odoo.addons.retail_crm.hooks import _date_open_orders

LINES_RULE = "retail_crm.rule_sale_order_line_own_clients"


def migrate(cr, version):
    """Bring what the first version made to what new databases have."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _date_open_orders(env)  # their column may be new, and empty
    _place_duplicates(env)
    _split_rule_of_order_lines(env)


def _place_duplicates(env):
    """Say of each group which company or channel keeps its customers, as the search finds them.

    Customers of two companies were one group: each company gets its own, decided as it was.
    """
    duplicates = env["retail.duplicate"]
    for group in duplicates.search([("company_id", "=", False), ("scope_channel_id", "=", False)]):
        places = [place for place in _get_places(group) if not _is_taken(group, place)]
        for number, (channel_id, company_id, ids) in enumerate(places):
            place = {"scope_channel_id": channel_id, "company_id": company_id}
            if not number:
                group.write({**place, "partner_ids": ids})
            else:
                kept = {name: group[name] for name in ("kind", "key", "state", "note")}
                duplicates.create({**kept, **place, "partner_ids": ids})


def _get_places(group):
    """``[(channel id, company id, ids of the customers)]``, ``False`` for none."""
    return [
        (channel.id, company_id, ids)
        for channel, partners in group.partner_ids.grouped("scope_channel_id").items()
        for company_id, ids in group._by_company(
            [(partner.id, partner.company_id.id or 0) for partner in partners]
        )
    ]


def _is_taken(group, place):
    channel_id, company_id, _ids = place
    same = [("kind", "=", group.kind), ("key", "=", group.key), ("id", "!=", group.id)]
    here = [("scope_channel_id", "=", channel_id), ("company_id", "=", company_id)]
    return bool(group.search_count([*same, *here], limit=1))


def _split_rule_of_order_lines(env):
    """The rule was for all; changing has one of its own now. What somebody changed stays."""
    rule = env.ref(LINES_RULE, raise_if_not_found=False)
    if rule and rule.name == "Order Line: only own clients":
        rule.write(
            {
                "name": "Order Line: only own clients, to read",
                "perm_write": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
