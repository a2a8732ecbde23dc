from odoo import models
from odoo.exceptions import UserError


class DocumentSeries(models.Model):
    _inherit = "document.series"

    def action_open_numbers(self):
        """Open the register of the numbers given."""
        return self._open("multi_warehouse_docs.document_register_action")

    def action_open_void(self):
        """Open the register of the numbers that are void."""
        action = self._open("multi_warehouse_docs.document_register_action")
        action["context"] = {"search_default_void": 1}
        return action

    def action_open_gaps(self):
        """Open the list of missing numbers."""
        return self._open("multi_warehouse_docs.document_series_gap_action")

    def _open(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("series_id", "in", self.ids)]
        action["context"] = {}
        return action

    def write(self, vals):
        if {"first_number", "first_date"} & vals.keys():
            self._check_first_number(vals)
        return super().write(vals)

    def _check_first_number(self, vals):
        """Refuse a first number for a period that has numbers: it would change nothing."""
        for series in self:
            new = series.new(
                {
                    "reset": vals.get("reset", series.reset),
                    "first_number": vals.get("first_number", series.first_number),
                    "first_date": vals.get("first_date", series.first_date),
                }
            )
            if (new.first_number, new.first_date) == (series.first_number, series.first_date):
                continue
            if new.first_date:
                given = series._get_last(series._get_period(new.first_date))
            else:
                given = series.number_count
            if given:
                raise UserError(
                    self.env._(
                        "%s has numbers of this period already, so it goes on from the last one. "
                        "A first number can be set for a later period, or on a new series.",
                        series.name,
                    )
                )
