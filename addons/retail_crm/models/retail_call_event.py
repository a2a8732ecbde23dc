"""What telephone systems tell becomes a call, whatever the order in which they tell it.

A call is what is known of it: when it began, was answered and ended. Its state follows from that,
so that an event that comes twice changes nothing and one that comes late is put in its place.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..services import finder
from .claim import insert_once

#: a call that was asked for rings within this time
SOON = timedelta(minutes=10)


class RetailCall(models.Model):
    _inherit = "retail.call"

    @api.model
    def _take_event(self, pbx, event):
        """Note an event of a telephone system; returns the call and whether it is a new one."""
        call, is_new = self._claim(pbx, event)
        call._learn(event)
        call._place(event)
        before, call.state = call.state, call._get_state()
        call._react(event, None if is_new else before)
        return call, is_new

    @api.model
    def _claim(self, pbx, event):
        """``(call, whether it is new)``, locked. The database decides between two events at once:

        the second one waits, and is taken again when the first one is written.
        """
        call = self._find_told(pbx, event) or self._find_requested(pbx, event)
        if call:
            return call, False
        values = {
            "pbx_id": pbx.id,
            "external_id": event.call_id,
            "company_id": pbx.company_id.id,
            "direction": event.direction,
            "state": "ringing",
            "started_at": event.at,
        }
        call = insert_once(self, values, key=("pbx_id", "external_id"))
        if not call:
            return self._find_told(pbx, event), False
        self.env.add_to_compute(self._fields["hour"], call)
        return call, True

    @api.model
    def _is_known(self, pbx, event):
        """Whether the call is in the log already."""
        told = [("pbx_id", "=", pbx.id), ("external_id", "=", event.call_id)]
        return bool(self.search_count(told, limit=1))

    def _find_told(self, pbx, event):
        """The call with this number of the telephone system, locked against other events."""
        self.flush_model(["pbx_id", "external_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM retail_call WHERE pbx_id = %s AND external_id = %s FOR UPDATE",
                pbx.id,
                event.call_id,
            )
        )
        return self.browse(rows[0] if rows else ())

    def _find_requested(self, pbx, event):
        """The call that this telephone system was asked for and now tells of the first time."""
        if event.direction != "out":
            return self.browse()
        waiting = [("pbx_id", "=", pbx.id), ("external_id", "=", False)]
        if event.reference:
            call = self.search([*waiting, ("reference", "=", event.reference)], limit=1)
        else:
            end = finder.phone_digits(event.number)[-finder.SAME :]
            recent = fields.Datetime.now() - SOON
            call = self.search(
                [
                    *waiting,
                    ("state", "=", "requested"),
                    ("number_end", "=", end or None),
                    ("dialled_at", ">", recent),
                ],
                order="id desc",
                limit=1,
            )
        if call and call.try_lock_for_update():
            call.write({"external_id": event.call_id, "direction": "out"})
            return call
        return self.browse()

    # === FACTS ===

    def _learn(self, event):
        """When and how long, who and where, as far as it was not known."""
        values = {}
        if event.number and not self.number:
            values["number"] = event.number
        if event.line and not self.line:
            values["line"] = event.line
        if event.recording:
            values["recording_url"] = event.recording
        if event.at < self.started_at:
            values["started_at"] = event.at
        values |= self._learn_people(event) | self._learn_times(event)
        values = {name: value for name, value in values.items() if self[name] != value}
        if values:
            self.write(values)

    def _learn_people(self, event):
        """Who answered; while it rings, whose telephone it is if it is only one."""
        if not event.extensions:
            return {}
        people = self.pbx_id._get_users(event.extensions)
        mine = {"extension": event.extensions[0], "user_id": people[:1]}
        if event.event == "answered":
            is_last = not self.answered_at or event.at >= self.answered_at
            return mine if is_last else {}
        is_open = not self.answered_at and not self.extension
        return mine if is_open and len(event.extensions) == 1 else {}

    def _learn_times(self, event):
        answered, ended = self.answered_at, self.ended_at
        duration = self.duration
        if self.state == "failed":
            ended = False  # given up too early: that was no word of the telephone system
        if event.event == "answered":
            answered = min(answered or event.at, event.at)
            if self.state == "missed" and ended and event.at > ended:
                ended = False  # one telephone gave up, and another one was lifted
        elif event.event == "ended":
            ended = max(ended or event.at, event.at)
            duration = event.duration if event.duration is not None else duration
            if duration and not answered:
                answered = max(ended - timedelta(seconds=duration), self.started_at)
        elif event.event == "missed" and not answered:
            # one telephone of several that rang; while somebody talks, the call goes on
            ended = max(ended or event.at, event.at)
        if answered and ended and not duration:
            duration = max(0, int((ended - answered).total_seconds()))
        return {"answered_at": answered, "ended_at": ended, "duration": duration}

    def _get_state(self):
        if self.ended_at:
            return "ended" if self.answered_at else "missed"
        return "answered" if self.answered_at else "ringing"

    # === WHO AND WHERE ===

    def _place(self, event):
        """Find the customer, and what the number stands for that was called."""
        values = {}
        if event.number and not self.partner_id and self.number:
            customers = self._get_customers()
            if len(customers.commercial_partner_id) == 1:
                values["partner_id"] = customers[0].id
        if event.line and not self.channel_id and not self.utm_source_id:
            place = self.pbx_id._get_line(self.line)
            values |= {
                "channel_id": place.channel_id.id,
                "utm_source_id": place.utm_source_id.id,
                "utm_medium_id": place.utm_medium_id.id,
            }
        if not self.team_id:
            channel = self.channel_id.browse(values.get("channel_id")) or self.channel_id
            values["team_id"] = (channel.team_id or self.pbx_id.team_id).id
        values = {name: value for name, value in values.items() if value}
        if values:
            self.write(values)

    def _get_customers(self):
        """The customers of this company with this number, the likeliest first; one look-up."""
        Partner = self.env["res.partner"].with_company(self.company_id)
        found = Partner._find_callers(self.number)
        return found.filtered(lambda one: one.company_id.id in (False, self.company_id.id))

    def _get_responsible(self):
        """Who looks after the caller: the customer's person, else the called number's."""
        # the telephone system has to be told, whoever may see the customer
        call = self.sudo()
        people = call.partner_id._get_responsible() if call.partner_id else call.user_id.browse()
        people = people._filter_serving(call.company_id)
        if not people:
            channel = call.channel_id
            people = channel._get_order_defaults(call.company_id)[0] if channel else people
        return people.sudo(False)

    def _get_route(self):
        """``(person, extension)`` for whom the call is; the extension is empty where none is known.

        Somebody whom nobody looks after is for whoever the telephone system chooses.
        """
        person = self._get_responsible()
        lines = self.pbx_id.extension_ids.filtered(lambda line: line.user_id == person)
        return person, lines[:1].extension or ""

    def _is_internal(self):
        """Whether a colleague calls: the other side is an extension."""
        return self.number in self.pbx_id.extension_ids.mapped("extension")

    # === WHAT FOLLOWS ===

    def _react(self, event, before):
        """Tell people, make and settle tasks, write the history; once for each change."""
        after = self.state
        if self.direction == "in" and not self._is_internal():
            self._show_cards(event)
        if self.answered_at and before in (None, "ringing", "requested", "missed", "failed"):
            self._settle()
        if after in ("ended", "missed") and after != before:
            self._log()
        if after == "missed" and before != "missed":
            if self.direction == "in":
                self._miss()
            elif self.is_by_rule and before != "failed":  # then there is a task already
                states = self._fields["state"]._description_selection(self.env)
                self._ask_person(dict(states)[after])
