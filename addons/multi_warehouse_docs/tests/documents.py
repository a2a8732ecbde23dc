"""A company with document types, partners and goods, for the tests of documents."""

from odoo.fields import Command

from .common import AvailabilityCase


class DocumentCase(AvailabilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Vineyard"})
        cls.customer = cls.env["res.partner"].create({"name": "Restaurant"})

    def _type(self, kind, company=None):
        """The type that new documents of the kind get."""
        return self.env["document.type"]._get_default(kind, company or self.company)

    def _sell(self, quantity, product=None, **values):
        """A quotation for the customer."""
        product = product or self.laptop
        line = {"product_id": product.id, "product_uom_qty": quantity, "price_unit": 10}
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.main.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    def _buy(self, quantity, product=None, **values):
        """A request for quotation to the vendor."""
        product = product or self.laptop
        line = {"product_id": product.id, "product_qty": quantity, "price_unit": 5}
        return self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "picking_type_id": self.main.in_type_id.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    def _transfer(self, quantity, source, target, product=None, **values):
        """A planned internal transfer between two warehouses."""
        product = product or self.laptop
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "location_id": source.lot_stock_id.id,
            "location_dest_id": target.lot_stock_id.id,
        }
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": source.int_type_id.id,
                "location_id": source.lot_stock_id.id,
                "location_dest_id": target.lot_stock_id.id,
                "move_ids": [Command.create(move)],
                **values,
            }
        )
        picking.action_confirm()
        return picking

    def _validate(self, picking, quantity=None):
        """Validate a transfer; what is not done goes to a backorder, which is returned."""
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return self.env["stock.picking"].search([("backorder_id", "=", picking.id)])

    def _return(self, picking, quantity):
        """The planned return of that many of each product of a done transfer."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = quantity
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
