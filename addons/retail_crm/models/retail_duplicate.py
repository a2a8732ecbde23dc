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

    _key_uniq = models.UniqueIndex("(kind, key)", "This is already on the list.")

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
        group = self.search([("kind", "=", kind), ("key", "=", key)], limit=1)
        if not group:
            values = {"kind": kind, "key": key, "note": note, "partner_ids": partners.ids}
            return self.create(values)
        if partners - group.partner_ids:
            group.write({"partner_ids": partners.ids, "note": note or group.note, "state": "open"})
        return group

    @api.model
    def _cron_find(self):
        """Nightly: all customers that share a number or an e-mail; what is settled is closed."""
        self._close_settled()
        for kind in ("email", "phone"):
            groups = self._get_groups(kind)
            known = {
                group.key: group
                for group in self.search([("kind", "=", kind)])
                if group.key in groups
            }
            for key, group in known.items():
                partners = self.env["res.partner"].browse(groups.pop(key))
                if partners - group.partner_ids:
                    group.write({"partner_ids": partners.ids, "state": "open"})
            vals_list = [
                {"kind": kind, "key": key, "partner_ids": ids} for key, ids in groups.items()
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
        """``{key: ids of the customers that share it}``, two or more each.

        Customers that a channel keeps for itself are compared with each other only.
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
                           %(own)s AS value,
                           COALESCE(scope_channel_id, 0) AS scope
                      FROM res_partner WHERE active AND %(own)s IS NOT NULL
                 UNION ALL
                    SELECT partner.commercial_partner_id, partner.company_id,
                           point.normalized_value,
                           COALESCE(partner.scope_channel_id, 0)
                      FROM retail_contact_point point
                      JOIN res_partner partner ON partner.id = point.partner_id
                     WHERE partner.active AND %(other)s
                )
                SELECT %(key)s, array_agg(DISTINCT customer) FROM places
                 WHERE length(value) >= %(shortest)s
                 GROUP BY 1, scope
                HAVING count(DISTINCT customer) > 1 AND count(DISTINCT company) < 2
                """,
                own=own,
                other=other,
                key=key,
                shortest=finder.SAME if kind == "phone" else 1,
            )
        )
        return dict(rows)

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
