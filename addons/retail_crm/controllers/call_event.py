"""Where telephone systems tell of calls."""

import re

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..services import call_event
from ..services.lead_form import FormFault
from .open_route import open_route, read_values

MAX_BYTES = 64 * 1024
#: what is wrong with the body, in words
FAULTS = {
    "json": "This is not JSON.",
    "shape": "The JSON text has to be an object.",
    "type": "Send a form or JSON.",
}
#: what a part of an event has to be
PARTS = {
    "event": "Tell the event: ringing, answered, ended or missed.",
    "call_id": "Tell the call_id, your own number of the call.",
}
BEARER = re.compile(r"\s*Bearer\s+(\S+)\s*\Z", re.IGNORECASE)


class CallEventController(http.Controller):
    @open_route("/retail_crm/call/<int:pbx_id>", MAX_BYTES)
    def take_event(self, pbx_id):
        """Take note of what happened to a call.

        The body is a JSON object or a form. The key of the telephone system comes as bearer token,
        or as ``token`` in the body or the address.

        - ``event``: ringing, answered, ended or missed
        - ``call_id``: the telephone system's own number of the call, the same in all its events
        - ``direction``: in (default) or out
        - ``number``: of the customer; empty when it is withheld
        - ``line``: the number of ours that was called
        - ``extension``: who rings or answers; several with commas between
        - ``time``: ISO 8601 or seconds since 1970; else it is now
        - ``duration``: seconds of the talk, with ended
        - ``recording``: address with https://
        - ``reference``: as it was given with a call that was asked for

        The same event twice changes nothing, and one that comes late is put in its place. Answers
        201 for a new call and 200 for a known one, with ``extension`` and ``user`` of the
        customer's responsible, ``null`` where there is none, and the ``customer``; 400 when the
        event is not understood, 401 for a wrong key, 413 when it is too long, 429 (Retry-After)
        for too many new calls.
        """
        # anonymous by nature, and what follows is the system's work: the key is the permission
        env = request.env(user=SUPERUSER_ID, su=True)
        try:
            values = read_values(MAX_BYTES)
        except FormFault as fault:
            return self._refuse(400, FAULTS[fault.code])
        pbx = env["retail.pbx"]._authenticate(pbx_id, self._get_token(values))
        if not pbx:
            return self._refuse(401, "This is not the key of the telephone system.")
        try:
            event = call_event.read(values)
        except call_event.EventFault as fault:
            return self._refuse(400, PARTS[fault.field], field=fault.field)
        pbx = self._in_place(pbx)
        pause = 0 if pbx.env["retail.call"]._is_known(pbx, event) else pbx._get_pause()
        if pause:
            response = self._refuse(429, f"Too many new calls. Wait {pause} seconds.")
            response.headers["Retry-After"] = str(pause)
            return response
        return self._answer(*pbx.env["retail.call"]._take_event(pbx, event))

    def _in_place(self, pbx):
        """The telephone system in its company, with nothing followed that it does."""
        company = pbx.company_id
        return pbx.with_context(
            lang=company.partner_id.lang,
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )

    def _get_token(self, values):
        found = BEARER.match(request.httprequest.headers.get("Authorization") or "")
        return found[1] if found else values.get("token") or ""

    def _answer(self, call, is_new):
        person, extension = call._get_route()
        answer = {
            "status": "created" if is_new else "known",
            "call": call.id,
            "state": call.state,
            "extension": extension or None,
            "user": person.name or None,
            "customer": call.partner_id.display_name or None,
        }
        return request.make_json_response(answer, status=201 if is_new else 200)

    def _refuse(self, status, message, **more):
        answer = {"status": "error", "message": message} | more
        return request.make_json_response(answer, status=status)
