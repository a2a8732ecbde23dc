from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# When one of these changes, type, causal and places are brought to agree again.
PLACES = {"location_id", "location_dest_id"}
DECISIVE = PLACES | {"causal_id", "document_type_id", "picking_type_id", "partner_id"}


class StockPicking(models.Model):
    """The causal says why the goods of a transfer move; it and the places must agree.

    Places follow a causal that somebody chose where only it can know them: goods go to the place
    where the partner keeps our goods, and come from there. Else the causal follows the places.
    """

    _inherit = "stock.picking"

    causal_id = fields.Many2one(
        "stock.causal",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Why the goods move. The document says it, and it must suit the places.",
    )
    allowed_causal_ids = fields.Many2many("stock.causal", compute="_compute_allowed_causal_ids")

    @api.depends("document_type_id", "company_id")
    def _compute_allowed_causal_ids(self):
        for picking in self:
            allowed = picking._get_type_causals()
            picking.allowed_causal_ids = allowed or picking.allowed_causal_ids.search(
                [
                    ("company_id", "in", (False, picking.company_id.id)),
                    ("used_for", "=", "transfer"),
                ]
            )

    def _get_type_causals(self):
        """Return the causals that the document type allows, its usual one first; empty = any."""
        return self.document_type_id.causal_id | self.document_type_id.causal_ids

    # === AGREEMENT OF TYPE, CAUSAL AND PLACES ===

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        for picking, vals in zip(pickings, vals_list, strict=True):
            picking._settle_causal(vals)
        return pickings

    def write(self, vals):
        result = super().write(vals)
        if DECISIVE & vals.keys():
            for picking in self:
                picking._settle_causal(vals)
        return result

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        backorder.causal_id = self.causal_id
        return backorder

    def _get_bound_fields(self):
        return super()._get_bound_fields() | {"causal_id"}

    @api.onchange("picking_type_id")
    def _onchange_operation_of_document(self):
        self._set_document_type()

    @api.onchange("location_id", "location_dest_id")
    def _onchange_places_of_document(self):
        self._set_document_type(keep=True)

    @api.onchange("document_type_id", "partner_id")
    def _onchange_document_type_causal(self):
        self.causal_id = self._find_causal(free=True)

    def _settle_causal(self, vals):
        """Make the causal and the places agree after these values were written."""
        if self.state in ("done", "cancel") or self.document_number:
            return
        chosen = vals.get("causal_id") and self.causal_id
        if chosen:
            self._check_causal_allowed()
        elif "causal_id" not in vals or "document_type_id" in vals:
            free = bool(vals.get("document_type_id")) or not PLACES & vals.keys()
            super().write({"causal_id": self._find_causal(free).id})  # pylint: disable=super-method-mismatch
        self._place_goods()
        if chosen and not self._waits_for_partner():
            self._check_causal_places()

    def _find_causal(self, free):
        """Return the causal for the places; with ``free`` places may also follow the causal."""
        allowed = self._get_type_causals()
        places = (self.location_id, self.location_dest_id)
        if not self.document_type_id:
            kept = self.causal_id._filter_fitting(*places)
            if kept or self.location_id._get_causal_usage() != "third_party":
                return kept
            return kept._search_fitting(*places, self.company_id, "transfer")[:1]
        fitting = allowed._filter_fitting(*places)
        possible = fitting | allowed.filtered(self._can_follow) if free else fitting
        if self.causal_id in possible:
            return self.causal_id
        partner = self.partner_id.commercial_partner_id.with_company(self.company_id)
        wanted = (self.return_id.causal_id.reverse_causal_id, partner.delivery_causal_id)
        for causal in wanted:
            if causal and causal in fitting:
                return causal
        return fitting[:1] or possible[:1]

    def _can_follow(self, causal):
        """Whether the places of this transfer could be changed to what the causal says."""
        source = self.location_id._get_causal_usage()
        destination = self.location_dest_id._get_causal_usage()
        if causal.destination_usage == "third_party":
            return source == causal.source_usage
        if causal.source_usage == "third_party":
            return destination == causal.destination_usage
        return destination == "third_party" and (
            (source, "customer") == (causal.source_usage, causal.destination_usage)
        )

    def _place_goods(self):
        """Let goods go to, or come from, where the partner keeps ours, if the causal says so.

        Without a partner nothing changes yet; the check before validation asks for one.
        """
        causal, partner = self.causal_id, self.partner_id
        places = {}
        if not causal or not partner or not self._can_follow(causal):
            return
        if causal.destination_usage == "third_party":
            places["location_dest_id"] = partner._get_third_party_location(self.company_id)
        elif causal.source_usage == "third_party":
            found = partner._find_third_party_location(self.company_id)
            places["location_id"] = found or self.location_id
        elif causal.destination_usage == "customer":
            customers = partner.with_company(self.company_id).property_stock_customer
            places["location_dest_id"] = customers
        places = {name: place.id for name, place in places.items() if place != self[name]}
        if places:
            self._refuse_order_without_sale(causal)
            # the moves follow; planned ones had been told where their goods end
            self.move_ids.location_final_id = False
            self.write({**places, "document_type_id": self.document_type_id.id})

    def _refuse_order_without_sale(self, causal):
        if causal.destination_usage == "third_party" and self.move_ids.rule_id:
            raise UserError(
                self.env._(
                    "%(picking)s delivers %(origin)s, and goods that are sold cannot stay ours. "
                    "Enter a delivery of its own for the causal %(causal)s.",
                    picking=self.display_name,
                    origin=self.origin or "",
                    causal=causal.name,
                )
            )

    def _waits_for_partner(self):
        return not self.partner_id and "third_party" in (
            self.causal_id.source_usage,
            self.causal_id.destination_usage,
        )

    # === TYPE ===

    def _find_document_type(self):
        usages = {self.location_id._get_causal_usage(), self.location_dest_id._get_causal_usage()}
        if "third_party" not in usages or self.undoes_id:
            return super()._find_document_type()
        kept = self.document_type_id
        if self._get_type_causals()._filter_fitting(self.location_id, self.location_dest_id):
            return kept
        if self.location_dest_id.usage == "customer":
            return kept.browse()  # nothing travels: what was sold is there already
        returns = self.return_id.document_type_id.return_type_id
        return returns or self._search_type_by_places()

    def _can_keep_document_type(self, found):
        allowed = self._get_type_causals()
        suits = not allowed or allowed._filter_fitting(self.location_id, self.location_dest_id)
        return bool(suits) and super()._can_keep_document_type(found)

    def _search_type_by_places(self):
        """Return the first type of the company whose usual causal fits the places, or none."""
        causals = self.causal_id._search_fitting(
            self.location_id, self.location_dest_id, self.company_id
        )
        # who ships need not be allowed to see the set-up
        types = self.env["document.type"].sudo()
        domain = Domain("company_id", "=", self.company_id.id) & Domain(
            "causal_id", "in", causals.ids
        )
        return types.search(domain, limit=1).sudo(False)

    # === CHECKS ===

    @api.constrains("causal_id")
    def _check_causal_company(self):
        self._check_company(["causal_id"])

    def action_confirm(self):
        # Where the engine plans for an order, nobody could answer; it is checked when done.
        self.filtered(lambda one: one.state == "draft" and not one.move_ids.rule_id)._check_causal()
        return super().action_confirm()

    def _action_done(self):
        self._check_causal()
        return super()._action_done()

    def _check_causal(self):
        """Refuse what contradicts the causal: places, kind of partner, none where one is due."""
        for picking in self:
            causal = picking.causal_id
            if causal:
                picking._check_causal_partner()
                picking._check_causal_places()
            elif picking.document_type_id.causal_id:
                allowed = picking._get_type_causals()
                allowed[:1]._check_places(
                    picking.location_id,
                    picking.location_dest_id,
                    picking.company_id,
                    picking.display_name,
                )
                raise UserError(
                    self.env._(
                        "%(picking)s is a document of the type %(type)s, which says why the goods "
                        "move: choose a causal. %(advice)s",
                        picking=picking.display_name,
                        type=picking.document_type_id.name,
                        advice=allowed._propose(),
                    )
                )

    def _check_causal_places(self):
        self.causal_id._check_places(
            self.location_id,
            self.location_dest_id,
            self.company_id,
            self.display_name,
            among=self._get_type_causals(),
        )

    def _check_causal_allowed(self):
        allowed = self._get_type_causals()
        if allowed and self.causal_id not in allowed:
            raise UserError(
                self.env._(
                    "Documents of the type %(type)s do not have the causal %(causal)s. %(advice)s",
                    type=self.document_type_id.name,
                    causal=self.causal_id.name,
                    advice=allowed._propose(),
                )
            )

    def _check_causal_partner(self):
        """Refuse a partner whom the causal is not for.

        Transfers planned for an order are trusted: the order has the right partner, and a step of
        a chain may have none.
        """
        causal, partner = self.causal_id, self.partner_id.commercial_partner_id
        if self.move_ids.rule_id:
            return
        values = {
            "picking": self.display_name,
            "causal": causal.name,
            "partner": partner.display_name,
        }
        # the partner of a company is no secret
        ours = self.env["res.company"].sudo().search([("partner_id", "=", partner.id)])
        if causal.partner_kind == "none":
            if partner and not ours:
                raise UserError(
                    self.env._(
                        "%(picking)s has the causal %(causal)s, which is for moves among "
                        "ourselves, but %(partner)s is somebody else. Remove the contact or "
                        "choose another causal.",
                        **values,
                    )
                )
            return
        if not partner:
            raise UserError(
                self.env._(
                    "%(picking)s has the causal %(causal)s: enter the contact whom the goods go "
                    "to or come from.",
                    **values,
                )
            )
        if ours == self.company_id:
            raise UserError(
                self.env._(
                    "%(picking)s has the causal %(causal)s, but its contact is our own company. "
                    "Enter the other party, or choose a causal for moves among ourselves.",
                    **values,
                )
            )
        self._check_partner_kind(partner, values)

    def _check_partner_kind(self, partner, values):
        ranks = {"customer": partner.customer_rank, "vendor": partner.supplier_rank}
        wanted = ranks.pop(self.causal_id.partner_kind, None)
        if wanted == 0 and any(ranks.values()):
            kinds = dict(self.causal_id._fields["partner_kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(picking)s has the causal %(causal)s, which is for '%(kind)s', and "
                    "%(partner)s is not one so far. Choose another causal, or let the causal be "
                    "for both.",
                    kind=kinds[self.causal_id.partner_kind],
                    **values,
                )
            )
