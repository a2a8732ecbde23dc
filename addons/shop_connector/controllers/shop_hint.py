"""Where a shop tells that something changed. The call is only a hint: the truth is read again."""

import logging

from odoo import http
from odoo.http import request

from ..shopapi.errors import AuthError, DataError

_logger = logging.getLogger(__name__)

#: a hint names records; some systems send whole orders along, which is not looked at
MAX_BYTES = 1024 * 1024


class ShopHintController(http.Controller):
    @http.route(
        "/shop_connector/hint/<int:shop_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BYTES,
    )
    def take_hint(self, shop_id, **_parameters):
        """Note what changed in the shop; nothing is read from the shop while it waits for us.

        Answers 202 when noted, 200 when the very same call came before, 401 when the signature is
        not good, 400 when it is not understood, 404 when there is no such shop, 413 when too big.
        """
        if (request.httprequest.content_length or 0) > MAX_BYTES:
            return self._answer(413, "The call is too big.")
        # anonymous by nature: the signature, checked below, is the permission
        shop = request.env["shop.shop"].sudo().browse(shop_id).exists()
        if not shop or not shop._takes_hints():
            return self._answer(404, "There is no such shop here.")
        # kept, because Odoo calls this again when two transactions meet
        headers, body = request.httprequest.headers, request.httprequest.get_data(cache=True)
        try:
            hints = shop._read_hints(headers, body)
        except AuthError as error:
            _logger.info("Web shop %s: call refused: %s", shop.name, error)
            return self._answer(401, str(error))
        except DataError as error:
            _logger.info("Web shop %s: call not understood: %s", shop.name, error)
            return self._answer(400, str(error))
        is_new = shop._take_call(headers, body, hints)
        return self._answer(202 if is_new else 200, "Noted." if is_new else "Noted before.")

    def _answer(self, status, message):
        return request.make_json_response({"message": message}, status=status)
