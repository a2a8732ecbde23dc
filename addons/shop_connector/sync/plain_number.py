from odoo.tools import formatLang


def plain_number(env, value, least=0):
    """Return a price or quantity as the language writes it, in full up to four decimals.

    Zeros at the end go, as far as ``least`` decimals are left: what differs in a later decimal
    than is usual has to look different.
    """
    value = round(float(value), 4) or 0.0
    needed = len(f"{value:.4f}".rstrip("0").partition(".")[2])
    return formatLang(env, value, digits=max(needed, least))
