from . import (
    retail_order_stage,
    retail_time_norm,
    sale_order,
    sale_order_stage,
    sale_order_stage_clock,
    sale_order_stage_entry,
    sales_channel,
)
