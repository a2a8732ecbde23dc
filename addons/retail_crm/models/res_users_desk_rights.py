from odoo import models

#: may do what is left to seniors; those who have no role at the desk are not its business
OPERATOR = "retail_crm.group_retail_crm_user"
SENIOR = "retail_crm.group_retail_crm_senior"
#: sees only the customers and orders that are theirs
OWN_CLIENTS = "retail_crm.group_own_clients"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _may_handle_large_orders(self):
        """Whether orders above the company's limit are this user's business, too."""
        self.ensure_one()
        return self.has_group(SENIOR) or not self.has_group(OPERATOR)
