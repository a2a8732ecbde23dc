"""Clients of somebody else are out of sight for users with the switch "Only Own Clients".

The rule is strict: an order that nobody is responsible for makes its customer visible only while
the order waits in the pool of one of the user's teams.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..services import finder
from .res_users_desk_rights import OWN_CLIENTS

#: an order that waits in the pool of a team of mine
POOL = """
    o.user_id IS NULL AND o.stage_category NOT IN ('done', 'cancelled')
    AND o.team_id = ANY(ARRAY(SELECT crm_team_id FROM crm_team_member
                               WHERE user_id = %(uid)s AND active
                               UNION ALL SELECT id FROM crm_team WHERE user_id = %(uid)s))
"""


def _has_order(condition, source=""):
    """SQL: an order of mine, or one of my pools, is like that.

    Each is a question of its own: asked for many contacts, the planner then reads all answers from
    one index instead of asking contact by contact.
    """
    orders = f"SELECT 1 FROM sale_order o {source} WHERE {condition}"
    return f"EXISTS ({orders} AND o.user_id = %(uid)s) OR EXISTS ({orders} AND {POOL})"


#: the family of an order's customer
FAMILY = "JOIN res_partner m ON m.id = o.partner_id"
OF_FAMILY = "m.commercial_partner_id = %(partner)s.commercial_partner_id"
#: an address of an order that is not its customer
SHIPPING = "o.partner_shipping_id = %(partner)s.id AND o.partner_shipping_id <> o.partner_id"
INVOICE = "o.partner_invoice_id = %(partner)s.id AND o.partner_invoice_id <> o.partner_id"

#: true for a contact that the user may know; what the contact says itself comes first
REACHABLE = f"""
    (%(partner)s.partner_share IS NOT TRUE
     OR %(partner)s.user_id = %(uid)s
     OR %(partner)s.supplier_rank > 0
     OR EXISTS (SELECT 1 FROM res_partner c
                 WHERE c.id = %(partner)s.commercial_partner_id
                   AND (c.user_id = %(uid)s OR c.partner_share IS NOT TRUE OR c.supplier_rank > 0))
     OR %(partner)s.commercial_partner_id IN (SELECT partner_id FROM res_company)
     OR {_has_order(OF_FAMILY, FAMILY)}
     OR {_has_order(SHIPPING)}
     OR {_has_order(INVOICE)}
     OR EXISTS (SELECT 1 FROM res_partner m JOIN crm_lead l ON l.partner_id = m.id
                 WHERE {OF_FAMILY} AND l.user_id = %(uid)s)
     OR %(partner)s.user_id IS NULL AND COALESCE(%(partner)s.customer_rank, 0) <= 0
        AND NOT EXISTS (SELECT 1 FROM res_partner c
                         WHERE c.id = %(partner)s.commercial_partner_id
                           AND (c.user_id IS NOT NULL OR c.customer_rank > 0))
        AND NOT EXISTS (SELECT 1 FROM sale_order o {FAMILY} WHERE {OF_FAMILY})
        AND NOT EXISTS (SELECT 1 FROM res_partner m JOIN crm_lead l ON l.partner_id = m.id
                         WHERE {OF_FAMILY}))
