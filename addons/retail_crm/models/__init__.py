from . import sale_order, sales_channel
from . import crm_lead_desk, product_substitute, sale_order_merge, sale_order_wish
from . import retail_order_desk, retail_order_desk_inquiry, retail_order_desk_lines
from . import retail_order_desk_steps
