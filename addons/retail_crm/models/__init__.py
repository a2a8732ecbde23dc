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
from . import sale_order_probability  # isort: skip
from . import sale_order_next_stage, sale_order_tracking, shop_mapping_stage  # isort: skip

# channels: what they give orders, invoices by themselves, web forms
from . import sales_channel_orders, sale_order_channel, res_partner_scope  # isort: skip
from . import res_users_channel, sale_order_invoicing, sale_order_invoicing_status  # isort: skip
from . import retail_touchpoint, crm_lead_channel, retail_lead_form  # isort: skip
from . import retail_lead_form_attempt, retail_lead_intake  # isort: skip
from . import crm_lead_consent  # isort: skip

# customers: the detail before what is one
from . import customer_detail, retail_contact_point, retail_consent  # isort: skip
from . import retail_customer_type, retail_duplicate, product_pricelist_customer  # isort: skip
from . import res_partner_card, res_partner_consent, res_partner_contact  # isort: skip
from . import res_partner_customer, res_partner_duplicate, res_partner_finder  # isort: skip
from . import res_partner_privacy_papers, res_partner_privacy, res_partner_timeline  # isort: skip
from . import sale_order_customer, shop_sync_partner  # isort: skip

# assignment of orders and rights; rules are dealt by what extends them
from . import crm_team_member, res_company, res_config_settings  # isort: skip
from . import res_partner_own_clients, res_users_desk_rights, res_users_presence  # isort: skip
from . import retail_access_log, retail_assignment_log, retail_assignment_rule  # isort: skip
from . import retail_assignment_deal, retail_order_stage_assignment, sale_order_rights  # isort: skip
from . import sale_order_assignment, sale_order_assignment_notice, sale_order_handover  # isort: skip
from . import retail_assignment_inquiry  # isort: skip

# these wait for what happens to orders, customers and goods
from . import base_automation, base_automation_planning, base_automation_stage, restock_request  # isort: skip
from . import res_company_messages, res_config_settings_messages, sale_order_message_texts  # isort: skip
from . import sale_order_trigger, sms_sms, trigger_run, trigger_run_report, trigger_run_send  # isort: skip
from . import trigger_run_work, trigger_sources, base_automation_rating  # isort: skip

# the order desk
from . import crm_lead_desk, product_substitute, sale_order_merge, sale_order_wish  # isort: skip
from . import retail_order_desk, retail_order_desk_inquiry, retail_order_desk_lines  # isort: skip
from . import retail_order_desk_products, retail_order_desk_steps, shop_cart_order  # isort: skip

# tasks with an hour, courier tasks
from . import mail_activity, mail_activity_remind, mail_activity_sms  # isort: skip
from . import res_users_reminder, retail_courier_task, retail_courier_task_finish  # isort: skip
from . import retail_courier_task_page, sale_order_courier  # isort: skip

# telephones: systems before calls; what extends the desk and the rules
from . import retail_pbx, retail_call, retail_call_event, retail_call_card  # isort: skip
from . import retail_call_missed, retail_call_ladder, retail_call_out  # isort: skip
from . import res_partner_call, sale_order_call, res_users_call, ir_http_call  # isort: skip
from . import retail_order_desk_call_back, base_automation_call  # isort: skip
from . import retail_call_response  # isort: skip

# who confirms an order may lose sight of it: after all else
from . import sale_order_arrival  # isort: skip
