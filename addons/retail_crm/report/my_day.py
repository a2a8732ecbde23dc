"""What a person has to do today: calls and tasks that are due, and orders that are overdue."""

from odoo import fields, models
from odoo.tools import SQL, format_time


class RetailMyDay(models.Model):
    """One row for each task due today or before, and for each order past its norm.

    The task that the sweep makes for an overdue order is the order itself: it is listed once.
    """

    _name = "retail.my.day"
    _description = "My Day"
    _auto = False
    _order = "due_at, id"
    _depends = {
        "mail.activity": [
            "active",
            "activity_type_id",
            "date_deadline",
            "remind_at",
            "res_id",
            "res_model",
            "res_name",
            "summary",
            "user_id",
            "user_tz",
        ],
        "sale.order": ["name", "partner_id", "stage_deadline", "stage_id", "team_id", "user_id"],
    }

    kind = fields.Selection(
        [("call", "Call"), ("task", "Task"), ("order", "Overdue Order")], readonly=True
    )
    name = fields.Char("What", readonly=True)
    record_name = fields.Char("About", readonly=True)
    due_at = fields.Datetime("Due", readonly=True)
    day = fields.Date(readonly=True)
    has_hour = fields.Boolean(readonly=True)
    hour = fields.Char("Time", compute="_compute_hour")
    user_id = fields.Many2one("res.users", "Assigned To", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    activity_id = fields.Many2one("mail.activity", readonly=True)

    @property
    def _table_query(self):
        now = fields.Datetime.now()
        return SQL("%s UNION ALL %s", self._select_tasks(now), self._select_orders(now))

    def _select_tasks(self, now):
        """Tasks by the day it is where their person is; without an hour they are due all day."""
        zone = SQL("COALESCE(task.user_tz, 'UTC')")
        return SQL(
            """
            SELECT task.id * 2 AS id,
                   CASE WHEN kind.category = 'phonecall' THEN 'call' ELSE 'task' END AS kind,
                   COALESCE(NULLIF(task.summary, ''), kind.name->>%(lang)s, kind.name->>'en_US')
                       AS name,
                   task.res_name AS record_name,
                   COALESCE(task.remind_at,
                       task.date_deadline::timestamp AT TIME ZONE %(zone)s AT TIME ZONE 'UTC')
                       AS due_at,
                   task.date_deadline AS day, task.remind_at IS NOT NULL AS has_hour,
                   task.user_id, ord.team_id, ord.company_id, ord.id AS order_id,
                   task.id AS activity_id
              FROM mail_activity task
         LEFT JOIN mail_activity_type kind ON kind.id = task.activity_type_id
         LEFT JOIN sale_order ord ON task.res_model = 'sale.order' AND ord.id = task.res_id
             WHERE task.active AND task.user_id IS NOT NULL
               AND task.date_deadline <=
                   (%(now)s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
               AND NOT (task.activity_type_id = %(overdue)s AND ord.stage_deadline <= %(now)s
                        AND ord.user_id = task.user_id)
            """,
            lang=self.env.lang or "en_US",
            zone=zone,
            now=now,
            overdue=self._get_overdue_type(),
        )

    def _get_overdue_type(self):
        kind = self.env.ref("retail_crm.mail_activity_overdue", raise_if_not_found=False)
        return kind.id if kind else 0

    def _select_orders(self, now):
        return SQL(
            """
            SELECT ord.id * 2 + 1 AS id, 'order' AS kind,
                   COALESCE(stage.name->>%(lang)s, stage.name->>'en_US') AS name,
                   ord.name || ' · ' || customer.complete_name AS record_name,
                   ord.stage_deadline AS due_at,
                   (ord.stage_deadline AT TIME ZONE 'UTC'
                       AT TIME ZONE COALESCE(person.tz, 'UTC'))::date AS day,
                   TRUE AS has_hour,
                   ord.user_id, ord.team_id, ord.company_id, ord.id AS order_id,
                   NULL::int AS activity_id
              FROM sale_order ord
              JOIN retail_order_stage stage ON stage.id = ord.stage_id
              JOIN res_partner customer ON customer.id = ord.partner_id
              JOIN res_users account ON account.id = ord.user_id
              JOIN res_partner person ON person.id = account.partner_id
             WHERE ord.stage_deadline IS NOT NULL AND ord.stage_deadline <= %(now)s
            """,
            lang=self.env.lang or "en_US",
            now=now,
        )

    def _compute_hour(self):
        for row in self:
            if row.has_hour:
                local = fields.Datetime.context_timestamp(row, row.due_at)
                row.hour = format_time(self.env, local.time(), time_format="short")
            else:
                row.hour = False

    def action_open(self):
        """Open what it is about: the order, or the document of the task."""
        self.ensure_one()
        if self.activity_id:
            return self.activity_id.action_open_document()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }

    def action_done(self):
        """The task is done; an overdue order is done by moving it."""
        self.activity_id.action_done()
        return True
