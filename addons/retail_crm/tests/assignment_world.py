"""Three people of a team, rules, and orders that arrive by themselves."""

from collections import Counter
from datetime import datetime

from odoo.fields import Command

from .common import DeskCase, working_week

#: a Wednesday within the working hours that the company has here
NOON = datetime(2026, 5, 20, 10)


class AssignmentCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # whatever hours and zone the company of the database has
        cls.company.resource_calendar_id = working_week(cls.env)
        cls.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        cls.carla = cls._seller("carla")
        cls.channel.responsible_id = False
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Web Team",
                "company_id": False,
                "crm_team_member_ids": [
                    Command.create({"user_id": user.id})
                    for user in (cls.anna, cls.berta, cls.carla)
                ],
            }
        )
        cls.env["retail.assignment.rule"].search([]).active = False

    def _rule(self, method="least_loaded", **values):
        return self.env["retail.assignment.rule"].create(
            {"name": f"By {method}", "team_id": self.team.id, "method": method, **values}
        )

    def _member(self, user, **values):
        [member] = self.team.crm_team_member_ids.filtered(lambda one: one.user_id == user)
        member.write(values)

    def _arrive(self, count=1, **values):
        """Orders made by the system, as from a web form."""
        vals = {"partner_id": self.customer.id, "channel_id": self.channel.id, **values}
        return self.env["sale.order"].create([dict(vals) for _number in range(count)])

    def _shares(self, orders):
        return Counter(record.user_id.login for record in orders)

    def _presence(self, user, status="online", **values):
        self.env["mail.presence"].create({"user_id": user.id, "status": status, **values})

    def _shift(self, user, hour_from=0.0, hour_to=24.0):
        """Working hours of their own, every day."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": f"Shift of {user.login}",
                "tz": "UTC",
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": day,
                            "dayofweek": day,
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                            "day_period": "morning",
                        }
                    )
                    for day in "0123456"
                ],
            }
        )
        return self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "tz": "UTC",
            }
        )
