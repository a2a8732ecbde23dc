from . import sale_margin
