from . import sale_order, sales_channel
from . import base_automation, base_automation_planning, base_automation_stage, restock_request
from . import res_company_messages, res_config_settings_messages, sale_order_message_texts
from . import sale_order_trigger, sms_sms, trigger_run, trigger_run_report, trigger_run_send
from . import trigger_run_work, trigger_sources
