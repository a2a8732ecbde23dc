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

# channels: what they give orders, invoices by themselves, web forms
from . import sales_channel_orders, sale_order_channel, res_partner_scope  # isort: skip
from . import res_users_channel, sale_order_invoicing, sale_order_invoicing_status  # isort: skip
from . import retail_touchpoint, crm_lead_channel, retail_lead_form  # isort: skip
from . import retail_lead_form_attempt, retail_lead_intake  # isort: skip
