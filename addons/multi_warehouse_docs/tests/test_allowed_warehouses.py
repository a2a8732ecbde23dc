from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .documents import DocumentCase


@tagged("post_install", "-at_install")
class TestAllowedWarehouses(DocumentCase):
    """A storekeeper of the main warehouse, beside a back room that is none of his business."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.main.lot_stock_id, 10)
        cls.env["stock.quant"]._update_available_quantity(cls.laptop, cls.internal.lot_stock_id, 20)
        cls.keeper = cls._user("keeper", "stock.group_stock_user", cls.main)
        cls.other = cls._user("backroom", "stock.group_stock_user", cls.internal)
        cls.seller = cls._user(
            "seller", "sales_team.group_sale_salesman_all_leads,base.group_user", cls.main
        )

    @classmethod
    def _user(cls, login, groups, warehouses):
        user = new_test_user(
            cls.env,
            login,
            f"base.group_user,{groups},multi_warehouse_docs.group_purchase_prices",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.allowed_warehouse_ids = warehouses
        return user

    def _of(self, user, model):
        return self.env[model].with_user(user)

    def _sees(self, user, record):
        found = self._of(user, record._name).search([("id", "=", record.id)])
        readable = record.with_user(user).has_access("read")
        self.assertEqual(bool(found), readable, "what is listed can be opened, and no more")
        return readable

    # === WHAT IS SEEN ===

    def test_transfers_show_to_the_warehouse_they_are_of(self):
        mine = self._sell(1)
        theirs = self._sell(1, warehouse_id=self.internal.id)
        (mine | theirs).action_confirm()
        self.assertTrue(self._sees(self.keeper, mine.picking_ids))
        self.assertFalse(self._sees(self.keeper, theirs.picking_ids))
        self.assertTrue(self._sees(self.other, theirs.picking_ids))

    def test_inter_warehouse_documents_show_to_either_end(self):
        picking = self._transfer(1, self.main, self.internal)
        self.assertTrue(self._sees(self.keeper, picking))
        self.assertTrue(self._sees(self.other, picking))
        picking.with_user(self.other).read()
        third = self.env["stock.warehouse"].create(
            {"name": "Van", "code": "VAN", "company_id": self.company.id}
        )
        self.assertFalse(self._sees(self._user("van", "stock.group_stock_user", third), picking))

    def test_a_document_on_its_way_through_transit_shows_to_where_it_goes(self):
        picking = self._through_transit(self.main, self.internal)
        self.assertTrue(self._sees(self.keeper, picking))
        self.assertTrue(self._sees(self.other, picking))

    def test_figures_are_of_the_allowed_warehouses(self):
        for model in ("stock.availability", "stock.ledger.line", "stock.turnover"):
            rows = self._of(self.keeper, model).search([("product_id", "=", self.laptop.id)])
            self.assertLessEqual(rows.warehouse_id, self.main, model)
        rows = self._of(self.keeper, "stock.availability").search(
            [("product_id", "=", self.laptop.id)]
        )
        self.assertEqual(rows.mapped("on_hand"), [10])
        self.assertEqual(self.laptop.with_user(self.keeper).qty_available, 10)

    def test_stock_is_of_the_allowed_warehouses(self):
        quants = self._of(self.keeper, "stock.quant").search([("product_id", "=", self.laptop.id)])
        self.assertEqual(quants.location_id.warehouse_id, self.main)
        hidden = self.env["stock.quant"].search(
            [("product_id", "=", self.laptop.id), ("warehouse_id", "=", self.internal.id)]
        )
        with self.assertRaises(AccessError):
            hidden.with_user(self.keeper).read(["quantity"])
        with self.assertRaises(AccessError):
            hidden.with_user(self.keeper).with_context(inventory_mode=True).inventory_quantity = 3

    def test_operations_to_choose_from_are_those_of_the_allowed_warehouses(self):
        types = self._of(self.keeper, "stock.picking.type").search([])
        self.assertEqual(types.warehouse_id, self.main)

    def _numbers(self, user):
        """The numbers that the user finds in the register."""
        user.group_ids |= self.env.ref("multi_warehouse_docs.group_multi_warehouse_docs_user")
        rows = self._of(user, "document.register").search([("company_id", "=", self.company.id)])
        return sorted(rows.mapped("document_number"))

    def test_the_register_shows_the_numbers_of_the_allowed_warehouses(self):
        mine, theirs = self._sell(1), self._sell(1, warehouse_id=self.internal.id)
        (mine | theirs).action_confirm()
        there = self._transfer(1, self.main, self.internal)
        transit = self._through_transit(self.internal, self.main)
        for picking in mine.picking_ids | theirs.picking_ids | there | transit:
            self._validate(picking)
        either = [there.document_number, transit.document_number]
        own = [mine.document_number, mine.picking_ids.document_number]
        other = [theirs.document_number, theirs.picking_ids.document_number]
        self.assertEqual(self._numbers(self.keeper), sorted(either + own))
        self.assertEqual(self._numbers(self.other), sorted(either + other))
        third = self.env["stock.warehouse"].create(
            {"name": "Van", "code": "VAN", "company_id": self.company.id}
        )
        self.assertEqual(self._numbers(self._user("van", "stock.group_stock_user", third)), [])

    def test_sellers_are_told_what_their_warehouses_have(self):
        laptop = self.laptop.with_user(self.seller)
        self.assertEqual([*laptop._get_availability()[laptop]], [self.main])
        self.seller.allowed_warehouse_ids = False
        figures = laptop._get_availability()[laptop]
        self.assertEqual([one["on_hand"] for one in figures.values()], [10, 20])

    def test_without_any_warehouse_all_are_allowed(self):
        self.keeper.allowed_warehouse_ids = False
        theirs = self._sell(1, warehouse_id=self.internal.id)
        theirs.action_confirm()
        self.assertTrue(self._sees(self.keeper, theirs.picking_ids))

    def test_who_is_kept_to_a_closed_warehouse_does_not_see_the_others(self):
        van = self.env["stock.warehouse"].create(
            {"name": "Van", "code": "VAN", "company_id": self.company.id}
        )
        driver = self._user("driver", "stock.group_stock_user", van)
        van.active = False
        theirs = self._sell(1)
        theirs.action_confirm()
        self.assertFalse(self._sees(driver, theirs.picking_ids))

    def test_a_new_order_starts_in_an_allowed_warehouse(self):
        self.seller.allowed_warehouse_ids = self.internal
        order = self._of(self.seller, "sale.order").create({"partner_id": self.customer.id})
        self.assertEqual(order.warehouse_id, self.internal)

    # === WHO DECIDES ===

    def test_users_do_not_change_their_own_warehouses(self):
        with self.assertRaises(AccessError):
            self.keeper.with_user(self.keeper).allowed_warehouse_ids = False
        with self.assertRaises(AccessError):
            self.other.with_user(self.keeper).write({"allowed_warehouse_ids": [Command.clear()]})
        self.assertEqual(self.keeper.allowed_warehouse_ids, self.main)

    # === THE ENGINE GOES ON ===

    def _through_transit(self, source, target):
        """The planned first leg of goods that go to another warehouse by way of transit."""
        target.resupply_wh_ids = source
        route = target.resupply_route_ids
        self.env["stock.rule"].run(
            [
                self.env["stock.rule"].Procurement(
                    self.laptop,
                    2,
                    self.laptop.uom_id,
                    target.lot_stock_id,
                    "resupply",
                    "resupply",
                    self.company,
                    {"route_ids": route, "warehouse_id": target},
                )
            ]
        )
        return self.env["stock.picking"].search(
            [("location_dest_id.usage", "=", "transit"), ("product_id", "=", self.laptop.id)]
        )

    def _done_by(self, user, picking):
        mine = picking.with_user(user)
        mine.action_assign()
        for move in mine.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        mine.button_validate()
        self.assertEqual(picking.state, "done")

    def test_each_end_does_its_leg_of_a_document_through_transit(self):
        first = self._through_transit(self.main, self.internal)
        self._done_by(self.keeper, first)
        second = first.move_ids.move_dest_ids.picking_id
        self.assertEqual(second.state, "assigned", "the goods are there for the other end")
        self.assertFalse(self._sees(self.keeper, second))
        self._done_by(self.other, second)
        self.assertTrue(first.document_number)
        self._assert_figures(self.laptop, self.internal, on_hand=22)

    def test_an_internal_document_is_planned_and_done_by_either_end(self):
        self._done_by(self.keeper, self._transfer(1, self.main, self.internal))
        self._done_by(self.other, self._transfer(1, self.main, self.internal))
        self._assert_figures(self.laptop, self.internal, on_hand=22)
        self._assert_figures(self.laptop, self.main, on_hand=8)

    def test_delivery_in_two_steps_is_done_step_by_step(self):
        self.main.delivery_steps = "pick_ship"
        order = self._sell(3)
        order.action_confirm()
        first = order.picking_ids
        self._done_by(self.keeper, first)
        last = order.picking_ids - first
        self._done_by(self.keeper, last)
        self.assertTrue(last.document_number)

    def test_a_receipt_in_two_steps_is_done_step_by_step(self):
        self.main.reception_steps = "two_steps"
        order = self._buy(3)
        order.button_confirm()
        receipt = order.picking_ids
        self._done_by(self.keeper, receipt)
        self._done_by(self.keeper, receipt.move_ids.move_dest_ids.picking_id)
        self._assert_figures(self.laptop, self.main, on_hand=13)

    def test_a_seller_confirms_what_another_warehouse_supplies_to_order(self):
        self.main.resupply_wh_ids = self.internal
        self.main.mto_pull_id.route_id.active = True
        product = self._product(
            "Barrel",
            route_ids=[
                Command.set((self.main.resupply_route_ids | self.main.mto_pull_id.route_id).ids)
            ],
        )
        self._stock(product, 5, self.internal)
        order = self._sell(2, product, user_id=self.seller.id)
        order.with_user(self.seller).action_confirm()
        supply = self.env["stock.picking"].search([("product_id", "=", product.id)])
        self.assertIn(self.internal, supply.picking_type_id.warehouse_id)
        order.with_user(self.seller)._action_cancel()
        self.assertEqual(set(order.picking_ids.mapped("state")), {"cancel"})

    def test_partial_transfers_and_returns_work(self):
        picking = self._transfer(4, self.main, self.internal)
        mine = picking.with_user(self.keeper)
        mine.move_ids.quantity = 3
        mine.move_ids.picked = True
        mine.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.backorder_ids.move_ids.product_uom_qty, 1)
        mine.backorder_ids.action_cancel()
        wizard = (
            self._of(self.keeper, "stock.return.picking")
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._done_by(self.keeper, back)
        self._assert_figures(self.laptop, self.main, on_hand=8)
