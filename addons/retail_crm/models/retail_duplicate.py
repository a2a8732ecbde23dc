from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..services import finder

#: groups made in one transaction of the nightly search
BATCH = 500


class RetailDuplicate(models.Model):
    """Customers with the same phone number or e-mail: are they one? A person decides."""

    _name = "retail.duplicate"
    _description = "Possible Duplicate"
    _order = "state desc, id desc"
    _rec_name = "key"

    kind = fields.Selection(
        [("email", "Same E-mail"), ("phone", "Same Phone")], "Reason", required=True, readonly=True
    )
    key = fields.Char("Phone or E-mail", required=True, readonly=True)
    state = fields.Selection(
        [("open", "To Review"), ("merged", "Merged"), ("dismissed", "Different Customers")],
        required=True,
        default="open",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        help="Empty for customers that all companies share.",
    )
    scope_channel_id = fields.Many2one(
        "sales.channel",
        "Own Customers of",
        readonly=True,
        ondelete="cascade",
        help="The channel that keeps these customers for itself.",
    )
    note = fields.Char(readonly=True, help="What happened, for example an order that fits two.")
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", readonly=True, context={"active_test": False}
    )
    keep_id = fields.Many2one(
        "res.partner",
        "Customer to Keep",
        compute="_compute_keep_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', partner_ids)]",
        help="The others are merged into this one: orders, invoices, points, consents and contact "
        "points go there. What is empty here is filled from them.",
    )

    _key_uniq = models.UniqueIndex(
        "(kind, key, COALESCE(scope_channel_id, 0), COALESCE(company_id, 0))",
        "This is already on the list.",
    )

    @api.depends("partner_ids")
    def _compute_keep_id(self):
        """Propose the one with most orders, the oldest among equals."""
        counts = dict(
            # sudo: the proposal is the same for everybody
            self.env["sale.order"]
            .sudo()
            ._read_group([("partner_id", "in", self.partner_ids.ids)], ["partner_id"], ["__count"])
        )
        for group in self:
            ordered = group.partner_ids.sorted(lambda one: (-counts.get(one, 0), one.id))
            group.keep_id = group.keep_id & group.partner_ids or ordered[:1]

    # === FINDING ===

    @api.model
    def _report(self, kind, key, partners, note=False):
        """Put these customers on the list because of what they share.

        What a person has decided stays decided, until somebody new shares it too.
        """
        place = {
            "kind": kind,
            "key": key,
            "scope_channel_id": partners.scope_channel_id[:1].id,
            "company_id": partners.company_id[:1].id,
        }
        group = self.search([(name, "=", value) for name, value in place.items()], limit=1)
        if not group:
            return self.create({**place, "note": note, "partner_ids": partners.ids})
        if partners - group.partner_ids:
            group.write({"partner_ids": partners.ids, "note": note or group.note, "state": "open"})
        return group

    @api.model
    def _cron_find(self):
        """Nightly: all customers that share a number or an e-mail; what is settled is closed."""
        self._close_settled()
        for kind in ("email", "phone"):
            groups = self._get_groups(kind)
            for group in self.search([("kind", "=", kind)]):
                place = (group.key, group.scope_channel_id.id, group.company_id.id)
                partners = self.env["res.partner"].browse(groups.pop(place, ()))
                if partners - group.partner_ids:
                    group.write({"partner_ids": partners.ids, "state": "open"})
            vals_list = [
                {
                    "kind": kind,
                    "key": key,
                    "scope_channel_id": channel_id,
                    "company_id": company_id,
                    "partner_ids": ids,
                }
                for (key, channel_id, company_id), ids in groups.items()
            ]
            for start in range(0, len(vals_list), BATCH):
                self.create(vals_list[start : start + BATCH])
                if not self.env["ir.cron"]._commit_progress(BATCH):
                    return

    def _close_settled(self):
        """Close what has been merged or corrected elsewhere."""
        for group in self.search([("state", "=", "open")]):
            if len(group.partner_ids.filtered("active").commercial_partner_id) < 2:
                group.state = "merged"

    @api.model
    def _get_groups(self, kind):
        """``{(key, channel id, company id): ids of the customers that share it}``, two or more.

        Customers that a channel keeps for itself are compared with each other only; those of a
        company with each other and with those that all companies share. ``False`` where no channel
        and no company keeps any of them.
        """
        self.env["res.partner"].flush_model()
        self.env["retail.contact.point"].flush_model()
        if kind == "email":
            own = SQL("email_normalized")
            other = SQL("point.kind = 'email'")
            key = SQL("%s", SQL.identifier("value"))
        else:
            own = SQL(r"regexp_replace(COALESCE(phone_sanitized, phone)::text, '\D', '', 'g')")
            other = SQL("point.kind IN ('phone', 'messenger')")
            # the end decides, see finder: with or without the country it is the same number
            key = SQL("right(%s, %s)", SQL.identifier("value"), finder.SAME)
        rows = self.env.execute_query(
            SQL(
                """
                WITH places AS (
                    SELECT commercial_partner_id AS customer, company_id AS company,
                           %(own)s AS value, scope_channel_id AS scope
                      FROM res_partner WHERE active AND %(own)s IS NOT NULL
                 UNION ALL
                    SELECT partner.commercial_partner_id, partner.company_id,
                           point.normalized_value, partner.scope_channel_id
                      FROM retail_contact_point point
                      JOIN res_partner partner ON partner.id = point.partner_id
                     WHERE partner.active AND %(other)s
                )
                SELECT %(key)s, scope,
                       array_agg(DISTINCT ARRAY[customer, COALESCE(company, 0)])
                  FROM places
                 WHERE length(value) >= %(shortest)s
                 GROUP BY 1, scope
                HAVING count(DISTINCT customer) > 1
                """,
                own=own,
                other=other,
                key=key,
                shortest=finder.SAME if kind == "phone" else 1,
            )
        )
        return {
            (key, scope or False, company_id): ids
            for key, scope, places in rows
            for company_id, ids in self._by_company(places)
        }

    @api.model
    def _by_company(self, places):
        """``(company id, sorted ids)`` of two or more customers who may be one.

        ``places``: pairs of a customer's id and its company's, 0 for none.
        """
        theirs = defaultdict(set)
        for customer, company_id in places:
            theirs[company_id].add(customer)
        shared = theirs.pop(0, set())
        for company_id, customers in theirs.items() or [(False, shared)]:
            if len(customers | shared) > 1:
                yield company_id, sorted(customers | shared)

    # === DECIDING ===

    def action_merge(self):
        """Merge the others into the customer to keep."""
        self.check_access("write")
        for group in self.filtered(lambda one: one.state == "open"):
            keep = group.keep_id
            others = group.partner_ids.exists() - keep
            if not keep or not others:
                raise UserError(
                    self.env._("Choose the customer to keep for %(key)s first.", key=group.key)
                )
            wizard = self.env["base.partner.merge.automatic.wizard"]
            for other in others:  # two at a time: Odoo merges three at most in one go
                wizard._merge([keep.id, other.id], keep, extra_checks=False)
            group.state = "merged"

    def action_dismiss(self):
        """They are different customers; do not ask again."""
        self.state = "dismissed"

    def action_reopen(self):
        """Look at it once more."""
        self.state = "open"
