"""The end of a courier's task: done, not done, or no longer wanted."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .retail_courier_task import ACTIVITY


class RetailCourierTask(models.Model):
    _inherit = "retail.courier.task"

    def action_done(self):
        """It is done: the responsible hears of it, the order goes on. Doing it twice is once."""
        for task in self._get_finishable():
            # what was collected stays as it was, whatever is booked afterwards
            task._finish("done", amount_to_collect=task._get_amount_due())
            task._tell(
                task.env._("Courier: done"), task.text, task._get_collected(), task._move_order_on()
            )
        return True

    def action_not_done(self, reason=None):
        """It could not be done; ``reason`` in a few words, else the one that the task has."""
        reason = " ".join((reason or "").split())
        for task in self._get_finishable():
            why = reason or task.reason
            if not why:
                raise UserError(self.env._("Say why it was not done."))
            task._finish("not_done", reason=why[:500])
            task._tell(task.env._("Courier: not done"), task.text, why)
        return True

    def action_cancel(self):
        """It is no longer wanted; the courier hears of it."""
        for task in self.filtered(lambda each: each.state == "todo"):
            task.check_access("write")
            task._finish("cancelled")
            task.message_notify(
                subject=self.env._("No longer to do: %s", task.display_name),
                body=self.env._("%s need not be done any more.", task.display_name),
                partner_ids=task.courier_id.partner_id.ids,
            )
        return True

    def action_reopen(self):
        """Try once more."""
        self.check_access("write")
        again = self.filtered(lambda each: each.state in ("not_done", "cancelled"))
        # sudo: who may give the task may not be allowed to read its order
        if "cancel" in again.sudo().order_id.mapped("state"):
            raise UserError(self.env._("The order is cancelled."))
        again.write({"state": "todo", "done_at": False})
        again._plan_for_courier()
        return True

    def _get_finishable(self):
        """Those that are still to do, as the system; AccessError when they are another's."""
        self.check_access("read")
        others = self.filtered(lambda task: task.courier_id != self.env.user)
        if others and not others.has_access("write"):
            raise AccessError(self.env._("This is another courier's task."))
        # couriers change nothing but by this: the end of their own task and what follows from it
        return self.sudo().filtered(lambda task: task.state == "todo")

    def _finish(self, state, **values):
        self.write({"state": state, "done_at": fields.Datetime.now(), **values})
        # the courier's own reminder; told to the responsible in the history of the order
        self.sudo().activity_unlink([ACTIVITY])

    def _get_amount_due(self):
        """What is still to be collected: no more than is open by now, as people pay meanwhile."""
        if not self.order_id or self.state != "todo":
            return self.amount_to_collect
        open_amount = self.order_id.amount_total - self.order_id._get_paid_amount()
        return min(self.amount_to_collect, max(open_amount, 0.0))

    def _get_collected(self):
        if self.currency_id.compare_amounts(self.amount_to_collect, 0.0) <= 0:
            return None
        return self.env._("To be collected: %s", self.currency_id.format(self.amount_to_collect))

    def _move_order_on(self):
        """Bring the order to its next stage when this was its last task; what to tell of it."""
        order = self.order_id
        waiting = order.courier_task_ids.filtered(
            lambda task: task.state == "todo" and task.moves_order
        )
        stage = order._get_stage_after_courier() if self.moves_order and not waiting else None
        if not stage:
            return None
        try:
            with self.env.cr.savepoint():
                order._enter_stage(stage)
        except UserError as error:
            # what the courier did is done, whatever keeps the order back
            return self.env._(
                "%(order)s could not go on to %(stage)s: %(why)s",
                order=order.name,
                stage=stage.name,
                why=error,
            )
        return self.env._("%(order)s went on to %(stage)s.", order=order.name, stage=stage.name)

    def _tell(self, subject, *lines):
        """Into the history of the order or transfer, and to the one who answers for it."""
        document = self.order_id or self.picking_id or self
        person = self.order_id._get_answerable() if self.order_id else self.create_uid
        body = Markup("<br/>").join(filter(None, (subject, *lines)))
        told = person - self.env.user
        document.message_post(
            subject=subject,
            body=Markup("<p>%s</p>") % body,
            partner_ids=told.partner_id.ids,
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
