from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "document.scan"]

    def _get_scanned_products(self):
        return self.move_ids.product_id

    def _take_goods(self, goods):
        if self.state in ("done", "cancel"):
            raise UserError(
                self.env._("%s is closed: its goods do not change any more.", self.display_name)
            )
        if goods.product.type == "service":
            raise UserError(
                self.env._("%s is a service: it has no goods to move.", goods.product.display_name)
            )
        if self.state == "draft":
            move = self._plan_goods(goods)
            return self._say_count(goods, move.product_uom_qty, move.product_uom)
        move = self._count_goods(goods)
        return self._say_count(goods, move.quantity, move.product_uom)

    def _plan_goods(self, goods):
        """A draft says what is to move: its demand counts."""
        move = self.move_ids.filtered(lambda one: one.product_id == goods.product)[-1:]
        if not move:
            return self._add_move(goods, goods.quantity)
        move.product_uom_qty += goods.product.uom_id._compute_quantity(
            goods.quantity, move.product_uom
        )
        return move

    def _count_goods(self, goods):
        """Count what lies there; what was only reserved so far starts at zero."""
        moves = self.move_ids.filtered(
            lambda one: one.product_id == goods.product and one.state not in ("done", "cancel")
        )
        waiting = moves.filtered(
            lambda one: (
                not one.picked or one.product_uom.compare(one.quantity, one.product_uom_qty) < 0
            )
        )
        move = waiting[:1] or moves[-1:]
        if not move:
            move = self._add_move(goods, 0.0)
            move._action_confirm(merge=False)
        counted = move.quantity if move.picked else 0.0
        added = goods.product.uom_id._compute_quantity(goods.quantity, move.product_uom)
        if goods.lot:
            self._count_lot(move, goods, fresh=not move.picked)
        else:
            move.quantity = counted + added
        move.picked = True
        return move

    def _count_lot(self, move, goods, fresh):
        if fresh:
            move.move_line_ids.filtered(lambda line: line.lot_id != goods.lot).unlink()
            move.move_line_ids.quantity = 0.0
        line = move.move_line_ids.filtered(lambda one: one.lot_id == goods.lot)[:1]
        single = goods.product.tracking == "serial"
        if line and single and float_compare(line.quantity, 0.0, precision_digits=6) > 0:
            raise UserError(
                self.env._("%s was scanned already: there is only one.", goods.lot.display_name)
            )
        if line:
            line.quantity += goods.quantity
        else:
            values = move._prepare_move_line_vals(quantity=0)
            line.create({**values, "lot_id": goods.lot.id, "quantity": goods.quantity})

    def _add_move(self, goods, quantity):
        return self.env["stock.move"].create(
            {
                "picking_id": self.id,
                "product_id": goods.product.id,
                "product_uom": goods.product.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": self.location_id.id,
                "location_dest_id": self.location_dest_id.id,
                "company_id": self.company_id.id,
                "additional": self.state != "draft",
            }
        )


class StockQuant(models.Model):
    _name = "stock.quant"
    _inherit = ["stock.quant", "document.scan"]

    def _can_take_goods(self):
        return self._is_inventory_mode()

    def _take_goods(self, goods):
        """Count the goods where they lie in the user's warehouse."""
        quant = self._find_counted(goods)
        counted = quant.inventory_quantity if quant.inventory_quantity_set else 0.0
        quant.write(
            {
                "inventory_quantity": counted + goods.quantity,
                "inventory_quantity_set": True,
                "user_id": self.env.uid,
            }
        )
        return self._say_count(goods, quant.inventory_quantity, quant.product_uom_id)

    @api.model
    def _find_counted(self, goods):
        if goods.product.tracking != "none" and not goods.lot:
            raise UserError(
                self.env._(
                    "%s is counted by lot or serial number: scan that.",
                    goods.product.display_name,
                )
            )
        if not goods.product.is_storable:
            raise UserError(self.env._("%s has no stock to count.", goods.product.display_name))
        place = self._get_counted_place()
        quants = self.search(
            [
                ("product_id", "=", goods.product.id),
                ("lot_id", "=", goods.lot.id),
                ("location_id", "child_of", place.id),
            ]
        )
        begun = quants.filtered("inventory_quantity_set")
        own = quants.filtered(lambda one: one.location_id == place)
        found = (begun or own or quants)[:1]
        return found or self.create(
            {
                "product_id": goods.product.id,
                "lot_id": goods.lot.id,
                "location_id": place.id,
                "inventory_quantity": 0.0,
            }
        )

    def _get_counted_place(self):
        """Return the place of the screen, else the stock of the user's usual warehouse."""
        chosen = self.env.context.get("default_location_id")
        if chosen:
            return self.env["stock.location"].browse(chosen)
        warehouse = self.env.user.with_company(self.env.company)._get_default_warehouse_id()
        if not warehouse:
            warehouse = warehouse.search([("company_id", "=", self.env.company.id)], limit=1)
        return warehouse.lot_stock_id
