from odoo import api, fields, models

#: contacts read in one go that are worth a line: more than any list shows on a page
MANY = 500


class RetailAccessLog(models.Model):
    """Who took how much of the customer base out: exports, and reads of many contacts at once."""

    _name = "retail.access.log"
    _description = "Mass Access to Customers"
    _order = "id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, index=True)
    create_date = fields.Datetime("When", index=True)
    kind = fields.Selection(
        [("export", "Export"), ("read", "Read")], "How", required=True, readonly=True
    )
    model = fields.Selection(
        [("res.partner", "Contacts"), ("sale.order", "Orders"), ("crm.lead", "Leads")],
        "What",
        required=True,
        readonly=True,
    )
    record_count = fields.Integer("Records", readonly=True, aggregator="sum")
    field_names = fields.Char("Fields", readonly=True)

    @api.model
    def _note(self, records, kind, names):
        """One line about ``records``; what the system itself reads is not noted."""
        if not records or self.env.su:
            return
        # nobody writes in this log but the log itself
        self.sudo().create(
            {
                "user_id": self.env.uid,
                "kind": kind,
                "model": records._name,
                "record_count": len(records),
                "field_names": ", ".join(sorted(names)),
            }
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self.env["retail.access.log"]._note(self, "export", fields_to_export)
        return result

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load=load)
        if len(self) >= MANY:
            self.env["retail.access.log"]._note(self, "read", fnames)
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self.env["retail.access.log"]._note(self, "export", fields_to_export)
        return result


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self.env["retail.access.log"]._note(self, "export", fields_to_export)
        return result
