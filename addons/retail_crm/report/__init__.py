from . import channel_report
