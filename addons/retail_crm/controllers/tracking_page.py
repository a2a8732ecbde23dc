"""Where is my order? Anybody who has the address sees it, and nothing else of the order."""

from odoo.http import Controller, request, route

#: the address is the key: neither search engines nor linked pages nor caches get it
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class TrackingPage(Controller):
    @route("/track/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def track(self, token, **_parameters):
        """The page of one order, or of the one it was merged into; 404 for any other token."""
        # the token is the permission; it was drawn from 2 ** 192
        orders = request.env["sale.order"].sudo()
        order = orders.search([("tracking_token", "=", token)], limit=1)
        if not order:
            raise request.not_found()
        if order.merged_into_id:
            response = request.redirect(order.merged_into_id._get_tracking_path(), code=302)
            response.headers.update(HEADERS)
            return response
        order = order.with_context(lang=order.partner_id.lang or request.env.lang)
        response = request.render(
            "retail_crm.tracking_page",
            {
                "order": order,
                "steps": order._get_tracking_steps(),
                "parcels": order._get_parcels(),
                "is_open": order.stage_category not in ("done", "cancelled"),
            },
        )
        response.headers.update(HEADERS)
        return response
