"""A telephone system with two extensions, as it tells of calls over real HTTP."""

import json
from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import HttpCase

from .common import DeskCase

MARIA = "+39 055 123 4567"


class CallCase(DeskCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"phone": MARIA, "user_id": cls.anna.id})
        cls.pbx = cls.env["retail.pbx"].create(
            {
                "name": "Office",
                "team_id": cls.counter.id,
                "extension_ids": [
                    Command.create({"extension": "101", "user_id": cls.anna.id}),
                    Command.create({"extension": "102", "user_id": cls.berta.id}),
                ],
            }
        )
        cls.token = cls.pbx.token

    def _send(self, body, kind="application/json", token=None, pbx_id=None, **headers):
        """What came back for a body that is sent as it is."""
        key = {"Authorization": f"Bearer {token or self.token}"} if token != "" else {}
        return self.url_open(
            f"/retail_crm/call/{pbx_id or self.pbx.id}",
            data=body,
            method="POST",
            headers={"Content-Type": kind} | key | headers,
            allow_redirects=False,
        )

    def _tell(self, event, call_id="7", status=None, **values):
        """One event; returns what the telephone system was answered."""
        said = {"event": event, "call_id": call_id, **values}
        answer = self._send(json.dumps(said))
        self.assertIn(answer.status_code, (200, 201) if status is None else (status,), answer.text)
        return answer.json()

    def _ring(self, number="0551234567", call_id="7", extension="101", **values):
        return self._tell("ringing", call_id, number=number, extension=extension, **values)

    def _calls(self):
        return self.env["retail.call"].search([("pbx_id", "=", self.pbx.id)], order="id")

    def _tasks(self):
        """Open tasks to call somebody back."""
        kind = self.env.ref("retail_crm.activity_missed_call")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def _run_rules(self):
        """Do all that rules have planned and that is due."""
        while self.env["retail.trigger.run"]._work_one():
            continue

    @contextmanager
    def _bus(self):
        """What is sent by the bus meanwhile: a list of (user, type, payload)."""
        seen = []
        Users = self.env.registry["res.users"]
        original = Users._bus_send

        def send(users, kind, message, /, **options):
            if kind.startswith("retail_crm.call"):
                seen.extend((user.login, kind, message) for user in users)
            return original(users, kind, message, **options)

        self.patch(Users, "_bus_send", send)
        yield seen
