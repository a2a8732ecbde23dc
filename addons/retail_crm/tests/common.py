"""A small world for the tests: two people, two teams, a channel."""

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


def working_week(env, name="Shop hours", **values):
    """Monday to Friday, 8 to 17 with an hour of lunch, UTC."""
    hours = ((8, 12, "morning"), (13, 17, "afternoon"))
    return env["resource.calendar"].create(
        {
            "name": name,
            "tz": "UTC",
            "attendance_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "name": f"{day} {period}",
                        "dayofweek": str(day),
                        "hour_from": start,
                        "hour_to": end,
                        "day_period": period,
                    }
                )
                for day in range(5)
                for start, end, period in hours
            ],
            **values,
        }
    )


class DeskCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.anna, cls.berta = cls._seller("anna"), cls._seller("berta")
        cls.counter, cls.online = cls.env["crm.team"].create(
            [
                {"name": "Counter", "company_id": False},
                {
                    "name": "Online",
                    "company_id": False,
                    "crm_team_member_ids": [Command.create({"user_id": cls.anna.id})],
                },
            ]
        )
        cls.channel = cls.env["sales.channel"].create(
            {
                "name": "Cellar Online",
                "channel_type": "web",
                "team_id": cls.online.id,
                "responsible_id": cls.anna.id,
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "Maria Rossi"})
        cls.glass = cls.env["product.product"].create(
            {"name": "Glass", "is_storable": True, "list_price": 10.0, "invoice_policy": "delivery"}
        )

    @classmethod
    def _seller(cls, login, **values):
        return new_test_user(
            cls.env,
            login,
            "base.group_user,retail_crm.group_retail_crm_user",
            **values,
        )

    def _order(self, user=None, lead=0, **values):
        """A quotation of two glasses, made by ``user``."""
        Order = self.env["sale.order"].with_user(user or self.env.user)
        line = {"product_id": self.glass.id, "product_uom_qty": 2, "customer_lead": lead}
        return Order.create(
            {"partner_id": self.customer.id, "order_line": [Command.create(line)], **values}
        )