"""


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_reachable = fields.Boolean(
        compute="_compute_is_reachable",
        search="_search_is_reachable",
        compute_sudo=True,
        help="Not a client of somebody else: the user is or was responsible, the customer has an "
        "order in the pool of the user's team, or the contact is no customer at all.",
    )

    _family_idx = models.Index("(commercial_partner_id, id)")

    @api.depends(
        "user_id",
        "commercial_partner_id.user_id",
        "sale_order_ids.user_id",
        "sale_order_ids.team_id",
        "sale_order_ids.stage_category",
    )
    @api.depends_context("uid")
    def _compute_is_reachable(self):
        new = self.filtered(lambda partner: not partner._origin)
        new.is_reachable = True
        known = self - new
        domain = Domain("id", "in", known._origin.ids) & Domain("is_reachable", "=", True)
        # called for the rule itself, which must not apply meanwhile
        found = self.sudo().with_context(active_test=False).search(domain)
        for partner in known:
            partner.is_reachable = partner._origin in found

    def _search_is_reachable(self, operator, value):
        if operator != "in":
            return NotImplemented
        uid = self.env.uid
        self.env["sale.order"].flush_model(
            [
                "user_id",
                "team_id",
                "stage_category",
                "partner_id",
                "partner_shipping_id",
                "partner_invoice_id",
            ]
        )
        self.env["crm.lead"].flush_model(["user_id", "partner_id"])
        self.env["crm.team.member"].flush_model(["user_id", "active", "crm_team_id"])
        self.env["crm.team"].flush_model(["user_id"])
        self.flush_model(
            ["user_id", "partner_share", "commercial_partner_id", "supplier_rank", "customer_rank"]
        )

        def is_reachable(model, alias, query):
            return SQL(REACHABLE, partner=SQL.identifier(alias), uid=uid)

        return Domain.custom(to_sql=is_reachable)

    @api.model_create_multi
    def create(self, vals_list):
        """A client whom somebody kept to their own clients enters is theirs."""
        if not self.env.su and self.env.user.has_group(OWN_CLIENTS):
            vals_list = [
                # the form says "nobody" outright
                vals
                if vals.get("parent_id") or vals.get("user_id")
                else {**vals, "user_id": self.env.uid}
                for vals in vals_list
            ]
        return super().create(vals_list)

    # === WHOSE CLIENT ===

    @api.model
    def get_hidden_client_hints(self, text):
        """Whose clients the contacts with this phone number or e-mail address are.

        Only of contacts that the user may not see, and no more than whom to ask: initials and
        responsible, as ``[{"initials": "M. R.", "ask": "Anna"}]``. A name, or a part of a number,
        finds nobody.
        """
        if not self.env.user.has_group(OWN_CLIENTS):
            return []
        # the one answer that goes past the rule: that somebody is known, and whom to ask
        known = self.sudo()._find_exactly(text)
        companies = self.env.companies
        known = known.filtered(lambda one: not one.company_id or one.company_id in companies)
        hidden = known - self.search([("id", "in", known.ids)]).sudo()
        return [
            {"initials": partner._get_initials(), "ask": partner._get_responsible().name or ""}
            for partner in hidden
        ]

    @api.model
    def _find_exactly(self, text):
        """Contacts with just this number (in any spelling) or address; nobody for other texts."""
        term = finder.classify(text)
        if term.kind == "digits" and len(term.digits) >= finder.SAME:
            return self.search([("id", "in", self._ids_by_phone(term))], limit=5)
        email = email_normalize(text) if term.kind == "email" else False
        if not email:
            return self.browse()
        points = self.env["retail.contact.point"].search(
            [("kind", "=", "email"), ("normalized_value", "=", email)], limit=5
        )
        found = self.search([("email_normalized", "=", email)], limit=5)
        return found | points.partner_id

    def _get_initials(self):
        self.ensure_one()
        return " ".join(f"{word[0].upper()}." for word in (self.name or "").split()[:3])

    def _get_responsible(self):
        """Who looks after this client: named on the card, else on the latest order."""
        self.ensure_one()
        family = self.commercial_partner_id
        named = self.user_id or family.user_id
        if named:
            return named
        orders = self.env["sale.order"].search(
            [("partner_id.commercial_partner_id", "=", family.id), ("user_id", "!=", False)],
            order="date_order desc, id desc",
            limit=1,
        )
        return orders.user_id


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # the customers of one person, and of the pools, without reading the orders themselves
    _clients_idx = models.Index(
        "(user_id, partner_id) INCLUDE (partner_shipping_id, partner_invoice_id)"
    )
    _pool_idx = models.Index(
        "(team_id) WHERE user_id IS NULL AND stage_category NOT IN ('done', 'cancelled')"
    )
