"""One description is edited in one language: what travels, and what becomes of the others."""

from suite.benchmarks import SYSTEM

NAME = "edited-text"
#: system (BENCH_SYSTEM) -> versions: a shop that knows PATCH and one that blanks what a PUT leaves
#: out; the newest and the oldest
VERSIONS = {"prestashop": ("8.2.1", "1.7.8"), "woocommerce": ("11.0", "8.2")}
#: a word of the new text, see inside/edited_text.py
NEW = "soleggiate"


def run(context):
    """Writing calls, pictures sent and texts of other languages lost, for each version."""
    return [line for version in VERSIONS[SYSTEM] for line in _of_version(context, version)]


def _of_version(context, version):
    with context.database("shop_connector") as database, context.simulator(version) as shop:
        made = context.inside(database, "edited_text.prepare", access=context.access(shop))
        before = _texts(shop, made["code"])
        shop.clear_log()
        context.inside(database, "edited_text.edit", code=made["code"])
        writes = [f"{record.method} {record.path}" for record in shop.writes]
        after = _texts(shop, made["code"])
    changed = _changed(before, after)
    if not any(NEW in text for text in changed.values()):
        raise RuntimeError(f"The new text did not arrive: {changed}, {writes}")
    lost = len(changed) - 1
    pictures = sum("/images" in path or "/media" in path for path in writes)
    title = f"one text edited, {shop.system} {version}"
    return [
        row(f"{title}: writing calls", len(writes), "calls", "1", len(writes) == 1),
        row(f"{title}: other texts touched", lost, "texts", "0", lost == 0),
        row(f"{title}: pictures sent", pictures, "calls", "0", pictures == 0),
    ]


def _texts(shop, code):
    """``{(field, language): text}`` of the product with that variant; "" where a shop has one."""
    row = shop.product_by_sku(code)
    if row.get("parent_id"):
        row = shop.shop.products[row["parent_id"]]
    texts = {}
    for name, value in row.items():
        if isinstance(value, str | dict) and "date" not in name:
            told = value.items() if isinstance(value, dict) else [("", value)]
            texts |= {(name, language): text for language, text in told}
    return texts


def _changed(before, after):
    """What differs of these texts, as it is now."""
    return {key: text for key, text in after.items() if before.get(key) != text}


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
