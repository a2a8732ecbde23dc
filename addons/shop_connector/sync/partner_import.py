from odoo import models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import email_normalize

from ..shopapi.documents import fingerprint


class ShopSyncPartner(models.AbstractModel):
    """The customers of web orders.

    The first purchase makes the customer, later ones attach to it by e-mail (normalised, exact).
    Nothing a person entered is ever overwritten: an order from elsewhere gets an address of its own
    below the customer, and addresses are found again by their content.
    """

    _name = "shop.sync.partner"
    _description = "Customers of a Web Shop"

    def _resolve(self, shop, orders, mappings):
        """``{order's id in the shop: (customer, invoice address, delivery address)}``."""
        customers = self._find_customers(shop, orders)
        missing = {}
        for order in orders:
            key = self._customer_key(order)
            if key not in customers:
                missing.setdefault(key, order)
        created = self._create_customers(shop, list(missing.values()), mappings)
        customers |= dict(zip(missing, created, strict=True))
        self._link_customers(shop, orders, customers)
        companies = self._resolve_companies(shop, orders, customers)
        addresses = self._resolve_addresses(orders, customers, companies)
        return {
            order.external_id: (customers[self._customer_key(order)], *addresses[order.external_id])
            for order in orders
        }

    # === CUSTOMER ===

    def _customer_key(self, order):
        """What makes two orders come from one customer: the e-mail, else nothing does."""
        email = email_normalize(order.customer.email or "")
        return email or f"order {order.external_id}"

    def _find_customers(self, shop, orders):
        """``{customer key: partner}`` of those we know: by e-mail first, then by the shop's
        link.
        """
        emails = {self._customer_key(order) for order in orders}
        partners = self.env["res.partner"].search(
            [
                ("email_normalized", "in", list(emails)),
                ("company_id", "in", [False, shop.company_id.id]),
                ("type", "not in", ("invoice", "delivery")),
            ],
            order="id",
        )
        partners = self._within_base(shop, partners)
        found = {}
        # a customer of its own before a contact of another one, the oldest first
        for partner in partners.sorted(lambda p: (bool(p.parent_id), p.id)):
            found.setdefault(partner.email_normalized, partner)
        links = self.env["shop.binding"]._by_external(
            shop, "customer", [o.customer.external_id for o in orders if o.customer.external_id]
        )
        for order in orders:
            link = links.get(order.customer.external_id)
            if link and not order.customer.is_guest:
                partner = self.env["res.partner"].browse(link.res_id).exists()
                if partner:
                    found.setdefault(self._customer_key(order), partner)
        return found

    def _within_base(self, shop, partners):
        """Of these partners, the ones this shop may know: all, or those of its own customer base.

        Registered customers are known by their link, guests by their orders.
        """
        shops = shop._shops_of_base()
        if not partners or shops is None:
            return partners
        links = self.env["shop.binding"].search(
            [
                ("shop_id", "in", shops.ids),
                ("kind", "=", "customer"),
                ("res_id", "in", partners.ids),
            ]
        )
        buyers = self.env["sale.order"]._read_group(
            [("shop_id", "in", shops.ids), ("partner_id", "in", partners.ids)], ["partner_id"]
        )
        known = set(links.mapped("res_id")) | {partner.id for (partner,) in buyers}
        return partners.filtered(lambda partner: partner.id in known)

    def _group_tag(self, shop, order, mappings):
        """The partner tag of a customer group; the group everybody is in gets none."""
        row = mappings.row("customer_group", order.customer.group)
        if not row or row.is_default or order.customer.is_guest:
            return self.env["res.partner.category"]
        Tag = self.env["res.partner.category"]
        return Tag.search([("name", "=", row.name), ("parent_id", "=", False)], limit=1) or (
            Tag.create({"name": row.name})
        )

    def _create_customers(self, shop, orders, mappings):
        vals_list = [self._prepare_customer_values(shop, order, mappings) for order in orders]
        return self._create_checked(vals_list)

    def _create_checked(self, vals_list):
        """Create partners; a tax number Odoo refuses goes to the notes, the customer is not
        lost.
        """
        Partner = self.env["res.partner"]
        if not vals_list:
            return Partner
        try:
            with self.env.cr.savepoint():
                return Partner.create(vals_list)
        except ValidationError:
            return Partner.union(*(self._create_one(vals) for vals in vals_list))

    def _create_one(self, vals):
        Partner = self.env["res.partner"]
        try:
            with self.env.cr.savepoint():
                return Partner.create(vals)
        except ValidationError as error:
            if not vals.get("vat"):
                raise
            note = self.env._(
                "Tax number given in the shop: %(vat)s (%(error)s)", vat=vals["vat"], error=error
            )
            comment = "\n".join(filter(None, [vals.get("comment"), note]))
            return Partner.create(vals | {"vat": False, "comment": comment})

    def _prepare_customer_values(self, shop, order, mappings):
        party, billing = order.customer, order.billing
        vat = billing.vat or party.vat
        company = billing.company or party.company
        person = self._person(party) or self._person(billing)
        lang = mappings.record("language", party.language)
        name = company if vat and company else person or company or party.email
        return {
            "name": name or self.env._("Customer of %s", shop.name),
            "is_company": bool(vat),
            "company_name": company if company and not vat else False,
            "email": party.email,
            "vat": vat,
            "lang": lang.code if lang else False,
            "category_id": [Command.set(self._group_tag(shop, order, mappings).ids)],
            "company_id": False,
            "customer_rank": 1,
            "phone": billing.phone or billing.mobile,
            "comment": self._prepare_comment(billing),
            "shop_address_key": fingerprint(billing),
            **self._prepare_place_values(billing),
        }

    def _prepare_comment(self, address):
        """What an address tells that has no field of its own here."""
        code = address.fiscal_code
        texts = [code and self.env._("Tax code: %s", code), address.note]
        return "\n".join(filter(None, texts)) or False

    def _link_customers(self, shop, orders, customers):
        """Remember the shop's own ids of registered customers."""
        Binding = self.env["shop.binding"]
        wanted = {}
        for order in orders:
            if order.customer.external_id and not order.customer.is_guest:
                wanted[order.customer.external_id] = customers[self._customer_key(order)]
        known = Binding._by_external(shop, "customer", wanted)
        linked = Binding._by_record(shop, "customer", [p.id for p in wanted.values()])
        vals_list, seen = [], set(linked)
        for external_id, partner in wanted.items():
            if external_id in known or partner.id in seen:
                continue
            seen.add(partner.id)
            vals_list.append(
                {
                    "shop_id": shop.id,
                    "kind": "customer",
                    "external_id": external_id,
                    "res_model": "res.partner",
                    "res_id": partner.id,
                }
            )
        Binding.create(vals_list)

    # === ADDRESSES ===

    def _resolve_addresses(self, orders, customers, companies):
        """``{order's id: (invoice address, delivery address)}``, new ones made in one call.

        ``companies``: ``{order's id: company}`` where the invoice is not for the customer.
        """
        partners = self.env["res.partner"].union(*customers.values(), *companies.values())
        known = {}
        for partner in partners | partners.child_ids:
            if partner.shop_address_key:
                known[(partner.parent_id or partner).id, partner.type, partner.shop_address_key] = (
                    partner
                )
        new, given, keys = {}, {}, {}
        for order in orders:
            customer = customers[self._customer_key(order)]
            payer = companies.get(order.external_id, customer)
            pair = []
            for holder, kind, address in (
                (payer, "invoice", order.billing),
                (customer, "delivery", order.shipping),
            ):
                key = self._address_key(holder, kind, address, known)
                if key not in known and key not in new:
                    new[key] = self._prepare_address_values(holder, kind, address, customer)
                    given[key] = address
                pair.append(key)
            keys[order.external_id] = pair
        created = self._create_checked(list(new.values()))
        self._put_company(created, list(given.values()))
        known |= dict(zip(new, created, strict=True))
        return {order_id: (known[a], known[b]) for order_id, (a, b) in keys.items()}

    def _address_key(self, holder, kind, address, known):
        """The key under which this address of a customer or company is known, or will be."""
        print_ = fingerprint(address)
        if holder.shop_address_key == print_ or not address.street:
            own = (holder.id, "own", print_)
            known[own] = holder
            return own
        return holder.id, kind, self._address_print(address)

    def _prepare_address_values(self, holder, kind, address, customer):
        return {
            "name": self._name_address(holder, address),
            "parent_id": holder.id,
            "type": kind,
            "phone": address.phone or address.mobile,
            "email": customer.email if kind == "invoice" else False,
            "company_id": holder.company_id.id,
            "lang": customer.lang,
            "shop_address_key": self._address_print(address),
            "comment": self._prepare_comment(address),
            **self._prepare_place_values(address),
        }

    def _prepare_place_values(self, address):
        country = self.env["res.country"]
        if address.country:
            country = country.search([("code", "=", address.country.upper())], limit=1)
        state = self.env["res.country.state"]
        if country and address.state:
            state = state.search(
                [("country_id", "=", country.id), ("code", "=", address.state.upper())], limit=1
            )
        return {
            "street": address.street,
            "street2": address.street2,
            "zip": address.zip,
            "city": address.city,
            "state_id": state.id,
            "country_id": country.id,
        }
