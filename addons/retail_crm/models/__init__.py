from . import (
    retail_order_stage,
    retail_order_stay,
    retail_time_norm,
    sale_order,
    sale_order_stage,
    sale_order_stage_clock,
    sale_order_stage_entry,
    sales_channel,
)

# these extend what the stages bring
from . import sale_order_cancel, sale_order_payment, sale_order_response  # isort: skip
from . import sale_order_opportunity, sale_order_sweep, stock_picking_stage  # isort: skip

# assignment of orders and rights; rules are dealt by what extends them
from . import crm_team_member, res_company, res_config_settings  # isort: skip
from . import res_partner_own_clients, res_users_desk_rights, res_users_presence  # isort: skip
from . import retail_access_log, retail_assignment_log, retail_assignment_rule  # isort: skip
from . import retail_assignment_deal, retail_order_stage_assignment, sale_order_rights  # isort: skip
from . import sale_order_assignment, sale_order_assignment_notice, sale_order_handover  # isort: skip
