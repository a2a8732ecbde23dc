from odoo import models
from odoo.tools import SQL


class ShopJob(models.Model):
    _inherit = "shop.job"

    def _widen_marks(self, kind, ids):
        """Stock that changed concerns the kits made of it, and all that shares their components."""
        ids = super()._widen_marks(kind, ids)
        return ids | self._sharing_components(ids) if kind == "stock" else ids

    def _sharing_components(self, ids):
        """Ids of the components of these products, and of all kits made of any of them.

        In one query for a transaction. Variants left out of a bill and companies are not looked
        at: a mark too many costs a comparison, one too few sells what is not there.
        """
        self.env["mrp.bom"].flush_model(["type", "active", "product_id", "product_tmpl_id"])
        self.env["mrp.bom.line"].flush_model(["bom_id", "product_id"])
        self.env["product.product"].flush_model(["product_tmpl_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE part AS (
                    SELECT kit.id AS kit_id, line.product_id AS component_id
                      FROM mrp_bom bom
                      JOIN mrp_bom_line line ON line.bom_id = bom.id
                      JOIN product_product kit
                        ON kit.product_tmpl_id = bom.product_tmpl_id
                       AND (bom.product_id IS NULL OR bom.product_id = kit.id)
                     WHERE bom.type = 'phantom' AND bom.active
                ), down (id) AS (
                    SELECT unnest(%(ids)s)
                     UNION
                    SELECT part.component_id FROM part JOIN down ON down.id = part.kit_id
                ), up (id) AS (
                    SELECT id FROM down
                     UNION
                    SELECT part.kit_id FROM part JOIN up ON up.id = part.component_id
                )
                SELECT id FROM up
                """,
                ids=list(ids),
            )
        )
        return {product_id for (product_id,) in rows}
