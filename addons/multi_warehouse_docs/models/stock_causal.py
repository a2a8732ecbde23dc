from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from . import causal_effects as effects

USAGES = [
    ("internal", "Our Warehouses"),
    ("third_party", "Ours at Third Parties"),
    ("transit", "In Transit"),
    ("supplier", "Vendors"),
    ("customer", "Customers"),
    ("inventory", "Inventory Differences"),
    ("production", "Production"),
]


class StockCausal(models.Model):
    """Why goods move: printed on the document, and checked against where they go.

    What a causal does to on hand, committed and ordered follows from the two places and is shown
    (``effect_*``), never typed: wrongly coded causals are the commonest source of wrong stock.
    """

    _name = "stock.causal"
    _description = "Stock Causal"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the causal serves all companies."
    )
    source_usage = fields.Selection(USAGES, "From", required=True, tracking=True)
    destination_usage = fields.Selection(USAGES, "To", required=True, tracking=True)
    partner_kind = fields.Selection(
        [
            ("none", "Nobody"),
            ("customer", "Customer"),
            ("vendor", "Vendor"),
            ("any", "Customer or Vendor"),
        ],
        "Partner",
        required=True,
        default="any",
        tracking=True,
    )
    invoicing = fields.Selection(
        [
            ("none", "Not Invoiced"),
            ("immediate", "Invoiced at Once"),
            ("deferred", "Deferred Invoice"),
            ("credit", "Credit Note"),
        ],
        required=True,
        default="none",
        tracking=True,
    )
    returnable = fields.Boolean(
        tracking=True, help="The goods stay ours or come back: what is still out is listed."
    )
    return_days = fields.Integer("Back Within (Days)", tracking=True)
    reverse_causal_id = fields.Many2one("stock.causal", "Causal of the Return", check_company=True)
    print_text = fields.Char(
        "Printed Text",
        translate=True,
        help="Reason of transport as the document says it. Empty: the name.",
    )

    used_for = fields.Selection(
        [
            ("transfer", "Transfers"),
            ("count", "Counts"),
            ("scrap", "Scrap"),
            ("production", "Production"),
        ],
        required=True,
        default="transfer",
        help="Where the causal is proposed: counts, scrap and production take the first one that "
        "fits the places; transfers take that of their document type.",
    )
    # === WHAT FOLLOWS FROM THE PLACES ===
    direction = fields.Selection(
        [("in", "In"), ("out", "Out"), ("transfer", "Transfer"), ("none", "None")],
        compute="_compute_direction",
        store=True,
    )
    effect_on_hand = fields.Char("On Hand", compute="_compute_effects")
    effect_committed = fields.Char("Committed", compute="_compute_effects")
    effect_ordered = fields.Char("Ordered", compute="_compute_effects")
    effect_incoming_other = fields.Char("Other Incoming", compute="_compute_effects")
    effect_value = fields.Char("Value of Our Stock", compute="_compute_effects")
    ownership = fields.Char(compute="_compute_effects")

    _unique_code = models.UniqueIndex(
        "(COALESCE(company_id, 0), code)", "Another stock causal has this code."
    )

    def _get_print_text(self):
        """Return the reason of transport in the language of the environment."""
        return self.print_text or self.name or ""

    # === EFFECTS ===

    @api.depends("source_usage", "destination_usage")
    def _compute_direction(self):
        for causal in self:
            causal.direction = effects.get_direction(causal.source_usage, causal.destination_usage)

    @api.depends("source_usage", "destination_usage")
    @api.depends_context("lang")
    def _compute_effects(self):
        _ = self.env._
        for causal in self:
            places = (causal.source_usage, causal.destination_usage)
            left = effects.get_source_changes(*places)
            reached = effects.get_destination_changes(*places)
            causal.effect_on_hand = {
                (False, False): _("unchanged"),
                (True, False): _("minus when done"),
                (False, True): _("plus when done"),
                (True, True): _("minus in the one, plus in the other warehouse when done"),
            }[bool(left), bool(reached)]
            planned = _("plus when planned, minus when done")
            causal.effect_committed = (
                _("plus when planned, minus when done (to customers)")
                if "committed_customer" in left
                else planned
                if "committed" in left
                else _("unchanged")
            )
            causal.effect_ordered = planned if "ordered" in reached else _("unchanged")
            causal.effect_incoming_other = (
                planned if "incoming_other" in reached else _("unchanged")
            )
            causal.effect_value = {
                -1: _("minus when done"),
                0: _("unchanged"),
                1: _("plus when done"),
            }[effects.get_value_change(*places)]
            causal.ownership = causal._describe_ownership()

    def _describe_ownership(self):
        """Say whose the goods are before and after, and who keeps them."""
        _ = self.env._
        before, after = effects.get_owners(self.source_usage, self.destination_usage)
        if before == after == "us":
            if self.destination_usage == "third_party":
                return _("ours, kept by the partner")
            if self.destination_usage == "transit":
                return _("ours, on the way")
            return _("ours throughout")
        owners = {"us": _("ours"), "customer": _("the customer's"), "vendor": _("the vendor's")}
        if before == after:
            return owners[before]
        return _("%(before)s, then %(after)s", before=owners[before], after=owners[after])

    # === CHOICE ===

    def _filter_fitting(self, source, destination):
        """Return those of these causals that are for goods moving between these locations."""
        places = (source._get_causal_usage(), destination._get_causal_usage())
        return self.filtered(lambda one: (one.source_usage, one.destination_usage) == places)

    @api.model
    def _search_fitting(self, source, destination, company, used_for=None):
        """Return all causals for goods that move between these locations, the usual one first."""
        domain = (
            Domain("source_usage", "=", source._get_causal_usage())
            & Domain("destination_usage", "=", destination._get_causal_usage())
            & Domain("company_id", "in", (False, company.id))
        )
        found = self.search(domain)
        return found.sorted(lambda one: one.used_for != used_for) if used_for else found

    def _check_places(self, source, destination, company, document, among=None):
        """Refuse this causal for goods that move between these locations, and say which fit.

        ``document`` is what to call the move; ``among`` narrows the causals to propose.
        """
        self.ensure_one()
        if self._filter_fitting(source, destination):
            return
        fitting = self._search_fitting(source, destination, company)
        if among and fitting & among:
            fitting &= among
        usages = dict(self._fields["source_usage"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(document)s moves goods from %(from_place)s to %(to_place)s, but the causal "
                "%(causal)s is for goods from '%(from_usage)s' to '%(to_usage)s'. %(advice)s",
                document=document,
                from_place=source.display_name,
                to_place=destination.display_name,
                causal=self.name,
                from_usage=usages[self.source_usage],
                to_usage=usages[self.destination_usage],
                advice=fitting._propose(),
            )
        )

    def _propose(self):
        """Return the sentence that proposes these causals instead of a wrong one."""
        if not self:
            return self.env._("No causal fits: correct the places, or make a causal for them.")
        return self.env._(
            "What fits: %(causals)s.", causals=", ".join(causal.name for causal in self)
        )

    # === CHECKS ===

    @api.constrains("reverse_causal_id", "source_usage", "destination_usage")
    def _check_reverse(self):
        for causal in self:
            reverse = causal.reverse_causal_id
            if reverse and (reverse.source_usage, reverse.destination_usage) != (
                causal.destination_usage,
                causal.source_usage,
            ):
                raise ValidationError(
                    self.env._(
                        "%(reverse)s cannot be the return of %(causal)s: it does not bring the "
                        "goods back from where they went.",
                        reverse=reverse.name,
                        causal=causal.name,
                    )
                )

    @api.constrains("returnable", "return_days", "destination_usage")
    def _check_returnable(self):
        for causal in self:
            if causal.returnable and causal.destination_usage != "third_party":
                raise ValidationError(
                    self.env._(
                        "%s: goods are awaited back only while they are ours at third parties.",
                        causal.name,
                    )
                )
            if causal.return_days < 0:
                raise ValidationError(
                    self.env._("%s: the days until the return cannot be negative.", causal.name)
                )

    def write(self, vals):
        for name in {"source_usage", "destination_usage"} & vals.keys():
            changed = self.filtered(lambda one, name=name: one[name] != vals[name])
            used = changed and self.env["stock.move"].sudo().search(
                [("causal_id", "in", changed.ids)], limit=1
            )
            if used:
                raise UserError(
                    self.env._(
                        "Goods have moved with the causal %s, so its places stay as they are. "
                        "Archive it and make a new one.",
                        used.causal_id.name,
                    )
                )
        return super().write(vals)
