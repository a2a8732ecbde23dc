from lxml import etree

from odoo import fields
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.l10n_it_edi.tests.common import TestItEdi
from odoo.addons.multi_warehouse_docs_l10n_it.hooks import post_init_hook


@tagged("post_install_l10n", "post_install", "-at_install")
@freeze_time("2026-12-05 10:00:00")
class TestDdt(TestItEdi):
    """An Italian cellar that delivers, and invoices the month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref(
            "multi_warehouse_docs.group_multi_warehouse_docs_manager"
        ) | cls.env.ref("sales_team.group_sale_manager")
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.outgoing = cls.warehouse.out_type_id
        cls.wine, cls.oil = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "invoice_policy": "delivery",
                    "taxes_id": [Command.set(cls.default_tax.ids)],
                }
                for name in ("Wine", "Oil")
            ]
        )
        for product in (cls.wine, cls.oil):
            cls.env["stock.quant"]._update_available_quantity(
                product, cls.warehouse.lot_stock_id, 100
            )
        cls.series = cls.outgoing.document_type_id.series_ids

    def _deliver(self, *lines, date=None, partner=None, **values):
        """The order and the validated delivery of (product, quantity)."""
        order = self.env["sale.order"].create(
            {
                "partner_id": (partner or self.italian_partner_a).id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity, "price_unit": 10}
                    )
                    for product, quantity in lines
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.write({"document_date": date, **values})
        self._validate(picking)
        return order, picking

    def _validate(self, picking, quantity=None):
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return picking

    def _invoice(self, orders, date):
        invoice = orders._create_invoices()
        invoice.invoice_date = date
        invoice.action_post()
        return invoice

    def _read(self, invoice):
        """(document type, [(number, date, line numbers)]) of the electronic invoice."""
        tree = etree.fromstring(invoice._l10n_it_edi_render_xml())
        notes = [
            (
                note.findtext("NumeroDDT"),
                note.findtext("DataDDT"),
                [one.text for one in note.findall("RiferimentoNumeroLinea")],
            )
            for note in tree.iter("DatiDDT")
        ]
        return tree.findtext(".//TipoDocumento"), notes

    def _next_of_odoo(self, operation=None):
        self.env.invalidate_all()  # the counter is raised without the ORM
        return (operation or self.outgoing).l10n_it_ddt_sequence_id.number_next_actual

    # === ONE NUMBER ===

    def test_a_ddt_has_the_number_of_its_series_and_no_other(self):
        before = self._next_of_odoo()
        _order, picking = self._deliver((self.wine, 1))
        self.assertTrue(picking.document_number)
        self.assertEqual(picking.series_id, self.series)
        self.assertEqual(picking.l10n_it_ddt_number, picking.document_number)
        self.assertEqual(self._next_of_odoo(), before)

    def test_operations_without_document_type_keep_the_number_of_odoo(self):
        self.outgoing.document_type_id = False
        before = self._next_of_odoo()
        _order, picking = self._deliver((self.wine, 1))
        self.assertFalse(picking.document_number)
        self.assertIn("/DDT", picking.l10n_it_ddt_number)
        self.assertEqual(self._next_of_odoo(), before + 1)

    def test_a_type_without_series_leaves_the_number_to_odoo(self):
        self.outgoing.document_type_id.series_ids = False
        _order, picking = self._deliver((self.wine, 1))
        self.assertIn("/DDT", picking.l10n_it_ddt_number)

    def test_a_batch_of_both_kinds_gets_each_its_own_number(self):
        orders = self.env["sale.order"]
        for _each in range(2):
            orders |= self._deliver((self.wine, 1))[0].copy()
        orders.action_confirm()
        ours, theirs = orders.picking_ids
        theirs.document_type_id = False
        before = self._next_of_odoo()
        for move in orders.picking_ids.move_ids:
            move.picked = True
        self.assertTrue(orders.picking_ids._action_done(), "Odoo's module forgot the result")
        self.assertEqual(ours.l10n_it_ddt_number, ours.document_number)
        self.assertIn("/DDT", theirs.l10n_it_ddt_number)
        self.assertEqual(self._next_of_odoo(), before + 1)

    def test_backorder_and_copy_start_without_a_number(self):
        order = self._deliver((self.wine, 5))[0].copy()
        order.action_confirm()
        first = self._validate(order.picking_ids, 2)
        rest = order.picking_ids - first
        self.assertFalse(rest.l10n_it_ddt_number)
        self.assertFalse(first.copy().l10n_it_ddt_number)
        self._validate(rest)
        self.assertEqual(rest.l10n_it_ddt_number, rest.document_number)
        self.assertNotEqual(rest.l10n_it_ddt_number, first.l10n_it_ddt_number)

    def test_goods_in_transit_to_another_warehouse_draw_no_number_of_a_customer(self):
        before = self._next_of_odoo()
        transit = self.company.internal_transit_location_id
        transit.active = True
        for document_type, numbered in ((True, True), (False, False)):
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": self.outgoing.id,
                    "location_id": self.warehouse.lot_stock_id.id,
                    "location_dest_id": transit.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.wine.id,
                                "product_uom_qty": 1,
                                "location_id": self.warehouse.lot_stock_id.id,
                                "location_dest_id": transit.id,
                            }
                        )
                    ],
                }
            )
            if document_type:
                self.assertEqual(picking.document_type_id.kind, "internal")
            else:
                picking.document_type_id = False
            picking.action_confirm()
            self._validate(picking)
            self.assertEqual(bool(picking.document_number), numbered)
            self.assertEqual(picking.l10n_it_ddt_number, picking.document_number)
            self.assertNotEqual(picking.series_id, self.series)
        self.assertEqual(self._next_of_odoo(), before)

    def test_a_receipt_has_a_number_in_our_books_but_is_no_ddt_of_ours(self):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.italian_partner_b.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.wine.id, "product_qty": 1, "price_unit": 5})
                ],
            }
        )
        order.button_confirm()
        picking = self._validate(order.picking_ids)
        self.assertTrue(picking.document_number)
        self.assertFalse(picking.l10n_it_ddt_number)

    def test_numbers_of_before_stay_and_ours_are_shown_from_the_installation_on(self):
        _order, old = self._deliver((self.wine, 1))
        _order, ours = self._deliver((self.wine, 1))
        old.l10n_it_ddt_number = "WH/OUT/DDT00007"
        ours.l10n_it_ddt_number = False
        post_init_hook(self.env)
        self.assertEqual(old.l10n_it_ddt_number, "WH/OUT/DDT00007")
        self.assertEqual(ours.l10n_it_ddt_number, ours.document_number)

    def test_an_operation_changes_its_code_and_warehouse_at_once(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Shop", "code": "NEG", "company_id": self.company.id}
        )
        operation = self.outgoing.copy({"sequence_code": "OUT2"})
        operation.write({"sequence_code": "USC", "warehouse_id": other.id})
        self.assertEqual(operation.warehouse_id, other)
        self.assertEqual(operation.sequence_code, "USC")
        self.assertEqual(operation.l10n_it_ddt_sequence_id.prefix, "NEG/USC/DDT")

    # === ONE PAPER ===

    def test_only_transfers_that_odoo_numbers_offer_its_print(self):
        _order, picking = self._deliver((self.wine, 1))
        self.assertFalse(picking.l10n_it_show_print_ddt_button)
        self.outgoing.document_type_id = False
        _order, picking = self._deliver((self.wine, 1))
        self.assertTrue(picking.l10n_it_show_print_ddt_button)

    def test_forms_hide_what_the_document_says_itself(self):
        form = self.env["stock.picking"].get_view(
            self.env.ref("stock.view_picking_form").id, "form"
        )
        (group,) = etree.fromstring(form["arch"]).xpath(
            "//field[@name='l10n_it_ddt_number']/parent::group"
        )
        self.assertIn("document_type_id", group.get("invisible"))
        self.assertIn("country_code != 'IT'", group.get("invisible"))
        form = self.env["account.move"].get_view(self.env.ref("account.view_move_form").id, "form")
        (button,) = etree.fromstring(form["arch"]).xpath("//button[@name='get_linked_ddts']")
        self.assertIn("delivery_note_count", button.get("invisible"))

    # === THE ELECTRONIC INVOICE ===

    def test_the_deferred_invoice_names_its_ddts_with_our_numbers_and_dates(self):
        first_order, first = self._deliver((self.wine, 2), (self.oil, 1), date="2026-11-03")
        second_order, second = self._deliver((self.wine, 1), date="2026-11-18")
        invoice = self._invoice(first_order | second_order, "2026-11-30")
        kind, notes = self._read(invoice)
        self.assertEqual(kind, "TD24")
        self.assertEqual(
            [(number, date) for number, date, _lines in notes],
            [(first.document_number, "2026-11-03"), (second.document_number, "2026-11-18")],
        )
        self.assertEqual(invoice.l10n_it_ddt_ids, first | second)
        goods = self._goods_of_lines(invoice)
        named = [[goods[number] for number in lines] for _number, _date, lines in notes]
        self.assertEqual(named, [[("Wine", "2.00"), ("Oil", "1.00")], [("Wine", "1.00")]])

    def _goods_of_lines(self, invoice):
        """{line number: (product, quantity)} of the electronic invoice."""
        tree = etree.fromstring(invoice._l10n_it_edi_render_xml())
        return {
            line.findtext("NumeroLinea"): (
                line.findtext("Descrizione").split()[0],
                line.findtext("Quantita"),
            )
            for line in tree.iter("DettaglioLinee")
        }

    def test_an_invoice_of_the_same_day_is_a_direct_one(self):
        order, picking = self._deliver((self.wine, 2), date="2026-11-18")
        kind, notes = self._read(self._invoice(order, "2026-11-18"))
        self.assertEqual(kind, "TD01")
        self.assertEqual(notes, [(picking.document_number, "2026-11-18", [])])

    def test_each_of_two_invoices_of_an_order_names_only_the_goods_it_covers(self):
        order = self._deliver((self.wine, 5), date="2026-11-02")[0].copy()
        order.action_confirm()
        first = order.picking_ids
        first.document_date = "2026-11-04"
        self._validate(first, 2)
        first_invoice = self._invoice(order, "2026-11-30")
        second = order.picking_ids - first
        second.document_date = "2026-12-02"
        self._validate(second)
        second_invoice = self._invoice(order, "2026-12-31")
        self.assertEqual(self._read(first_invoice)[1], [(first.document_number, "2026-11-04", [])])
        self.assertEqual(
            self._read(second_invoice)[1], [(second.document_number, "2026-12-02", [])]
        )

    def test_goods_paid_in_advance_make_no_deferred_invoice(self):
        self.wine.invoice_policy = "order"
        order = self._deliver((self.wine, 5), date="2026-11-01")[0].copy()
        order.action_confirm()
        invoice = self._invoice(order, "2026-11-03")
        order.picking_ids.document_date = "2026-11-10"
        self._validate(order.picking_ids)
        self.assertTrue(order.picking_ids.l10n_it_ddt_number)
        self.assertEqual(self._read(invoice), ("TD01", []))
        self.assertFalse(invoice.l10n_it_ddt_ids)

    def test_the_month_is_invoiced_from_the_delivery_notes(self):
        _order, first = self._deliver((self.wine, 2), date="2026-11-03")
        _order, second = self._deliver((self.oil, 4), date="2026-11-18")
        action = (first | second).action_invoice()
        invoice = self.env["account.move"].browse(action["res_id"])
        invoice.invoice_date = fields.Date.to_date("2026-11-30")
        invoice.action_post()
        kind, notes = self._read(invoice)
        self.assertEqual(kind, "TD24")
        goods = self._goods_of_lines(invoice)
        found = {number: [goods[one] for one in lines] for number, _date, lines in notes}
        self.assertEqual(
            found,
            {
                first.document_number: [("Wine", "2.00")],
                second.document_number: [("Oil", "4.00")],
            },
        )

    def test_goods_kept_by_the_customer_are_named_by_the_ddt_that_brought_them(self):
        approval = self.env["document.type"].search(
            [("code", "=", "DDTV"), ("company_id", "=", self.company.id)]
        )
        sent = self.env["stock.picking"].create(
            {
                "picking_type_id": self.outgoing.id,
                "partner_id": self.italian_partner_a.id,
                "document_type_id": approval.id,
                "document_date": "2026-11-03",
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 5,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": self.outgoing.default_location_dest_id.id,
                        }
                    )
                ],
            }
        )
        sent.action_confirm()
        self._validate(sent)
        rows = self.env["stock.goods.out"].search([("picking_id", "=", sent.id)])
        order = self.env["sale.order"].browse(rows.action_sell()["res_id"])
        order.action_confirm()
        before = self._next_of_odoo()
        kept = self._validate(order.picking_ids)
        self.assertTrue(kept._is_sold_where_it_lies())
        self.assertFalse(kept.l10n_it_ddt_number)
        self.assertFalse(kept.l10n_it_show_print_ddt_button)
        self.assertEqual(self._next_of_odoo(), before)
        invoice = order.invoice_ids  # made at once, as the causal says
        invoice.action_post()
        kind, notes = self._read(invoice)
        self.assertEqual((kind, notes), ("TD24", [(sent.document_number, "2026-11-03", [])]))
        self.assertEqual(invoice.l10n_it_ddt_ids, sent)

    def test_a_ddt_without_number_and_a_void_one_are_not_named(self):
        self.outgoing.document_type_id = False
        self.outgoing.l10n_it_ddt_sequence_id = False
        order, picking = self._deliver((self.wine, 1))
        self.assertFalse(picking.l10n_it_ddt_number)
        invoice = self._invoice(order, "2026-11-30")
        self.assertEqual(self._read(invoice)[1], [])

    def test_invoices_of_before_keep_the_estimate_of_odoo(self):
        self.outgoing.document_type_id = False
        order, picking = self._deliver((self.wine, 1))
        invoice = self._invoice(order, "2026-12-31")
        invoice.invoice_line_ids.stock_move_link_ids.unlink()
        invoice.invalidate_recordset()
        self.assertEqual(list(invoice._get_ddt_values()), [picking])
