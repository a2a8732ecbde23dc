from odoo import api, fields, models


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    causal_id = fields.Many2one(
        "stock.causal",
        compute="_compute_causal_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        domain="[('source_usage', 'in', ('internal', 'third_party')), "
        "('destination_usage', '=', 'inventory')]",
    )

    @api.depends("location_id", "scrap_location_id")
    def _compute_causal_id(self):
        for scrap in self.filtered(lambda one: one.state != "done"):
            places = (scrap.location_id, scrap.scrap_location_id)
            if not scrap.causal_id._filter_fitting(*places):
                scrap.causal_id = scrap.causal_id._search_fitting(
                    *places, scrap.company_id, "scrap"
                )[:1]

    def do_scrap(self):
        for scrap in self.filtered("causal_id"):
            scrap.causal_id._check_places(
                scrap.location_id, scrap.scrap_location_id, scrap.company_id, scrap.display_name
            )
        return super().do_scrap()
