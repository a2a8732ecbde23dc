from collections import defaultdict
from datetime import UTC, timedelta

from odoo import fields, models

#: a browser that was closed without a word says "online" for ever; it reports every minute
SILENCE = timedelta(minutes=10)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_serving(self, company):
        """Those of these users who are still here and work for that company."""
        # where colleagues work is not everyone's to read
        people = self.sudo().filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        return people.with_env(self.env)

    def _filter_present(self, presence, company):
        """Those of these users who are at work right now.

        ``presence``: ``any`` (everybody), ``online`` (active in Odoo and not on leave),
        ``shift`` (within their working hours, not on leave).
        """
        if presence == "any":
            return self
        # whoever enters an order need not see where colleagues are: the rule does
        people = self.sudo()
        if presence == "online":
            people = people._filter_online()._filter_working(company, on_leave_only=True)
        else:
            people = people._filter_working(company)
        return people.with_env(self.env)

    def _filter_online(self):
        """Those who are active in Odoo and have not set themselves away or busy."""
        since = fields.Datetime.now() - SILENCE
        active = self.env["mail.presence"].search_fetch(
            [
                ("user_id", "in", self.ids),
                ("status", "=", "online"),
                ("last_poll", ">=", since),
            ],
            ["user_id"],
        )
        return (active.user_id & self).filtered(lambda user: not user.manual_im_status)

    def _filter_working(self, company, on_leave_only=False):
        """Those within their working hours and not on leave; or just those not on leave."""
        now = fields.Datetime.now().replace(tzinfo=UTC)
        soon = now + timedelta(minutes=1)
        resources = self.resource_ids.filtered(
            lambda one: one.active and one.company_id in (company, self.env["res.company"])
        )
        by_user = {resource.user_id: resource for resource in resources}
        alike = defaultdict(self.browse)
        for user in self:
            # nobody needs an employee card: without one the company's hours count
            own = by_user[user].calendar_id if user in by_user else None
            alike[own or company.resource_calendar_id] |= user
        present = self.browse()
        for calendar, users in alike.items():
            if not calendar:  # the company keeps no hours at all
                present |= users
                continue
            wanted = self.env["resource.resource"].union(
                *(by_user[user] for user in users if user in by_user)
            )
            if on_leave_only:
                away = calendar._leave_intervals_batch(now, soon, wanted)
                here = {key for key, intervals in away.items() if not intervals}
            else:
                work = calendar._work_intervals_batch(now, soon, wanted)
                here = {key for key, intervals in work.items() if intervals}
            present |= users.filtered(
                lambda user, here=here: (by_user[user].id if user in by_user else False) in here
            )
        return self & present
