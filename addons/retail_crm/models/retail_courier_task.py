"""What a courier is to do: where, until when, with which papers, and how much to collect."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ACTIVITY = "retail_crm.activity_courier_task"


class RetailCourierTask(models.Model):
    _name = "retail.courier.task"
    _description = "Courier Task"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "deadline, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order",
        compute="_compute_order_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    courier_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain=lambda self: self._get_courier_domain(),
    )
    text = fields.Text(
        "What to Do",
        compute="_compute_text",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Where To",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The address the courier goes to, and whom to call there.",
    )
    deadline = fields.Datetime(
        compute="_compute_deadline", store=True, readonly=False, tracking=True
    )
    remind_minutes = fields.Integer(
        "Remind Before (Minutes)",
        default=30,
        help="How long before the deadline the courier is reminded; 0 for no reminder.",
    )
    document_ids = fields.Many2many("ir.attachment", string="Documents", copy=False)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, required=True, precompute=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", store=True)
    amount_to_collect = fields.Monetary(
        compute="_compute_amount_to_collect",
        store=True,
        readonly=False,
        help="What the customer still has to pay when the goods are handed over.",
    )
    moves_order = fields.Boolean(
        "Moves the Order On",
        default=True,
        help="When the last such task of an order is done, the order goes to its next stage.",
    )
    state = fields.Selection(
        [
            ("todo", "To Do"),
            ("done", "Done"),
            ("not_done", "Not Done"),
            ("cancelled", "Cancelled"),
        ],
        default="todo",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
    )
    reason = fields.Char("Why Not Done", copy=False, tracking=True)
    done_at = fields.Datetime("Finished", readonly=True, copy=False)
    # sudo: who may see the task sees where it leads, whoever looks after the contact
    map_url = fields.Char("Map", compute="_compute_map_url", compute_sudo=True)

    # the courier's list
    _todo_idx = models.Index("(courier_id, deadline) WHERE state = 'todo'")
    _remind_minutes_positive = models.Constraint(
        "CHECK(remind_minutes >= 0)", "The courier is reminded before the deadline: zero or more."
    )
    _reason_given = models.Constraint(
        "CHECK(state <> 'not_done' OR reason IS NOT NULL)", "Say why it was not done."
    )

    @api.model
    def _get_courier_domain(self):
        return [("all_group_ids", "in", self.env.ref("retail_crm.group_courier").ids)]

    # === COMPUTE: what the order and the transfer say, until a person says otherwise ===

    @api.depends("picking_id")
    def _compute_order_id(self):
        for task in self:
            task.order_id = task.order_id or task.picking_id.sale_id

    @api.depends("order_id", "picking_id")
    def _compute_partner_id(self):
        for task in self:
            place = task.order_id.partner_shipping_id or task.picking_id.partner_id
            task.partner_id = place or task.partner_id

    @api.depends("order_id", "picking_id")
    def _compute_deadline(self):
        for task in self:
            order, picking = task.order_id, task.picking_id
            promised = order.commitment_date or order.due_at or picking.date_deadline
            task.deadline = promised or picking.scheduled_date or task.deadline

    @api.depends("order_id", "picking_id")
    def _compute_text(self):
        for task in self:
            name = task.order_id.name or task.picking_id.name
            task.text = task.text or (self.env._("Deliver %s", name) if name else False)

    @api.depends("order_id", "picking_id")
    def _compute_company_id(self):
        for task in self:
            company = task.order_id.company_id or task.picking_id.company_id
            task.company_id = company or task.company_id or self.env.company

    @api.depends("order_id", "company_id")
    def _compute_currency_id(self):
        for task in self:
            task.currency_id = task.order_id.currency_id or task.company_id.currency_id

    @api.depends("order_id")
    def _compute_amount_to_collect(self):
        for task in self:
            order = task.order_id
            open_amount = order.amount_total - order._get_paid_amount() if order else 0.0
            task.amount_to_collect = max(open_amount, 0.0)

    @api.depends("partner_id")
    def _compute_map_url(self):
        for task in self:
            task.map_url = task.partner_id._get_map_links()[0] if task.partner_id else False

    @api.depends("order_id", "picking_id", "text")
    def _compute_display_name(self):
        for task in self:
            # the courier reads no orders; its number is on the parcel
            of = task.sudo().order_id.name or task.sudo().picking_id.name
            first_line = (task.text or "").partition("\n")[0]
            task.display_name = ": ".join(filter(None, (of, first_line)))

    @api.constrains("courier_id", "company_id")
    def _check_courier(self):
        for task in self:
            # which companies and roles colleagues have is not everyone's to read
            courier = task.courier_id.sudo()
            if not courier.has_group("retail_crm.group_courier"):
                raise ValidationError(self.env._("%s is no courier.", courier.name))
            if task.company_id not in courier.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(courier)s does not work for %(company)s.",
                        courier=courier.name,
                        company=task.company_id.name,
                    )
                )

    @api.constrains("document_ids")
    def _check_documents(self):
        """Nobody gives a courier what they may not read themselves."""
        # all of them, also those that a search as the user would leave out
        self.sudo().document_ids.with_env(self.env).check_access("read")

    # === LIFE ===

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create([self._with_picking(vals) for vals in vals_list])
        tasks._adopt_documents()
        tasks._plan_for_courier()
        return tasks

    def _with_picking(self, vals):
        """Task values with the transfer of the order that is waiting to leave, if it is one."""
        order = self.env["sale.order"].browse(vals.get("order_id"))
        return {"picking_id": order._get_leaving_picking().id, **vals} if order else vals

    def write(self, vals):
        result = super().write(vals)
        if "document_ids" in vals:
            self._adopt_documents()
        if {"courier_id", "deadline", "remind_minutes", "text"} & vals.keys():
            self._plan_for_courier()
        return result

    def _adopt_documents(self):
        """Documents uploaded in the window before the task was there are the task's."""
        for task in self:
            # checked just before: the user may read them
            new = task.sudo().document_ids.filtered(
                lambda each: each.res_model == self._name and not each.res_id
            )
            new.res_id = task.id

    def _plan_for_courier(self):
        """The courier's own task, with its reminder; Odoo tells them of it at once."""
        for task in self.filtered(lambda each: each.state == "todo"):
            values = task._prepare_activity_values()
            # whoever gives the task may plan for the courier
            planned = task.sudo().activity_search([ACTIVITY])
            if planned:
                planned.write(values)
            else:
                task.sudo().activity_schedule(ACTIVITY, **values)

    def _prepare_activity_values(self):
        self.ensure_one()
        now = fields.Datetime.now()
        at = (self.deadline or now) - timedelta(minutes=self.remind_minutes)
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=self.courier_id.sudo().tz), self.deadline or now
        )
        return {
            "user_id": self.courier_id.id,
            "summary": self.display_name,
            "date_deadline": local.date(),
            "remind_at": at if self.deadline and self.remind_minutes and at > now else False,
        }

    def _get_access_action(self, access_uid=None, force_website=False):
        """Links in messages lead the courier to the page for the phone."""
        self.ensure_one()
        user = self.env["res.users"].sudo().browse(access_uid or self.env.uid)
        if self.sudo().courier_id == user:
            return {"type": "ir.actions.act_url", "url": self._get_page_url(), "target": "self"}
        return super()._get_access_action(access_uid=access_uid, force_website=force_website)

    def _get_page_url(self):
        return f"/my/courier/{self.id}"

    def action_open_page(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._get_page_url(), "target": "self"}

    @api.model
    def _get_new_action(self, context):
        """The window in which a new task is written."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Courier Task"),
            "res_model": self._name,
            "views": [(self.env.ref("retail_crm.retail_courier_task_view_form").id, "form")],
            "target": "new",
            "context": context,
        }

    @api.model
    def _get_list_action(self, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_courier_task_action"
        )
        return {**action, "domain": domain, "context": context}
