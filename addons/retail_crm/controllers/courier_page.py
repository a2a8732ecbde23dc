"""The courier's page: made by the server for the width of a phone, without a line of script.

Only the tasks of the courier who is logged in; any other number answers 404.
"""

from datetime import UTC

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import Controller, request, route

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
PAGE = "/my/courier"


class CourierPage(Controller):
    @route(PAGE, type="http", auth="user", methods=["GET"], sitemap=False)
    def tasks(self, **_parameters):
        """The courier's own tasks: what is to do by deadline, then what was finished today."""
        self._check_courier()
        tasks = request.env["retail.courier.task"]
        mine = Domain("courier_id", "=", request.env.uid)
        todo = tasks.search(mine & Domain("state", "=", "todo"))
        midnight = fields.Datetime.context_timestamp(tasks, fields.Datetime.now()).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        since = midnight.astimezone(UTC).replace(tzinfo=None)
        finished = tasks.search(mine & Domain("done_at", ">=", since), order="done_at desc")
        return self._render(
            "retail_crm.courier_page_list",
            todo=[task._describe_for_courier() for task in todo],
            finished=[task._describe_for_courier() for task in finished],
        )

    @route(f"{PAGE}/<int:task_id>", type="http", auth="user", methods=["GET"], sitemap=False)
    def task(self, task_id, **_parameters):
        """One task with its two buttons."""
        return self._show(self._find(task_id))

    @route(f"{PAGE}/<int:task_id>/done", type="http", auth="user", methods=["POST"], sitemap=False)
    def done(self, task_id, **_parameters):
        """It is done; pressed twice it is done once."""
        return self._finish(self._find(task_id), "action_done")

    @route(
        f"{PAGE}/<int:task_id>/not_done", type="http", auth="user", methods=["POST"], sitemap=False
    )
    def not_done(self, task_id, reason="", **_parameters):
        """It was not done, and why; without a reason the page asks again."""
        return self._finish(self._find(task_id), "action_not_done", reason)

    @route(
        f"{PAGE}/<int:task_id>/document/<int:document_id>",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def document(self, task_id, document_id, **_parameters):
        """A document that was given with the task, and no other one."""
        # the courier reads no files but those of his tasks; the task was checked
        document = (
            self._find(task_id).sudo().document_ids.filtered(lambda each: each.id == document_id)
        )
        if not document:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(document)
        return stream.get_response(as_attachment=True)

    def _check_courier(self):
        if not request.env.user.has_group("retail_crm.group_courier"):
            raise request.not_found()

    def _find(self, task_id):
        """The courier's own task of that number; 404 for all else."""
        self._check_courier()
        mine = Domain("courier_id", "=", request.env.uid) & Domain("id", "=", task_id)
        task = request.env["retail.courier.task"].search(mine, limit=1)
        if not task:
            raise request.not_found()
        return task

    def _finish(self, task, action, *values):
        """Back to the list, or the task again with what hindered it; then nothing is written."""
        try:
            with request.env.cr.savepoint():
                getattr(task, action)(*values)
        except UserError as error:
            return self._show(task, told=str(error))
        return request.redirect(PAGE, code=303)

    def _show(self, task, told=""):
        return self._render(
            "retail_crm.courier_page_task", task=task._describe_for_courier(), told=told
        )

    def _render(self, template, **values):
        response = request.render(template, values)
        response.headers.update(HEADERS)
        return response
