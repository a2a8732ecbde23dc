from . import mrp_bom, shop_job
