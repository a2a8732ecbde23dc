"""Where forms of web sites send to. Open to the world: the form's address is the permission."""

import re
from urllib.parse import unquote_to_bytes

from markupsafe import Markup

from odoo import SUPERUSER_ID, http
from odoo.http import request
from odoo.tools.misc import get_lang

from ..services import lead_form
from .open_route import FORM_TYPES, open_route

#: more than any form may be set to
MAX_BYTES = 1024 * 1024
#: what an address can look like: anything else the database need not be asked for
TOKEN = re.compile(r"[\w-]{1,100}", re.ASCII)
PAGE = Markup(
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>%(title)s</title></head>'
    "<body><p>%(title)s</p><ul>%(rows)s</ul></body></html>"
)


class LeadFormController(http.Controller):
    @open_route("/retail_crm/form/<string:token>", MAX_BYTES, methods=("POST", "OPTIONS"))
    def take_form(self, token):
        """Take in what a visitor wrote, and make an inquiry of it.

        The body is a form (urlencoded, multipart) or a JSON object. Answers 201 when an inquiry was
        made, 200 when the very same came before, 303 to the thank-you page for a browser's form;
        422 with the fields to mend, 400 and 415 when the body is not understood, 403 for a web site
        that may not send, 404 for no such form, 413 when too big, 429 with Retry-After.
        """
        # anonymous by nature, and what follows is the system's work: the address is the permission
        forms = request.env(user=SUPERUSER_ID, su=True)["retail.lead.form"]
        form = forms.search([("token", "=", token)], limit=1) if TOKEN.fullmatch(token) else forms
        if not form:
            return self._refuse(404, forms.env._("There is no such form here."))
        form = self._in_place(form)
        origin = request.httprequest.headers.get("Origin")
        if origin and not form._allows(origin):
            text = form.env._(
                "%s may not send to this form: it is not among its web sites.", origin
            )
            return self._refuse(403, text)
        if request.httprequest.method == "OPTIONS":
            response = request.make_response("", status=204)
        else:
            response = self._take(form, origin)
        return self._allow(response, origin)

    def _in_place(self, form):
        """The form in its company and in the visitor's language, as far as it is known here."""
        env = form.env
        codes = [code for code, _name in env["res.lang"].get_installed()]
        wanted = request.best_lang or ""
        lang = next((code for code in codes if code[:2] == wanted[:2]), get_lang(env).code)
        company = form.company_id
        return form.with_context(lang=lang, allowed_company_ids=company.ids).with_company(company)

    def _take(self, form, origin):
        visitor = {"ip": request.httprequest.remote_addr, "origin": (origin or "")[:200]}
        attempts = form.env["retail.lead.form.attempt"]
        pause = form._get_pause(visitor["ip"])
        if pause:
            text = form.env._("Too many messages. Try again in %s seconds.", pause)
            response = self._refuse(429, text)
            response.headers["Retry-After"] = str(pause)
            return response
        status, text, data = self._read_body(form)
        if status:
            attempts._note(form, "refused", visitor, reason=text)
            return self._refuse(status, text)
        submission = form._read(data)
        if submission.is_trap:
            # a robot must not learn that it was found out
            return self._accept(form, attempts._note(form, "dropped", visitor), False)
        if submission.errors:
            errors = form._describe_errors(submission)
            attempts._note(form, "refused", visitor, reason=", ".join(submission.errors)[:200])
            text = form.env._("Please mend these fields.")
            return self._refuse(422, text, errors)
        key = request.httprequest.headers.get("Idempotency-Key")
        key = lead_form.clean(key or submission.values.get("external_id"), 120)
        if key and request.httprequest.headers.get("Origin"):
            # a browser's number is anybody's to choose: it counts together with what was said
            key = f"{key} {submission.fingerprint}"
        attempt, is_repeated = form._submit(submission, visitor, key)
        return self._accept(form, attempt, is_repeated)

    # === BODY ===

    def _read_body(self, form):
        """``(0, None, data)``, or status and reason when there is no data to be had."""
        call = request.httprequest
        limit = min(form.size_limit * 1024, MAX_BYTES)
        if (call.content_length or 0) > limit:
            text = form.env._("The message is too long: at most %s kB.", limit // 1024)
            return 413, text, None
        if call.mimetype == "application/json":
            try:
                # kept, because Odoo calls this again when two transactions meet
                return 0, None, lead_form.read_json(call.get_data(cache=True))
            except lead_form.FormFault as fault:
                texts = {
                    "json": form.env._("This is not JSON."),
                    "shape": form.env._("The JSON text has to be an object."),
                }
                return 400, texts[fault.code], None
        if call.mimetype in FORM_TYPES:
            charset = call.form.get("_charset_") or call.mimetype_params.get("charset")
            rows = call.form.lists()
            return 0, None, {key: [_decode(text, charset) for text in row] for key, row in rows}
        return 415, form.env._("Send a form or JSON."), None

    # === ANSWERS ===

    def _wants_page(self):
        """Whether a browser waits for a page, not a program for data."""
        call = request.httprequest
        accepts = call.accept_mimetypes
        return call.mimetype in FORM_TYPES and (accepts["text/html"] > accepts["application/json"])

    def _accept(self, form, attempt, is_repeated):
        if self._wants_page():
            if form.thanks_url:
                return request.redirect(form.thanks_url, code=303, local=False)
            return self._page(200, form.env._("Thank you. We have your message."))
        answer = {"id": attempt.reference, "status": "created", "duplicate": is_repeated}
        orders = attempt.lead_id.order_ids
        if orders:
            answer["order"] = orders[:1].name
        return request.make_json_response(answer, status=200 if is_repeated else 201)

    def _refuse(self, status, message, errors=None):
        if self._wants_page():
            return self._page(status, message, errors)
        answer = {"status": "error", "message": message} | ({"errors": errors} if errors else {})
        return request.make_json_response(answer, status=status)

    def _page(self, status, title, errors=None):
        rows = (Markup("<li>%s: %s</li>") % row for row in (errors or {}).items())
        page = PAGE % {"title": title, "rows": Markup().join(rows)}
        return request.make_response(
            page, [("Content-Type", "text/html; charset=utf-8")], status=status
        )

    def _allow(self, response, origin):
        """Let a page of that web site read the answer."""
        response.headers["Vary"] = "Origin"
        if origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Methods"] = "POST"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key"
            response.headers["Access-Control-Max-Age"] = "600"
        return response


def _decode(text, charset):
    """Text of an old form that is not UTF-8: what could not be read then came percent-encoded."""
    if not charset or charset.lower() in ("utf-8", "utf8") or "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode(charset)
    except (LookupError, ValueError):
        return text
