from odoo import models
from odoo.tools import email_normalize


class ShopSyncPartner(models.AbstractModel):
    _inherit = "shop.sync.partner"

    def _resolve(self, shop, orders, mappings):
        found = super()._resolve(shop, orders, mappings)
        self._note_newsletter(orders, found)
        return found

    def _find_customers(self, shop, orders):
        """An e-mail that is several customers' is taken for the oldest one's; a person decides
        later whether they are one.
        """
        found = super()._find_customers(shop, orders)
        emails = {email_normalize(order.customer.email or "") for order in orders} - {False, ""}
        groups = self.env["res.partner"]._read_group(
            [
                ("email_normalized", "in", list(emails)),
                ("company_id", "in", [False, shop.company_id.id]),
                ("type", "not in", ("invoice", "delivery")),
            ],
            ["email_normalized"],
            ["commercial_partner_id:recordset"],
            having=[("commercial_partner_id:count_distinct", ">", 1)],
        )
        names = {}
        for order in orders:
            names.setdefault(self._customer_key(order), order.reference)
        for email, partners in groups:
            if len(self._within_base(shop, partners)) > 1:
                self.env["retail.duplicate"]._report(
                    "email",
                    email,
                    partners,
                    self.env._("Order %(order)s fits all of them.", order=names.get(email, "")),
                )
        return found

    def _prepare_customer_values(self, shop, order, mappings):
        values = super()._prepare_customer_values(shop, order, mappings)
        return values | {"birthdate_date": order.customer.birthday}

    def _note_newsletter(self, orders, found):
        """Who asked for the newsletter in the shop agreed to it; what was said later here stays."""
        wanted = self.env["res.partner"].union(
            *(found[order.external_id][0] for order in orders if order.customer.newsletter)
        )
        said = wanted._get_consents("email", "marketing")
        wanted.filtered(lambda one: one.id not in said and not one.is_blacklisted)._set_consent(
            "email", "marketing", True, origin="shop"
        )
