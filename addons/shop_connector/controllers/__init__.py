from . import shop_hint
