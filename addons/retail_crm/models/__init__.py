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

# the order desk
from . import crm_lead_desk, product_substitute, sale_order_merge, sale_order_wish  # isort: skip
from . import retail_order_desk, retail_order_desk_inquiry, retail_order_desk_lines  # isort: skip
from . import retail_order_desk_steps  # isort: skip
