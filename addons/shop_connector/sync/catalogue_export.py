from odoo import models

from ..shopapi.documents import Product
from ..shopapi.errors import DataError, NotFound
from .catalogue_places import NotForEverybody
from .hiding import hidden_product, hiding_entries, note_hidden
from .mappings import Mappings


class ShopSyncCatalogue(models.AbstractModel):
    """Products go to a shop: what they are made of, themselves, their variants, their pictures."""

    _name = "shop.sync.catalogue"
    _description = "Sending Products to a Web Shop"

    def _process(self, shop, adapter, jobs, tally):
        """Bring the products of these jobs into step; each job ends by itself."""
        mappings = Mappings(shop)
        by_template = {int(job.key): job for job in jobs}
        templates = self.env["product.template"].browse(by_template).exists()
        templates = templates.with_context(active_test=True).with_company(shop.company_id)
        links = self.env["shop.binding"]._by_record(shop, "product", by_template)
        before = sum(tally.sent.values())
        errors = {}
        wanted = templates.filtered(lambda template: template._is_sold_in(shop))
        for template in wanted:
            if template.id in links and links[template.id].state == "removed":
                # somebody wants it back: its page is made anew
                self._forget_lost(shop, links.pop(template.id).res_id)
        hidden = {res_id: link for res_id, link in links.items() if res_id not in wanted.ids}
        self._hide(shop, adapter, hidden, errors, tally)
        parts = self.env["shop.sync.parts"]._send_parts(shop, adapter, wanted, mappings, tally)
        external = self._send_products(shop, adapter, wanted, mappings, parts, errors, tally)
        self._send_variants(shop, adapter, wanted, external, (mappings, parts), errors, tally)
        self.env["shop.sync.prices"]._send(shop, adapter, wanted, external, mappings, errors, tally)
        self.env["shop.sync.images"]._send(shop, adapter, wanted, external, errors, tally)
        worked = sum(tally.sent.values()) > before
        self._finish(by_template, errors, worked, tally)

    def _finish(self, by_template, errors, worked, tally):
        for template_id, error in errors.items():
            job = by_template[template_id]
            self._tell_product(job, template_id, error)
            job._fail(error)
            tally.failed["product"] += 1
        good = self.env["shop.job"].union(
            *(job for template_id, job in by_template.items() if template_id not in errors)
        )
        if worked:
            good._done(self.env._("In step with the shop"))
        else:
            tally.skipped["product"] += len(good)
            good._forget()

    def _tell_product(self, job, template_id, error):
        """Say it once on the product itself, where whoever edits it will look."""
        known = job.search(
            [
                ("shop_id", "=", job.shop_id.id),
                ("kind", "=", "product"),
                ("key", "=", job.key),
                ("state", "=", "failed"),
                ("error", "=", str(error)),
            ],
            limit=1,
        )
        template = self.env["product.template"].browse(template_id).exists()
        if template and not known:
            template.message_post(
                body=self.env._("%(shop)s: %(error)s", shop=job.shop_id.name, error=error)
            )

    def _send_products(self, shop, adapter, templates, mappings, parts, errors, tally):
        """Save the product pages; ``{template id: id in the shop}`` of those that are there."""
        documents = {}
        built = self.env["shop.sync.documents"]._products(shop, templates, mappings, parts)
        for template in templates:
            document = built[template.id]
            error = self._part_error(shop, template, parts) or (
                None if isinstance(document, Product) else document
            )
            if error:
                errors[template.id] = error
            else:
                documents[template.id] = document
        self._hide_exclusive(shop, adapter, errors, tally)
        by_product = {
            template.product_variant_ids.id: documents[template.id]
            for template in templates
            if template.id in documents and documents[template.id].sku
        }
        for product_id, error in self._twins(shop, by_product).items():
            template = self.env["product.product"].browse(product_id).product_tmpl_id
            errors[template.id] = error
            documents.pop(template.id)
        failed = {}
        external = self.env["shop.sync.sender"]._send(
            shop, adapter, "product", documents, failed, tally
        )
        for (_kind, template_id), error in failed.items():
            errors[template_id] = error
            if isinstance(error, NotFound):
                self._forget_lost(shop, template_id)
        return external

    def _part_error(self, shop, template, parts):
        """The error of a part without which the product would be wrong in the shop."""
        errors = parts["errors"]
        if not errors:
            return None
        used = [("manufacturer", template.manufacturer_id)]
        used += [("category", category) for category in template._shop_categories(shop)]
        if template._is_sold_in_variants():
            # a combination without one of its values would be another article
            values = template.product_variant_ids.product_template_attribute_value_ids
            for value in values.product_attribute_value_id:
                used += [("attribute", value.attribute_id), ("attribute_value", value)]
        return next(
            (errors[kind, part.id] for kind, part in used if (kind, part.id) in errors), None
        )

    def _twins(self, shop, documents):
        """``{product id: error}`` of new documents whose SKU another product has in this shop.

        The shop would be asked for that SKU, find the other product's page and overwrite it. Of
        several new ones the first is sent.
        """
        skus = {document.sku for document in documents.values() if document.sku}
        if not skus:
            return {}
        others = self.env["product.product"].with_context(active_test=False)
        linked = others.search(
            [("default_code", "in", list(skus)), ("shop_link_ids.shop_id", "=", shop.id)]
        )
        owners = {product.default_code: product for product in linked}
        for product_id, document in documents.items():
            if document.sku:
                owners.setdefault(document.sku, others.browse(product_id))
        return {
            product_id: DataError(
                self.env._(
                    "The SKU %(sku)s is also that of %(other)s, which is in %(shop)s already. Give "
                    "each product its own.",
                    sku=document.sku,
                    other=owners[document.sku].display_name,
                    shop=shop.name,
                )
            )
            for product_id, document in documents.items()
            if document.sku
            and owners[document.sku].id != product_id
            and product_id not in linked.ids
        }

    def _forget_lost(self, shop, template_id):
        """The shop no longer has this product: drop the links, so that a retry creates it again."""
        template = self.env["product.template"].browse(template_id)
        Binding = self.env["shop.binding"]
        products = Binding._by_record(shop, "product", template.ids).values()
        # its pictures went with it: they are told by the product's id there
        pictures = [
            self.env["shop.sync.images"]._links_of(shop, [link.external_id]) for link in products
        ]
        Binding.union(
            *products,
            *pictures,
            *Binding._by_record(shop, "price", template.ids).values(),
            *Binding._by_record(shop, "variant", template.product_variant_ids.ids).values(),
        ).unlink()

    def _send_variants(self, shop, adapter, templates, external, context, errors, tally):
        """Save the variants of what is sold in variants; the others get their stock link."""
        mappings, parts = context
        single, many = [], {}
        for template in templates:
            if template.id in errors or template.id not in external:
                continue
            if not template._is_sold_in_variants():
                variant = template.product_variant_ids[:1]
                if variant:
                    single.append((variant.id, f"{external[template.id]}/", None))
                continue
            many[template] = external[template.id]
        values, difference = parts["attribute_value"], adapter.capabilities.variant_difference
        documents = self.env["shop.sync.documents"]._variants(
            shop, many, mappings, values, difference
        )
        new = self._link_single(shop, single)
        failed = {
            ("variant", product_id): error
            for product_id, error in self._twins(shop, documents).items()
        }
        documents = {key: doc for key, doc in documents.items() if ("variant", key) not in failed}
        known = self.env["shop.binding"]._by_record(shop, "variant", documents)
        self.env["shop.sync.sender"]._send(shop, adapter, "variant", documents, failed, tally)
        products = self.env["product.product"]
        for (_kind, product_id), error in failed.items():
            errors[products.browse(product_id).product_tmpl_id.id] = error
        new += [product_id for product_id in documents if product_id not in known]
        self.env["shop.job"]._mark("stock", new, shop)

    def _link_single(self, shop, rows):
        """Link products without variants for their stock; the ids of the new ones."""
        Binding = self.env["shop.binding"]
        known = Binding._by_record(shop, "variant", [row[0] for row in rows])
        new = [row for row in rows if row[0] not in known or known[row[0]].external_id != row[1]]
        if new:
            Binding._remember(shop, "variant", "product.product", new)
        return [row[0] for row in new]

    def _hide_exclusive(self, shop, adapter, errors, tally):
        """What would be seen by the wrong customers is hidden until somebody has put it right."""
        exclusive = [key for key, error in errors.items() if isinstance(error, NotForEverybody)]
        links = self.env["shop.binding"]._by_record(shop, "product", exclusive)
        if links:
            self._hide(shop, adapter, links, errors, tally, always=True)

    def _hide(self, shop, adapter, links, errors, tally, *, always=False):
        """Hide what is archived, withdrawn or deleted here; a person alone deletes in the shop.

        Nothing else of it is sent: an archived product has no variants to tell a SKU from.
        ``always``: also where the shop leads what is visible.
        """
        if shop._leads("visibility") != "odoo" and not always:
            gone = links.keys() - set(self.env["product.template"].browse(links).exists().ids)
            self.env["shop.binding"].union(*(links[res_id] for res_id in gone)).unlink()
            return
        hidden = hidden_product()
        entries = hiding_entries(links, hidden)
        refused = set()
        if entries:
            shop._end_transaction()
            for outcome in adapter.save(entries):
                if outcome.error and not isinstance(outcome.error, NotFound):
                    refused.add(int(outcome.key))
                    errors.setdefault(int(outcome.key), outcome.error)
                else:
                    tally.sent["product"] += 1
        existing = self.env["product.template"].browse(links).exists()
        for res_id, link in links.items():
            if res_id in refused:
                continue
            if res_id in existing.ids:
                note_hidden(link, hidden)
            else:
                link.unlink()
