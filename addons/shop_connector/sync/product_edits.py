from html import unescape

from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext, html_sanitize, plaintext2html

from ..shopapi.documents import HeldProduct, Outcome
from ..shopapi.errors import DataError
from .mappings import Mappings


def _as_html(text):
    """A long text as we keep it, and so that two spellings of the same are equal."""
    return html_sanitize(text, sanitize_attributes=False).strip() if text else ""


def _plain(text):
    return html2plaintext(text).strip() if text else ""


#: group of fields -> (field here, field of the shop's document, how its text reads here,
#: how our text reads after a trip to the shop and back)
TEXTS = {
    "texts": (
        ("name", "name", str.strip, str.strip),
        (
            "description_sale",
            "short_description",
            _plain,
            lambda text: _plain(plaintext2html(text)),
        ),
        ("shop_description", "description", _as_html, _as_html),
    ),
    "seo": (
        ("shop_meta_title", "meta_title", str.strip, str.strip),
        (
            "shop_meta_description",
            "meta_description",
            str.strip,
            lambda text: " ".join(text.split()),
        ),
    ),
}


class ShopSyncEdits(models.AbstractModel):
    """What was edited in a shop comes to the products here, as far as the shop leads it.

    It is not sent back: fields that the shop leads are never written to it. Something that is empty
    in the shop empties nothing here.
    """

    _name = "shop.sync.edits"
    _description = "Taking Over What Was Edited in a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Read the products of these jobs and take over what is new; each job ends by itself."""
        by_external = {job.key: job for job in jobs}
        links = self.env["shop.binding"]._by_external(shop, "product", by_external)
        languages = Mappings(shop).languages()
        absolute = not adapter.capabilities.variant_difference
        shop._end_transaction()
        found = self._read(adapter, list(by_external))
        for external_id, job in by_external.items():
            held, link = found.get(external_id), links.get(external_id)
            template = self.env["product.template"].browse(link.res_id if link else ()).exists()
            if held is None or not template:
                job._forget()
            elif isinstance(held, HeldProduct):
                template = template.with_company(shop.company_id)
                self._take_over(shop, job, template, held, (languages, absolute), tally)
                link.stamp = held.stamp
            else:
                job._fail(held.error)
                tally.failed["product"] += 1

    def _read(self, adapter, external_ids):
        """``{id in the shop: what it holds}``; a fault of one is not the fault of all."""
        try:
            return {held.external_id: held for held in adapter.read_products(external_ids)}
        except DataError as error:
            if len(external_ids) == 1:
                key = external_ids[0]
                return {key: Outcome(key=key, external_id=key, error=error)}
        found = {}
        for external_id in external_ids:
            found |= self._read(adapter, [external_id])
        return found

    def _take_over(self, shop, job, template, held, context, tally):
        languages, absolute = context
        groups = shop._returning_groups()
        try:
            with self.env.cr.savepoint():
                news = self._take_texts(template, held.product, groups, languages)
                if "details" in groups:
                    news += self._take_details(shop, template, held, absolute)
        except (UserError, ValidationError) as error:
            job._fail(error)
            tally.failed["product"] += 1
            return
        if not news:
            job._forget()
            return
        what = ", ".join(news)
        template.message_post(
            body=self.env._(
                "%(shop)s: edited there and taken over: %(what)s", shop=shop.name, what=what
            )
        )
        job._done(self.env._("Taken over: %s", what))
        tally.received["product"] += 1

    def _take_texts(self, template, document, groups, languages):
        """Write the texts that differ, each in its language; what was written, for people."""
        fields_get = template._fields
        news = []
        for code, lang in languages.items():
            local = template.with_context(lang=lang)
            values = {}
            for group in TEXTS.keys() & set(groups):
                for name, source, read, returned in TEXTS[group]:
                    text = read(getattr(document, source).get(code) or "")
                    if text and unescape(text) != unescape(returned(local[name] or "")):
                        values[name] = text
            if values:
                local.write(values)
                labels = [fields_get[name]._description_string(self.env) for name in values]
                news.append(f"{', '.join(labels)} ({lang})")
        return news

    def _take_details(self, shop, template, held, absolute):
        """Write barcode and weight where they differ; codes stay, products are known by them."""
        if not template._is_sold_in_variants():
            variant = template.product_variant_ids
            return self._take_figures(variant, held.product.barcode, held.product.weight)
        externals = {
            f"{held.external_id}/{each.external_id}": each.variant for each in held.variants
        }
        links = self.env["shop.binding"]._by_external(shop, "variant", externals)
        news = []
        for external, link in links.items():
            document = externals[external]
            weight = document.weight if absolute else held.product.weight + document.weight
            variant = self.env["product.product"].browse(link.res_id).exists()
            news += self._take_figures(variant, document.barcode, weight)
        return news

    def _take_figures(self, variant, barcode, weight):
        values = {}
        if barcode and variant.barcode != barcode:
            values["barcode"] = barcode
        kilogram = self.env["shop.sync.documents"]._kilogram_factor()
        ours = self.env["shop.sync.documents"]._weight(variant.weight, kilogram)
        if weight and abs(weight - ours) > kilogram / 1000:
            values["weight"] = float(weight / kilogram)
        if not values or len(variant) != 1:
            return []
        variant.write(values)
        labels = [variant._fields[name]._description_string(self.env) for name in values]
        return [f"{', '.join(labels)} ({variant.display_name})"]
