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

# these wait for what happens to orders, customers and goods
from . import base_automation, base_automation_planning, base_automation_stage, restock_request  # isort: skip
from . import res_company_messages, res_config_settings_messages, sale_order_message_texts  # isort: skip
from . import sale_order_trigger, sms_sms, trigger_run, trigger_run_report, trigger_run_send  # isort: skip
from . import trigger_run_work, trigger_sources  # isort: skip
