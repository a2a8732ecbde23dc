from . import (
    crm_team_member,
    res_company,
    res_config_settings,
    res_partner_own_clients,
    res_users_desk_rights,
    res_users_presence,
    retail_access_log,
    retail_assignment_log,
    retail_assignment_rule,
    sale_order,
    sale_order_rights,
    sales_channel,
)

# these extend what the ones above bring
from . import retail_assignment_deal, retail_order_stage_assignment  # isort: skip
from . import sale_order_assignment, sale_order_assignment_notice, sale_order_handover  # isort: skip
