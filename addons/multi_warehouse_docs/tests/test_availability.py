from odoo.fields import Command
from odoo.tests import Form, tagged

from ..report.stock_availability import FIGURES
from .common import AvailabilityCase


@tagged("post_install", "-at_install")
class TestAvailability(AvailabilityCase):
    # === THE SEVEN STEPS ===

    def _purchase(self, quantity):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.main.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.laptop.id, "product_qty": quantity})
                ],
            }
        )
        order.button_confirm()
        return order

    def _sell(self, quantity):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "warehouse_id": self.main.id,
                "order_line": [
                    Command.create({"product_id": self.laptop.id, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        return order

    def _transfer(self, source, target):
        """Bring one laptop from a warehouse to the other with an internal document."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": source.int_type_id.id,
                "location_id": source.lot_stock_id.id,
                "location_dest_id": target.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.laptop.id,
                            "product_uom_qty": 1,
                            "location_id": source.lot_stock_id.id,
                            "location_dest_id": target.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        return picking

    def _validate(self, picking, quantity=None):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        action = picking.button_validate()
        if action is not True:
            Form.from_action(self.env, action).save().process()

    def _assert_step(self, ordered, on_hand, committed, internal=0.0):
        self._assert_figures(
            self.laptop,
            self.main,
            ordered=ordered,
            on_hand=on_hand,
            committed_customer=committed,
        )
        self._assert_figures(self.laptop, self.internal, on_hand=internal, committed_customer=0.0)
        self._assert_like_odoo(self.laptop, self.main | self.internal)

    def test_the_seven_steps_of_buying_selling_and_moving_laptops(self):
        self._assert_step(0, 0, 0)
        purchase = self._purchase(5)
        self._assert_step(5, 0, 0)
        self._validate(purchase.picking_ids, 3)
        self._assert_step(2, 3, 0)
        sale = self._sell(1)
        self._assert_step(2, 3, 1)
        self._validate(sale.picking_ids)
        self._assert_step(2, 2, 0)
        self._validate(self._transfer(self.main, self.internal))
        self._assert_step(2, 1, 0, internal=1)
        self._validate(self._transfer(self.internal, self.main))
        self._assert_step(2, 2, 0)
        purchase.order_line.product_qty = 4
        self._assert_step(1, 2, 0)

    def test_requests_and_quotations_do_not_count(self):
        self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [Command.create({"product_id": self.laptop.id, "product_qty": 5})],
            }
        )
        self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create({"product_id": self.laptop.id, "product_uom_qty": 2})
                ],
            }
        )
        self._assert_step(0, 0, 0)

    # === WHAT A FIGURE MEANS ===

    def test_a_planned_transfer_is_neither_sold_nor_ordered(self):
        self._stock(self.laptop, 2, self.main)
        self._transfer(self.main, self.internal)
        self._assert_figures(
            self.laptop, self.main, on_hand=2, committed=1, committed_customer=0, available=1
        )
        self._assert_figures(
            self.laptop, self.internal, ordered=0, incoming_other=1, available=0, forecast=1
        )

    def test_a_return_of_a_customer_is_expected_but_not_ordered(self):
        self._move(self.laptop, 3, self.customers, self.main.lot_stock_id)
        self._assert_figures(self.laptop, self.main, ordered=0, incoming_other=3, forecast=3)

    def test_more_promised_than_there_is_gives_a_negative_figure(self):
        self._stock(self.laptop, 1, self.main)
        self._sell(3)
        self._assert_figures(
            self.laptop, self.main, on_hand=1, committed=3, available=-2, forecast=-2
        )

    def test_picking_and_packing_steps_commit_goods_once(self):
        self.main.delivery_steps = "pick_pack_ship"
        self._stock(self.laptop, 5, self.main)
        sale = self._sell(3)
        self._assert_figures(self.laptop, self.main, on_hand=5, committed_customer=3, committed=3)
        for _step in range(2):
            self._validate(sale.picking_ids.filtered(lambda one: one.state == "assigned"))
            self._assert_figures(self.laptop, self.main, on_hand=5, committed_customer=3)
        self._validate(sale.picking_ids.filtered(lambda one: one.state == "assigned"))
        self._assert_figures(self.laptop, self.main, on_hand=2, committed_customer=0)

    def test_goods_with_third_parties_are_in_no_warehouse(self):
        outside = self.env["stock.location"].create(
            {"name": "At the printer's", "usage": "internal", "company_id": self.company.id}
        )
        self._stock(self.laptop, 5, self.main)
        self._do(self._move(self.laptop, 2, self.main.lot_stock_id, outside))
        self._assert_figures(self.laptop, self.main, on_hand=3, committed=0)
        rows = self.env["stock.availability"].search([("product_id", "=", self.laptop.id)])
        self.assertEqual(rows.warehouse_id, self.main)

    def test_a_dozen_counts_as_twelve(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._move(self.laptop, 2, self.suppliers, self.main.lot_stock_id, unit=dozen)
        self._assert_figures(self.laptop, self.main, ordered=24)

    def test_goods_that_are_not_stocked_have_no_row(self):
        flyer = self._product("Flyer", is_storable=False)
        self._move(flyer, 10, self.main.lot_stock_id, self.customers)
        self.assertFalse(self.env["stock.availability"].search([("product_id", "=", flyer.id)]))
        self._assert_figures(flyer, self.main, **dict.fromkeys(FIGURES, 0.0))

    # === READING ===

    def test_rows_keep_their_ids(self):
        self._stock(self.laptop, 5, self.main)
        row = self.env["stock.availability"].search([("product_id", "=", self.laptop.id)])
        self.assertEqual(row.id, (self.laptop.id << 12) + self.main.id)
        self._stock(self._product("Mouse"), 1, self.main)
        self.env.invalidate_all()
        self.assertEqual(row.on_hand, 5)
        self.assertEqual(row.product_id, self.laptop)

    def test_a_page_of_products_costs_one_query(self):
        products = self.laptop
        for number in range(20):
            product = self._product(f"Mouse {number}")
            self._stock(product, number + 1, self.main)
            products |= product
        warehouses = self.main | self.internal
        products._get_availability(warehouses)
        with self.assertQueryCount(1):
            found = products._get_availability(warehouses)
        self.assertEqual(
            [found[product][self.main]["on_hand"] for product in products], [*range(21)]
        )
        with self.assertQueryCount(1):
            self.assertNotIn(self.internal, products._get_availability()[products[1]])

    def test_nothing_asked_is_nothing_queried(self):
        new = self.env["product.product"].new({"name": "New"})
        with self.assertQueryCount(0):
            self.assertEqual(self.env["product.product"]._get_availability(), {})
            self.assertEqual(new._get_availability(), {new: {}})
            none = self.env["stock.warehouse"]
            self.assertEqual(self.laptop._get_availability(none), {self.laptop: {}})

    def test_the_list_can_be_grouped_filtered_and_summed(self):
        self._stock(self.laptop, 5, self.main)
        self._stock(self.laptop, 2, self.internal)
        self._sell(6)
        mine = [("product_id", "=", self.laptop.id)]
        Availability = self.env["stock.availability"]
        kinds = Availability._read_group(mine, ["warehouse_kind"], ["on_hand:sum"])
        self.assertEqual(dict(kinds), {"main": 5.0, "internal": 2.0})
        short = Availability.search([*mine, ("available", "<", 0)])
        self.assertEqual(short.warehouse_id, self.main)

    def test_the_planned_moves_of_a_row_explain_it(self):
        self._stock(self.laptop, 5, self.main)
        sale, purchase = self._sell(2), self._purchase(4)
        transfer = self._transfer(self.main, self.internal)
        self._move(self.laptop, 1, self.main.lot_stock_id, self.main.wh_pack_stock_loc_id)
        row = self.env["stock.availability"].search(
            [("product_id", "=", self.laptop.id), ("warehouse_id", "=", self.main.id)]
        )
        moves = self.env["stock.move"].search(row.action_view_open_moves()["domain"])
        self.assertEqual(moves, (sale.picking_ids | purchase.picking_ids | transfer).move_ids)

    def test_open_moves_have_an_index_of_their_own(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'stock_move_open_by_place_idx'"
        )
        [(definition,)] = self.env.cr.fetchall()
        self.assertIn("INCLUDE (location_final_id, product_qty)", definition)
