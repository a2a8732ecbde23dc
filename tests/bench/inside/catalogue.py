"""A catalogue in three languages with variants, for the benchmarks that send it."""

import base64
import io

from PIL import Image

from odoo import Command

from . import world

CHUNK = 250
SIZES = ("0.375 l", "0.75 l", "1.5 l", "3 l")
TEXTS = {
    "en_US": "Wine {n} of our hills",
    "it_IT": "Vino {n} delle nostre colline",
    "hu_HU": "Dombjaink {n} bora",
}


def fill(env, shop, tax, variants, *, pictures=False):
    """Products of four variants each, named and described in every language; their templates."""
    env = env(context=dict(env.context, tracking_disable=True))
    attribute = env["product.attribute"].create({"name": "Size"})
    values = env["product.attribute.value"].create(
        [{"name": size, "attribute_id": attribute.id} for size in SIZES]
    )
    count = variants // len(SIZES)
    templates = env["product.template"]
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        chunk = env["product.template"].create(
            [_values(n, shop, tax, values, pictures) for n in numbers]
        )
        for lang in world.LANGUAGES[1:]:
            for number, template in zip(numbers, chunk.with_context(lang=lang), strict=True):
                texts = _texts(number, lang)
                # the long text is translated paragraph by paragraph, the others as a whole
                terms = {_paragraph(number, "en_US"): _paragraph(number, lang)}
                del texts["shop_description"]
                template.write(texts)
                template.update_field_translations("shop_description", {lang: terms})
        for template in chunk:
            for index, variant in enumerate(template.product_variant_ids):
                variant.default_code = f"{template.id}-{index}"
        templates |= chunk
        env.cr.commit()
    return templates


def _values(number, shop, tax, values, pictures):
    line = {"attribute_id": values.attribute_id.id, "value_ids": [Command.set(values.ids)]}
    return {
        "list_price": 5.0 + number % 90,
        "is_storable": True,
        "taxes_id": [Command.set(tax.ids)],
        "shop_ids": [Command.set(shop.ids)],
        "attribute_line_ids": [Command.create(line)],
        "image_1920": _picture(number) if pictures else False,
        **_texts(number, "en_US"),
    }


def _texts(number, lang):
    text = TEXTS[lang].format(n=number)
    return {
        "name": text,
        "description_sale": f"{text}.",
        "shop_description": f"<p>{_paragraph(number, lang)}</p>",
    }


def _paragraph(number, lang):
    return TEXTS[lang].format(n=number) + ". Lorem ipsum dolor sit amet" * 20


def _picture(number):
    content = io.BytesIO()
    Image.new("RGB", (320, 320), (number % 256, 60, 90)).save(content, "JPEG")
    return base64.b64encode(content.getvalue())
