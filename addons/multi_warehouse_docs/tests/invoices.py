"""A company with a chart of accounts, and shortcuts for delivering and invoicing."""

from odoo.fields import Command

from .documents import DocumentCase


class InvoiceCase(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.tax = cls.env["account.tax"].create(
            {"name": "VAT 22", "amount": 22, "company_id": cls.company.id}
        )
        cls.wine = cls._product("Wine", invoice_policy="delivery", lst_price=10)
        cls.wine.taxes_id = cls.tax
        cls.customer.email = "restaurant@example.org"

    def _order(self, quantity=5, product=None, customer=None, price=10, **line):
        """A confirmed order of goods that lie in the main warehouse."""
        product = product or self.wine
        self._stock(product, quantity, self.main)
        order = self.env["sale.order"].create(
            {
                "partner_id": (customer or self.customer).id,
                "company_id": self.company.id,
                "warehouse_id": self.main.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.tax.ids)],
                            **line,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def _deliver(self, order, quantity=None):
        """Deliver what is open of an order; return the delivery note."""
        picking = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))[:1]
        self._validate(picking, quantity)
        return picking

    def _bring_back(self, picking, quantity):
        """The done return of so many of a delivery or receipt."""
        back = self._return(picking, quantity)
        self._validate(back)
        return back

    def _use_causal(self, order, name):
        """Let the order's open delivery leave with another causal than its type's."""
        picking = order.picking_ids
        picking.causal_id = self.env.ref(f"multi_warehouse_docs.causal_{name}")
        return picking.document_type_id

    def _links(self, records):
        """{(document number, quantity)} of the links of invoices or transfers."""
        self.env.flush_all()
        field = "account_move_id" if records._name == "account.move" else "picking_id"
        links = self.env["stock.move.invoice.link"].search([(field, "in", records.ids)])
        return sorted((link.picking_id.document_number, link.quantity) for link in links)
