"""A counter with goods, a customer with a history, and the order desk as Anna uses it."""

from odoo.fields import Command

from .common import DeskCase


class OrderDeskCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone_channel = cls.env["sales.channel"].create(
            {"name": "Phone", "channel_type": "phone", "sequence": 1}
        )
        cls.customer.write({"phone": "+39 055 123 4567", "email": "maria.rossi@example.com"})
        cls.barolo = cls._product("Barolo, vintage 2018", "BARO-18", 40.0, 25)
        cls.flutes = cls._product("Six flutes", "FLUT-06", 12.5, 60)
        cls.corkscrew = cls._product("Corkscrew", "CORK-01", 9.0, 1, barcode="4006381333931")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.desk = cls.env["retail.order.desk"].with_user(cls.anna)

    @classmethod
    def _product(cls, name, reference, price, stock, **values):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "default_code": reference,
                "list_price": price,
                "is_storable": True,
                "taxes_id": [Command.clear()],
                **values,
            }
        )
        if stock:
            place = cls.env["stock.warehouse"].search(
                [("company_id", "=", cls.company.id)], limit=1
            )
            cls.env["stock.quant"]._update_available_quantity(product, place.lot_stock_id, stock)
        return product

    @classmethod
    def _carrier(cls, name="Courier", price=8.0, **values):
        product = cls.env["product.product"].create(
            {"name": name, "type": "service", "taxes_id": [Command.clear()]}
        )
        return cls.env["delivery.carrier"].create(
            {"name": name, "product_id": product.id, "fixed_price": price, **values}
        )

    def _add(self, product, quantity=1, order=None):
        """Add a line as the screen does, and return the order it answers."""
        order_id = order["id"] if order else False
        return self.desk.add_line(
            product.id, quantity, self.customer.id, self.phone_channel.id, order_id
        )

    def _record(self, order):
        return self.env["sale.order"].browse(order["id"])

    def _bought(self, *lines, **values):
        """A confirmed order of the customer: (product, quantity) or (product, quantity, price)."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.anna.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            **({"price_unit": price[0]} if price else {}),
                        }
                    )
                    for product, quantity, *price in lines
                ],
                **values,
            }
        )
        order.action_confirm()
        return order
