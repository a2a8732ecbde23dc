from . import shop_connect, shop_removal
