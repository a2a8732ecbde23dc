"""Quotations of before get their probability; the log of inquiries is seen by their teams."""

from odoo import SUPERUSER_ID, api

from odoo.addons.retail_crm.hooks import _weigh_open_orders

LOG_RULE = "retail_crm.rule_retail_assignment_log_team"
TEAM = (
    "'any', ['|', ('user_id', '=', user.id), ('crm_team_member_ids', 'any',"
    " [('user_id', '=', user.id), ('active', '=', True)])])"
)
OF_ORDERS = f"[('order_id.team_id', {TEAM}]"
OF_BOTH = f"['|', ('order_id.team_id', {TEAM}, ('lead_id.team_id', {TEAM}]"


def migrate(cr, version):
    """Fill the column that is new, and widen the rule if nobody changed it."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _weigh_open_orders(env)
    rule = env.ref(LOG_RULE, raise_if_not_found=False)
    if rule and rule.domain_force == OF_ORDERS:
        rule.domain_force = OF_BOTH
