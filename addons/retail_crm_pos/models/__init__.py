from . import channel_report, pos_config, pos_order, sale_report
