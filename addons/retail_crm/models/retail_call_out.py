"""Calls that are begun from the screen, or by a rule.

A call that the telephone system is asked for is in the log before it is asked, and asked for once:
it is noted, and committed, that it is going to be. What the telephone system then tells of it is
recognised by the reference, else by the number.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError, UserError

from ..services import call_out, http_call
from .retail_call_missed import AGAIN

_logger = logging.getLogger(__name__)

CRON = "retail_crm.ir_cron_request_calls"
BATCH = 50
#: a call asked for so long ago without any word is a case for a person
SILENCE = timedelta(minutes=10)


class RetailCall(models.Model):
    _inherit = "retail.call"

    dialled_at = fields.Datetime("Asked for at", readonly=True, copy=False)
    failure = fields.Char("Why Not", readonly=True, copy=False)
    is_by_rule = fields.Boolean("Asked for by a Rule", readonly=True, copy=False)

    _to_request_idx = models.Index("(id) WHERE state = 'requested'")

    # === FROM THE SCREEN ===

    @api.model
    def call_number(self, number, partner_id=False, order_id=False):
        """Begin a call to ``number``, as the user's telephone system does it.

        ``{"link": "tel:..."}`` when the user's own device calls, else ``{"message": text}`` when
        the telephone system has been asked. Raises UserError with its reason when it refused.
        """
        if not self.env.user.has_group("retail_crm.group_retail_crm_user"):
            raise AccessError(self.env._("Calls are begun by the people of the order desk."))
        to = call_out.dialled(number)
        if not to:
            raise UserError(self.env._("“%s” is no telephone number.", number))
        line = self._get_extension(self.env.user, self.env.company)
        if not line:
            return {"link": f"tel:{to}"}
        partner = self.env["res.partner"].browse(partner_id or ())
        order = self.env["sale.order"].browse(order_id or ())
        (partner | order.partner_id).check_access("read")
        order.check_access("read")
        call = self._request(line, to, partner or order.partner_id or self._guess(to), order)
        call._dial()
        if call.state == "failed":
            raise UserError(
                self.env._(
                    "The telephone system did not call %(to)s: %(why)s", to=to, why=call.failure
                )
            )
        return {"message": self.env._("Your telephone rings; lift it to call %s.", to)}

    @api.model
    def _guess(self, number):
        """The customer with this number, if it can be only one."""
        found = self.env["res.partner"]._find_callers(number)._filtered_access("read")
        return found[:1] if len(found.commercial_partner_id) == 1 else found.browse()

    @api.model
    def _get_extension(self, user, company):
        """The extension of this user on a telephone system that is asked to call; or empty."""
        # who has which extension, and how it is called, are settings
        return (
            self.env["retail.pbx.extension"]
            .sudo()
            .search(
                [
                    ("user_id", "=", user.id),
                    ("pbx_id.company_id", "=", company.id),
                    ("pbx_id.active", "=", True),
                    ("pbx_id.call_method", "!=", call_out.TelLink.code),
                ],
                limit=1,
            )
        )

    @api.model
    def _request(self, line, number, partner, order):
        # sudo: the log is the system's; that the user may call was asked before
        return self.sudo().create(
            {
                "pbx_id": line.pbx_id.id,
                "company_id": line.company_id.id,
                "reference": self._new_reference(),
                "direction": "out",
                "state": "requested",
                "number": number,
                "extension": line.extension,
                "user_id": line.user_id.id,
                "partner_id": partner.id,
                "order_id": order.id,
            }
        )

    # === ASKING ===

    def _dial(self):
        """Ask the telephone system, with no transaction open meanwhile. Never raises."""
        self.ensure_one()
        way = call_out.CALL_OUTS[self.pbx_id.call_method]
        settings = way.prepare(self.pbx_id, self)
        self.dialled_at = fields.Datetime.now()
        self._end_transaction()
        try:
            way.dial(settings)
        except Exception as error:  # ways of other addons and what was entered raise what they like
            why = http_call.without(str(error), settings.get("secret"))
            is_refusal = isinstance(error, call_out.CallRefused)
            _logger.log(
                logging.INFO if is_refusal else logging.ERROR,
                "Telephone system %s did not call (%s): %s",
                self.pbx_id.id,
                type(error).__name__,
                why,
            )
            if not self._was_told():
                self._fail(why[:500] or self.pbx_id._describe_call_method())
            self._end_transaction()

    def _was_told(self):
        """Whether the telephone system tells of the call, whatever it answered."""
        self.invalidate_recordset()
        return not self.try_lock_for_update() or bool(self.external_id)

    def _fail(self, reason):
        now = fields.Datetime.now()
        self.write({"state": "failed", "failure": reason, "ended_at": now})
        self._log()

    def _end_transaction(self):
        """Commit: what comes next cannot be taken back, and may take a while."""
        self.env.flush_all()
        if not modules.module.current_test:
            self.env.cr.commit()  # pylint: disable=invalid-commit  # see above

    # === BY A RULE ===

    @api.model
    def _request_for(self, record, partner, person):
        """Have somebody called by a person, soon; returns the call, empty where it cannot be.

        The telephone system is asked by the scheduled action, outside of this transaction.
        """
        order = record if record._name == "sale.order" else self.env["sale.order"]
        caller = record if record._name == self._name else self.browse()
        company = order.company_id or caller.company_id or partner.company_id or self.env.company
        # who called is called where the call came from, known or not
        number = call_out.dialled(caller.number or partner.phone)
        line = self._get_extension(person, company)
        if not (number and line):
            return self.browse()
        call = self._request(line, number, partner, order)
        call.is_by_rule = True
        # the scheduled action is the system's, whoever makes it run
        self.env.ref(CRON).sudo()._trigger()
        return call

    @api.model
    def _cron_request(self):
        """Ask for the calls of rules; those of which nothing was heard become tasks."""
        waiting = [("state", "=", "requested"), ("dialled_at", "=", False)]
        for call in self.search(waiting, order="id", limit=BATCH):
            if not call._hold() or call.dialled_at:
                continue
            call._dial()
            if call.state == "failed":
                call._ask_person(call.failure)
            self._end_transaction()
        silent = [
            ("state", "=", "requested"),
            ("dialled_at", "<", fields.Datetime.now() - SILENCE),
        ]
        for call in self.search(silent, limit=BATCH):
            if not call._hold():
                continue
            try:
                with self.env.cr.savepoint():
                    call._fail(self.env._("The telephone system told nothing of the call."))
                    call._ask_person(call.failure)
            except Exception:  # the others are not to wait for one that something is wrong with
                _logger.exception("Call %s could not be given up", call.id)
            self._end_transaction()

    def _hold(self):
        """Whether nothing was heard of it until now, and is not told just now either."""
        is_held = bool(self.try_lock_for_update())
        # transactions end between two calls: what was read before may be old
        self.invalidate_recordset()
        return is_held and self.state == "requested"

    def _ask_person(self, why):
        """Nobody sits before a screen that could show it: a task to call by hand."""
        record = self.order_id or self.partner_id
        if not (record and self.user_id):
            return
        words = self.env._("Call %(number)s: %(why)s", number=self.number, why=why)
        try:
            with self.env.cr.savepoint():
                record.activity_schedule(AGAIN, summary=words, user_id=self.user_id.id)
        except UserError as error:  # who left the company, for example; the call is in the log
            _logger.warning("Nobody is asked to call by hand, call %s: %s", self.id, error)
