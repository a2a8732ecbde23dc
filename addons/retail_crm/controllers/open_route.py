"""What addresses for programs of others have in common: how they are called and read."""

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import http
from odoo.http import request

from ..services.lead_form import FormFault, read_json
from .stranger_dispatcher import STRANGER

#: the mimetypes of forms
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def open_route(path, max_bytes, methods=("POST",)):
    """An address for everybody, who shows by a token who they are; at most so many bytes."""
    return http.route(
        path,
        type=STRANGER,
        auth="public",
        methods=list(methods),
        csrf=False,
        save_session=False,
        max_content_length=max_bytes,
    )


def read_values(limit):
    """``{name: value}`` of a JSON object or a form, with what stands in the address's own query.

    Values of a form are texts, those of JSON whatever it has. ``limit``: bytes. Raises
    RequestEntityTooLarge, and FormFault ("json", "shape", "type") for what cannot be read.
    """
    call = request.httprequest
    if (call.content_length or 0) > limit:
        raise RequestEntityTooLarge
    values = call.args.to_dict()
    if call.mimetype in FORM_TYPES:
        return values | call.form.to_dict()
    if call.mimetype == "application/json":
        # kept, because Odoo calls a controller again when two transactions meet
        return values | read_json(call.get_data(cache=True))
    if call.content_length:
        raise FormFault("type")
    return values
