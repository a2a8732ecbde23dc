"""What the customer may know of an order: its public stage, on a page opened by a token."""

import secrets

from odoo import api, fields, models

TOKEN_BYTES = 24


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # a key of its own: that of the portal shows prices and addresses, and lets sign and pay
    tracking_token = fields.Char(copy=False, readonly=True, groups="base.group_user")
    public_stage_name = fields.Char("Stage for the Customer", compute="_compute_public_stage_name")
    tracking_refs = fields.Char("Tracking Numbers", compute="_compute_tracking_refs")

    _tracking_token_uniq = models.UniqueIndex(
        "(tracking_token) WHERE tracking_token IS NOT NULL", "Tracking keys are unique."
    )

    @api.depends_context("lang")
    @api.depends("stage_id.public_name", "stage_id.sequence")
    def _compute_public_stage_name(self):
        for order in self:
            current = [step["name"] for step in order._get_tracking_steps() if step["is_current"]]
            order.public_stage_name = current[0] if current else False

    @api.depends("picking_ids.carrier_tracking_ref", "picking_ids.state")
    def _compute_tracking_refs(self):
        for order in self:
            order.tracking_refs = ", ".join(
                picking.carrier_tracking_ref for picking in order._get_parcels()
            )

    def _get_parcels(self):
        """The deliveries of this order that have left and can be followed at their carrier."""
        # the customer has no access to deliveries; the caller takes names and numbers only
        return self.sudo().picking_ids.filtered(
            lambda picking: (
                picking.state == "done"
                and picking.picking_type_code == "outgoing"
                and picking.carrier_tracking_ref
            )
        )

    def _get_tracking_url(self):
        """Address of the page on which anybody who has it sees where the order is."""
        return self.get_base_url() + self._get_tracking_path()

    def _get_tracking_path(self):
        self.ensure_one()
        # the key is made for whoever sends it first, who need not be allowed to edit the order
        order = self.sudo()
        if not order.tracking_token:
            order.tracking_token = secrets.token_urlsafe(TOKEN_BYTES)
        return f"/track/{order.tracking_token}"

    def action_open_tracking(self):
        """Open the page that the customer sees."""
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self._get_tracking_url(), "target": "new"}

    def _get_tracking_steps(self):
        """The public stages in order: ``{"name", "is_current", "is_past"}``.

        Stages of the same public name are one step, those without belong to the step before.
        """
        self.ensure_one()
        # stages are read by employees; their public names are for everybody
        order = self.sudo()
        ranked = self.env["retail.order.stage"]._get_ranked(order.company_id.id)
        stages = self.env["retail.order.stage"].sudo().browse([row[0] for row in ranked])
        stages |= order.stage_id
        is_cancelled = order.stage_category == "cancelled"
        names, current = [], None
        for stage in stages.sorted(lambda one: (one.sequence, one.id)):
            if (stage.category == "cancelled") != is_cancelled:
                continue
            if stage.public_name and stage.public_name not in names:
                names.append(stage.public_name)
            if stage == order.stage_id:
                current = names.index(stage.public_name) if stage.public_name else len(names) - 1
        return [
            {
                "name": name,
                "is_current": position == current,
                "is_past": current is not None and position < current,
            }
            for position, name in enumerate(names)
        ]
