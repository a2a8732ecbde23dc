"""Webhooks: a shop tells that something changed, so that nobody waits for the next poll."""

import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..shopapi.hints import call_key
from ..shopapi.registry import adapter_class


def new_secret():
    """A secret nobody can guess."""
    return secrets.token_urlsafe(32)


class ShopShop(models.Model):
    _inherit = "shop.shop"

    hint_secret = fields.Char(
        "Webhook Secret",
        groups="base.group_system",
        readonly=True,
        copy=False,
        help="The shop signs its calls with it. Only system administrators see it.",
    )
    hint_url = fields.Char(
        "Webhook Address",
        compute="_compute_hint_url",
        help="Where the shop, or a program beside it, tells that an order changed.",
    )
    hint_at = fields.Datetime(
        "Last Webhook Call",
        compute="_compute_hint_at",
        groups="shop_connector.group_shop_connector_user",
    )

    def _compute_hint_url(self):
        for shop in self:
            shop.hint_url = f"{shop.get_base_url()}/shop_connector/hint/{shop.id or 0}"

    def _compute_hint_at(self):
        groups = self.env["shop.hint"]._read_group(
            [("shop_id", "in", self.ids)], ["shop_id"], ["create_date:max"]
        )
        latest = dict(groups)
        for shop in self:
            shop.hint_at = latest.get(shop)

    @api.model_create_multi
    def create(self, vals_list):
        shops = super().create(vals_list)
        # whoever may make a shop need not be allowed to see its secrets
        for shop in shops.sudo().filtered(lambda shop: not shop.hint_secret):
            shop.hint_secret = new_secret()
        return shops

    def action_connect(self):
        result = super().action_connect()
        # of a copied database the secret was taken away
        for shop in self.sudo().filtered(lambda shop: not shop.hint_secret):
            shop.hint_secret = new_secret()
        return result

    def action_new_hint_secret(self):
        """Make a new secret; calls signed with the old one are refused from now on."""
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only a system administrator can do this."))
        for shop in self:
            shop.hint_secret = new_secret()

    # === TAKING CALLS ===

    def _takes_hints(self):
        """A paused or stopped shop notes what changes; one that was never connected has nothing."""
        return bool(self.active and self.state != "draft" and self.sudo().hint_secret)

    def _read_hints(self, headers, body):
        """What a call says. Raises AuthError (forged, too old) or DataError."""
        return adapter_class(self.system).read_hints(headers, body, self.sudo().hint_secret)

    def _take_call(self, headers, body, hints):
        """Note what a genuine call names and wake the runner; False when it came before."""
        if not self.env["shop.hint"]._is_first(self, call_key(headers, body), len(hints)):
            return False
        named = {"order": set(), "product": set(), "stock": set()}
        for hint in hints:
            named[hint.kind].add(hint.external_id)
        Job = self.env["shop.job"]
        Job._mark_incoming(self, "order", sorted(named["order"]))
        Job._mark("product", self._linked_products(named["product"]), self)
        Job._mark("stock", self._linked_variants(named["stock"]), self)
        self._wake()
        return True

    def _linked_products(self, external_ids):
        links = self.env["shop.binding"]._by_external(self, "product", external_ids)
        return [link.res_id for link in links.values()]

    def _linked_variants(self, external_ids):
        """Our variants behind ids of the shop, given as ``product/variant`` or ``product``."""
        if not external_ids:
            return []
        query = SQL(
            "SELECT res_id FROM shop_binding WHERE shop_id = %s AND kind = 'variant'"
            " AND (external_id = ANY(%s) OR split_part(external_id, '/', 1) = ANY(%s))",
            self.id,
            list(external_ids),
            list(external_ids),
        )
        return [res_id for (res_id,) in self.env.execute_query(query)]
