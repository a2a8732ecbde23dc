from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    causal_id = fields.Many2one(
        "stock.causal",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Why the goods moved: kept from the document, the scrap or the count.",
    )

    third_party_move_id = fields.Many2one(
        "stock.move",
        "Goods Sent With",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The move that brought the goods to the third party who buys them now.",
    )

    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "third_party_move_id"]

    def _action_done(self, cancel_backorder=False):
        done = super()._action_done(cancel_backorder=cancel_backorder)
        done.filtered(lambda move: move.state == "done" and not move.causal_id)._keep_causal()
        return done

    def _keep_causal(self):
        """Write on each finished move why it moved; steps within a warehouse have no reason."""
        for causal, moves in self.grouped(lambda move: move._get_causal()).items():
            if causal:
                moves.causal_id = causal

    def _get_causal(self):
        if self.scrap_id:
            return self.scrap_id.causal_id
        if self.picking_id:
            return self.picking_id.causal_id
        if "production" in (self.location_id.usage, self.location_dest_id.usage):
            return self.causal_id._search_fitting(
                self.location_id, self.location_dest_id, self.company_id, "production"
            )[:1]
        return self.causal_id
