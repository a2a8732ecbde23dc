"""How addresses that are open to the world are called: by programs of strangers."""

from odoo.http import HttpDispatcher, request

#: the ``type`` of such routes
STRANGER = "retail_crm_stranger"


class StrangerDispatcher(HttpDispatcher):
    """Plain HTTP, but nothing of what is sent becomes an argument, and every error is JSON.

    Odoo hands the fields of a form over as arguments: one named "self" would be an error of the
    server, and the whole body would be read before the endpoint can refuse it. Here an endpoint
    gets what its path says, and reads the rest itself.
    """

    routing_type = STRANGER

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        error = super().handle_error(exc)
        status = getattr(error, "code", None)
        if not status:  # a whole answer
            return error
        # nothing from inside is told, and whoever reads it is a program: no page, no translation
        answer = {"status": "error", "message": error.name}
        return request.make_json_response(answer, status=status)
