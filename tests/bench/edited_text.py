"""One description is edited in one language: what travels, and what becomes of the others."""

NAME = "edited-text"
#: a shop that knows PATCH, and one that blanks what a PUT leaves out
VERSIONS = ("8.2.1", "1.7.8")
#: a word of the new text, see inside/edited_text.py
NEW = "soleggiate"


def run(context):
    """Writing calls, pictures sent and texts of other languages lost, for each version."""
    return [line for version in VERSIONS for line in _of_version(context, version)]


def _of_version(context, version):
    with context.database("shop_connector") as database, context.simulator(version) as shop:
        access = {"system": shop.system, "base_url": shop.url, "api_key": shop.api_key}
        made = context.inside(database, "edited_text.prepare", access=access)
        before = shop.product_by_sku(made["code"])
        shop.clear_log()
        context.inside(database, "edited_text.edit", code=made["code"])
        writes = [f"{record.method} {record.path}" for record in shop.writes]
        after = shop.product_by_sku(made["code"])
    changed = _changed(before, after)
    if not any(NEW in text for text in changed.values()):
        raise RuntimeError(f"The new text did not arrive: {changed}, {writes}")
    lost = len(changed) - 1
    pictures = sum("/images" in path for path in writes)
    title = f"one text edited, PrestaShop {version}"
    return [
        row(f"{title}: writing calls", len(writes), "calls", "1", len(writes) == 1),
        row(f"{title}: other texts touched", lost, "texts", "0", lost == 0),
        row(f"{title}: pictures sent", pictures, "calls", "0", pictures == 0),
    ]


def _changed(before, after):
    """``{(field, language): new text}`` of all the translated fields that differ."""
    return {
        (name, language): text
        for name, texts in after.items()
        if isinstance(texts, dict) and isinstance(before.get(name), dict)
        for language, text in texts.items()
        if before[name].get(language) != text
    }


def row(name, value, unit, bar="", holds=True):
    return {"name": name, "value": value, "unit": unit, "bar": bar, "holds": holds}
