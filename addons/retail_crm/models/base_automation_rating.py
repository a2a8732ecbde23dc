"""Rules that ask customers how it was."""

from odoo import api, fields, models


class BaseAutomation(models.Model):
    _inherit = "base.automation"

    asks_opinion = fields.Boolean(
        "Question about Satisfaction",
        help="Not to customers who do not want to be asked how content they are.",
    )


class RetailTriggerRun(models.Model):
    _inherit = "retail.trigger.run"

    @api.model
    def _may_send(self, rule, partner, kind):
        if rule.asks_opinion and partner:
            # asking about an order belongs to the order until the customer says no
            said = partner._get_consents(kind, "survey")
            if said.get(partner.id) == "withdrawn":
                return False
        return super()._may_send(rule, partner, kind)
