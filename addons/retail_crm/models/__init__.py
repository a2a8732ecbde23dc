from . import sale_order, sales_channel
from . import customer_detail, retail_contact_point, retail_consent
from . import retail_customer_type, retail_duplicate, product_pricelist_customer
from . import res_partner_card, res_partner_consent, res_partner_contact, res_partner_customer
from . import res_partner_duplicate, res_partner_finder, res_partner_privacy, res_partner_timeline
from . import sale_order_customer, shop_sync_partner
