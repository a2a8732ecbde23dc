"""A call that nobody answered is a task until somebody talks to the caller."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

MISSED = "retail_crm.activity_missed_call"
AGAIN = "retail_crm.activity_call_again"


class RetailCall(models.Model):
    _inherit = "retail.call"

    is_to_return = fields.Boolean(
        "To Be Returned",
        compute="_compute_is_to_return",
        search="_search_is_to_return",
        help="Nobody has talked to the caller since.",
    )

    @api.depends("activity_ids.activity_type_id")
    def _compute_is_to_return(self):
        kind = self.env.ref(MISSED)
        for call in self:
            call.is_to_return = kind in call.activity_ids.activity_type_id

    def _search_is_to_return(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = Domain("activity_ids.activity_type_id", "=", self.env.ref(MISSED).id)
        return waiting if True in value else ~waiting

    # === MISSED ===

    def _miss(self):
        """One task for each caller, however often he tried; rules are told of every call."""
        self.ensure_one()
        if self._is_internal():
            return
        task = self._get_missed_tasks()
        if task:
            self._add_to_task(task[:1])
        elif self.number_end or self.partner_id:  # who withholds the number cannot be called
            self._make_missed_task()
        self.env["base.automation"]._retail_event("call_missed", self)

    def _get_missed_tasks(self):
        """Tasks that are open because of calls of the same caller."""
        calls = self.search(self._domain_same_caller() & Domain("is_to_return", "=", True))
        kind = self.env.ref(MISSED)
        return calls.activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def _make_missed_task(self):
        person = self._get_task_person()
        call = self.with_context(lang=person.lang or self.env.lang)
        self.env["mail.activity"].create(
            {
                "activity_type_id": self.env.ref(MISSED).id,
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "summary": call.env._("Call back %s", call._get_caller_name()),
                "user_id": person.id,
                "date_deadline": fields.Date.context_today(
                    call.with_context(tz=person.tz or self.company_id.partner_id.tz)
                ),
                "automated": True,
            }
        )
        if not self.user_id:
            self.user_id = person

    def _get_task_person(self):
        """The responsible, else whose telephone rang; empty: it waits in the team's pool."""
        person = self._get_responsible() or self.user_id
        return person._filter_serving(self.company_id)[:1]

    def _add_to_task(self, task):
        count = self.search_count(
            self._domain_same_caller()
            & Domain("state", "=", "missed")
            & Domain("direction", "=", "in")
            & Domain("started_at", ">=", self.browse(task.res_id).started_at)
        )
        task.summary = self.env._(
            "Call back %(caller)s: %(count)s missed calls",
            caller=self._get_caller_name(),
            count=count,
        )

    def action_take(self):
        """The user calls back; of two people who press at once, one gets it."""
        for call in self:
            call.check_access("write")
            # sudo: the task belongs to nobody yet, and the call is the user's to change
            tasks = call.sudo().activity_ids.filtered(
                lambda task: task.activity_type_id == self.env.ref(MISSED)
            )
            taken = tasks.filtered(
                lambda task: task.user_id not in (self.env.user, task.user_id.browse())
            )
            if taken:
                raise UserError(self.env._("%s is calling back already.", taken[:1].user_id.name))
            free = tasks.filtered(lambda task: not task.user_id)
            if free.try_lock_for_update() != free:
                raise UserError(self.env._("Somebody is taking this call right now."))
            if free:
                free.user_id = call.sudo().user_id = self.env.user
        return True

    # === REACHED ===

    def _settle(self):
        """Somebody talked to these customers: what was missed or tried before is settled."""
        for call in self:
            # sudo: it does not matter whose tasks these were
            talked = call.sudo()
            tasks = talked._get_missed_tasks() | talked._get_attempts()
            if not tasks:
                continue
            when = format_datetime(self.env, call.answered_at, dt_format="short")
            tasks.action_feedback(
                feedback=self.env._(
                    "Talked on %(time)s: %(person)s", time=when, person=call.user_id.name or "-"
                )
            )

    def _was_reached_since(self):
        """Whether somebody talked to the caller after this call."""
        later = Domain("answered_at", ">=", self.started_at)
        # sudo: it does not matter who talked
        return bool(self.sudo().search_count(self._domain_same_caller() & later, limit=1))

    def _get_attempts(self):
        """Tasks to call the customer again, on the customer or on orders."""
        Activity = self.env["mail.activity"]
        if not self.partner_id:
            return Activity
        family = self.partner_id._get_family()
        orders = self.env["sale.order"]._search([("partner_id", "in", family.ids)])
        kind = Domain("activity_type_id", "=", self.env.ref(AGAIN).id)
        places = Domain("res_model", "=", "res.partner") & Domain("res_id", "in", family.ids)
        places |= Domain("res_model", "=", "sale.order") & Domain("res_id", "in", orders)
        return Activity.search(kind & places)
