"""What tests of rules share: files for SMS, customers with phones, an engine."""

import json
import shutil
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.tools import config

from .common import DeskCase


class TriggerCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "retail_sms_gateway": "file",
                "quiet_from": 0.0,
                "quiet_to": 0.0,
                "weekly_message_cap": 0,
            }
        )
        cls.company.partner_id.tz = "Europe/Rome"
        italy = cls.env.ref("base.it")
        cls.customer.write(
            {"phone": "+39 06 1234567", "email": "maria@example.com", "country_id": italy.id}
        )
        cls.folder = Path(config["data_dir"]) / "sms" / cls.env.cr.dbname
        cls.Run = cls.env["retail.trigger.run"]
        cls.env["base.automation"].search([]).active = False

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.addCleanup(shutil.rmtree, self.folder, True)

    def _at(self, moment):
        """From here on it is this moment, for the database, too."""
        frozen = self.enterContext(freeze_time(moment))
        self.env.cr._now = fields.Datetime.to_datetime(moment)
        return frozen

    def _template(self, kind, model="sale.order", body="Order {{ object.name }}"):
        values = {"name": f"Test {kind}", "model_id": self.env["ir.model"]._get_id(model)}
        if kind == "sms":
            return self.env["sms.template"].create({**values, "body": body})
        return self.env["mail.template"].create(
            {**values, "subject": body, "body_html": "<p>Hello</p>", "use_default_to": True}
        )

    def _rule(self, event, **values):
        """An active rule; it sends an SMS unless told otherwise."""
        values = {"send_by": "sms", "respects_quiet_hours": False, **values}
        rule = self.env["base.automation"].new({"retail_event": event, "name": "Test"})
        model = rule._event_values({"retail_event": event})
        name = self.env["ir.model"].browse(model["model_id"]).model
        for kind, field in (("sms", "sms_template_id"), ("email", "mail_template_id")):
            if kind in (values["send_by"], values.get("on_failure")) and field not in values:
                values[field] = self._template(kind, name).id
        return self.env["base.automation"].create(
            {"name": f"Test {event}", "retail_event": event, **values}
        )

    def _work(self):
        """What the scheduled action does, without its commits."""
        self.Run._recover()
        self.env["base.automation"]._sweep_retail_rules()
        while self.Run._work_one():
            pass

    def _files(self):
        """The SMS that left, as dictionaries."""
        files = sorted(self.folder.glob("*.json")) if self.folder.is_dir() else []
        return [json.loads(each.read_text(encoding="utf-8")) for each in files]

    def _runs(self, rule):
        return self.Run.search([("rule_id", "=", rule.id)], order="id")

    def _assert_run(self, rule, state, reason=None):
        run = self._runs(rule)
        self.assertEqual(len(run), 1)
        self.assertEqual(run.state, state, run.reason)
        if reason:
            self.assertRegex(run.reason, reason)
        return run
