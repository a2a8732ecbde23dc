"""What rules did and are going to do: one run for each event, unique in the database."""

import logging
from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..services.message_key import message_key, next_key
from .base_automation import SENDING

_logger = logging.getLogger(__name__)

CRON = "retail_crm.ir_cron_retail_triggers"
WEEK = timedelta(days=7)
#: runs between two reports of progress
PROGRESS_EVERY = 10
#: end of the occurrence of a run that repeats another one by a second way
FALLBACK = "+fallback"
#: values of a run of which nothing has left
NOTHING_SENT = dict.fromkeys(
    (*("send_by", "sent_to", "text", "message_id"), *("delivery", "handed_at", "done_at")), False
)


class RetailTriggerRun(models.Model):
    """One event of one record and what a rule makes of it.

    ``planned`` waits for its moment. ``sending`` means: a message was handed over and no answer is
    known yet. It is written, and committed, before anything leaves, so that a process that dies in
    between is seen afterwards; see ``_recover``.
    """

    _name = "retail.trigger.run"
    _description = "Trigger Run"
    _order = "due_at desc, id desc"
    _rec_name = "record_name"

    rule_id = fields.Many2one(
        "base.automation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="model", required=True, readonly=True, index=True
    )
    occurrence = fields.Char(
        required=True,
        default="",
        readonly=True,
        help="Which time: empty when the event happens once to a record; else the year, the "
        "transfer, the promised time.",
    )
    record_name = fields.Char("Document Name", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    event_at = fields.Datetime("Happened", required=True, readonly=True)
    due_at = fields.Datetime("Due", required=True, readonly=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("sending", "Handed over"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
            ("unknown", "Unknown, Check"),
        ],
        required=True,
        default="planned",
        readonly=True,
        index=True,
    )
    reason = fields.Text("Why", readonly=True)
    send_by = fields.Selection(SENDING, "Sent by", readonly=True)
    # what colleagues' customers are told is for those who see every order
    sent_to = fields.Char(readonly=True, groups="retail_crm.group_retail_crm_supervisor")
    text = fields.Text("SMS", readonly=True, groups="retail_crm.group_retail_crm_supervisor")
    message_key = fields.Char(required=True, readonly=True, index=True)
    message_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")
    delivery = fields.Selection(
        [("sent", "Sent"), ("delivered", "Delivered"), ("bounced", "Not Delivered")],
        readonly=True,
        help="What the provider tells afterwards.",
    )
    fallback_by = fields.Selection(
        SENDING, readonly=True, help="Made because the first message was not delivered."
    )
    tries = fields.Integer(readonly=True, default=0)
    has_acted = fields.Boolean(readonly=True, help="Tasks and further actions have been made.")
    handed_at = fields.Datetime("Handed over on", readonly=True)
    done_at = fields.Datetime("Done on", readonly=True)

    _once = models.UniqueIndex(
        "(rule_id, model, res_id, occurrence)", "This has been planned already."
    )
    _due_idx = models.Index("(due_at, id) WHERE state = 'planned'")
    _sending_idx = models.Index("(id) WHERE state = 'sending'")
    _week_idx = models.Index("(partner_id, handed_at) WHERE send_by IS NOT NULL")

    # === PLANNING ===

    @api.model
    def _plan(self, rule, found):
        """Write down events of a rule and wake the engine; those known already are left alone.

        Returns the new runs.
        """
        if not found:
            return self.browse()
        known = set(
            self.env.execute_query(
                SQL(
                    "SELECT res_id, occurrence FROM retail_trigger_run"
                    " WHERE rule_id = %s AND model = %s AND res_id = ANY(%s)",
                    rule.id,
                    rule.model_name,
                    [each.record.id for each in found],
                )
            )
        )
        rows = [
            self._prepare_row(rule, each)
            for each in found
            if (each.record.id, each.occurrence) not in known
        ]
        if not rows:
            return self.browse()
        names = list(rows[0])
        created = self.env.execute_query(
            SQL(
                "INSERT INTO retail_trigger_run (%s) VALUES %s"
                " ON CONFLICT (rule_id, model, res_id, occurrence) DO NOTHING"
                " RETURNING id, due_at",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(SQL("%s", tuple(row[name] for name in names)) for row in rows),
            )
        )
        self._wake({due for _id, due in created})
        return self.browse([number for number, _due in created])

    def _prepare_row(self, rule, found):
        record = found.record
        company, partner = self._company_of(rule, record), self._customer_of(record)
        now = fields.Datetime.now()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return {
            "rule_id": rule.id,
            "model": record._name,
            "res_id": record.id,
            "occurrence": found.occurrence,
            "record_name": record.display_name,
            "partner_id": partner.id or None,
            "company_id": company.id or None,
            "event_at": found.moment,
            "due_at": rule._get_due(found, company, partner),
            "state": "planned",
            "tries": 0,
            "message_key": message_key(uuid, rule.id, record._name, record.id, found.occurrence),
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": now,
            "write_date": now,
        }

    @api.model
    def _company_of(self, rule, record):
        company = record.company_id if "company_id" in record._fields else self.env["res.company"]
        return company or rule.company_id or self.env.company

    @api.model
    def _customer_of(self, record):
        """The customer, for whom messages are counted."""
        if record._name == "res.partner":
            return record.commercial_partner_id
        if "partner_id" in record._fields:
            return record.partner_id.commercial_partner_id
        return self.env["res.partner"]

    @api.model
    def _wake(self, moments=()):
        """Let the engine work now, or at these moments."""
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron and moments:
            now = fields.Datetime.now()
            # waking is for everybody whose work is an event
            cron.sudo()._trigger(at={max(moment, now).replace(microsecond=0) for moment in moments})

    # === ENGINE ===

    @api.model
    def _cron_run(self):
        """Plan what the clock brought, then do all that is due; called by the scheduled action.

        Odoo lets one process at a time run a scheduled action, so whatever is still being sent
        when it begins was left by a process that is no more.
        """
        self._recover()
        self.env["base.automation"]._sweep_retail_rules()
        Cron = self.env["ir.cron"]
        Cron._commit_progress(remaining=self._count_due())
        done = 0
        while self._work_one():
            done += 1
            self._save()
            # telling Odoo how far we are costs as much as a message
            if done % PROGRESS_EVERY == 0 and not Cron._commit_progress(PROGRESS_EVERY):
                return
        Cron._commit_progress(done % PROGRESS_EVERY, remaining=self._count_due())

    def _count_due(self):
        due = [("state", "=", "planned"), ("due_at", "<=", fields.Datetime.now())]
        return self.search_count(due)

    @api.model
    def _work_one(self):
        """Do the next run that is due; False when there is none."""
        run = self._take_next()
        if run:
            run._carry_out()
        return bool(run)

    @api.model
    def _take_next(self):
        """The next run that is due, locked until this transaction ends."""
        self.flush_model(["state", "due_at"])
        query = SQL(
            "SELECT id FROM retail_trigger_run WHERE state = 'planned' AND due_at <= %s"
            " ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
            fields.Datetime.now(),
        )
        try:
            rows = self.env.execute_query(query)
        except psycopg2.errors.SerializationFailure:
            # somebody pressed a button on it since this transaction began
            self._undo()
            rows = self.env.execute_query(query)
        return self.browse([number for (number,) in rows])

    @api.model
    def _recover(self):
        """What became of the messages that a process was sending when it died."""
        for run in self.search([("state", "=", "sending")]):
            if run._is_repeatable():
                # the provider knows the key: the customer gets it once, whatever we repeat
                run.write({"state": "planned", "due_at": fields.Datetime.now()})
            else:
                run._finish(
                    "unknown",
                    self.env._(
                        "Odoo was stopped while it sent this message, and cannot tell whether it "
                        "left. Ask the customer or the provider, then say that it arrived or send "
                        "it again."
                    ),
                )
        self._save()

    def _save(self):
        """Commit: what comes next cannot be taken back."""
        self.env.flush_all()
        if not modules.module.current_test:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # see above

    def _undo(self):
        if modules.module.current_test:
            self.env.invalidate_all()
        else:
            self.env.cr.rollback()

    def _finish(self, state, reason=False, **values):
        now = fields.Datetime.now()
        self.write({"state": state, "reason": reason, "done_at": now, **values})

    # === FOR PEOPLE ===

    def _check_may_decide(self):
        self.check_access("write")

    def action_send_again(self):
        """Do it (once more) now; whoever presses this has made sure that it did not arrive."""
        self._check_may_decide()
        if self.filtered(lambda run: run.state not in ("failed", "skipped", "unknown")):
            raise UserError(
                self.env._("Only what failed, was skipped or is unknown can be resent.")
            )
        self._plan_again()

    def _plan_again(self):
        """Do it now; what may have arrived is the same message, what did not is a new one."""
        now = fields.Datetime.now()
        failed = self.filtered(lambda run: run.state != "unknown")
        self.write({"state": "planned", "due_at": now, "tries": 0, "reason": False})
        # a provider that recognizes messages drops the key it knows
        for run in failed:
            run.write({"message_key": next_key(run.message_key), **NOTHING_SENT})
        self._wake({now})

    def action_arrived(self):
        """The message did arrive."""
        self._check_may_decide()
        for run in self.filtered(lambda run: run.state == "unknown"):
            words = self.env._("%s says that it arrived.", self.env.user.name)
            run._succeed(run._record(), words)

    def action_skip(self):
        """Leave it alone."""
        self._check_may_decide()
        for run in self.filtered(lambda run: run.state in ("planned", "failed", "unknown")):
            run._finish("skipped", self.env._("%s decided against it.", self.env.user.name))

    def action_open_record(self):
        """Open what it is about."""
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("%s does not exist any more.", self.record_name))
        return record.get_formview_action()

    def _record(self):
        """What it is about; empty when it is gone."""
        return self.env[self.model].browse(self.res_id).exists()

    def _which(self):
        """The occurrence as the event knows it."""
        return self.occurrence.removesuffix(FALLBACK)
