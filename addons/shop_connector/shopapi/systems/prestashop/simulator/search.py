"""``/api/search``: products by their words."""

from __future__ import annotations

from .faults import ServiceError
from .query import Args
from .store import Record, Store


def search_xml(store: Store, args: Args, api: str) -> str:
    """Write the products whose texts have the word, and the categories these are in.

    Raises ServiceError 100 without ``language`` or ``query``.
    """
    word, language = args.get("query", ""), args.get("language", "")
    if not word or not language.isdigit():
        raise ServiceError(
            400,
            100,
            "You have to set both the 'language' and 'query' parameters to get a result",
        )
    found = [each for each in store.all("products") if _has(each, word, int(language))]
    categories = sorted(
        {int(row["id"]) for each in found for row in each.associations.get("categories", ())}
    )
    return _list("products", "product", [each.id for each in found], api) + _list(
        "categories", "category", categories, api
    )


def _has(product: Record, word: str, language: int) -> bool:
    if product.values["active"] != "1":
        return False
    texts = [product.text(name, language) for name in ("name", "description", "description_short")]
    return any(word.casefold() in text.casefold() for text in texts)


def _list(name: str, node: str, ids: list[int], api: str) -> str:
    lines = [f'<{node} id="{each}" xlink:href="{api}/{name}/{each}"/>\n' for each in ids]
    return f"<{name}>\n{''.join(lines)}</{name}>\n"
