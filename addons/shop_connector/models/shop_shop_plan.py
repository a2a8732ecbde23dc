"""The dry run: what would be exchanged, found out without writing anywhere."""

import time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.http import request

from ..shopapi.errors import ShopError
from .shop_runner import FOREGROUND_SECONDS


class ShopShop(models.Model):
    _inherit = "shop.shop"

    plan_at = fields.Datetime("Last Dry Run", readonly=True, copy=False)
    plan_line_ids = fields.One2many("shop.plan.line", "shop_id", "Dry Run")
    plan_summary = fields.Html(compute="_compute_plan_summary")
    plan_problem_count = fields.Integer(compute="_compute_plan_summary")

    def _compute_plan_summary(self):
        Line = self.env["shop.plan.line"]
        labels = {
            name: dict(Line._fields[name]._description_selection(self.env))
            for name in ("direction", "kind", "action")
        }
        for shop in self:
            domain = [("shop_id", "=", shop.id)]
            groups = Line._read_group(domain, ["direction", "kind", "action"], ["__count"])
            shop.plan_summary = self.env["ir.qweb"]._render(
                "shop_connector.plan_summary",
                {"rows": self._summary_rows(groups, labels), "sides": labels["direction"]},
            )
            shop.plan_problem_count = Line.search_count([*domain, ("problem", "!=", False)])

    def _summary_rows(self, groups, labels):
        """``{direction: [(kind's name, {action: count})]}``, in the order of the kinds."""
        found = {}
        for direction, kind, action, count in groups:
            found.setdefault(direction, {}).setdefault(kind, {})[action] = count
        return {
            direction: [
                (labels["kind"][kind], kinds[kind]) for kind in labels["kind"] if kind in kinds
            ]
            for direction, kinds in found.items()
        }

    def _dry_run(self):
        """Compare both sides and keep what would be done as lines. Raises ShopError."""
        self.ensure_one()
        deadline = time.monotonic() + FOREGROUND_SECONDS if request else None
        with self._open_adapter(read_only=True) as adapter:
            self.env["shop.sync.plan"]._run(self, adapter, deadline)
        self.plan_at = fields.Datetime.now()

    def action_dry_run(self):
        """Show what the next exchange would do, without doing it."""
        self.ensure_one()
        self._check_manager()
        try:
            # products, stock and orders are looked at as the runner will: not with one's own rights
            self.sudo().with_company(self.company_id)._dry_run()
        except ShopError as error:
            raise UserError(self._explain(error)) from error
        return self.action_view_plan()

    def action_view_plan(self):
        """Open the lines of the last dry run."""
        return self._open(
            "shop_connector.shop_plan_line_action", {"search_default_by_direction": 1}
        )
