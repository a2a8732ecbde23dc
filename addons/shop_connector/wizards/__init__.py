from . import shop_connect
