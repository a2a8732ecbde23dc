from collections import OrderedDict

from odoo import models

from .stock_picking_print import ANY_LAYOUT


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print documents of several types in one go, each by the report its type has chosen.

        So paper formats and whatever else hangs on a report hold, too.
        """
        report = self._get_report(report_ref)
        if report.report_name != ANY_LAYOUT or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = OrderedDict()
        for layout, documents in (
            self.env["stock.picking"].browse(res_ids)._group_by_layout().items()
        ):
            found = super()._render_qweb_pdf_prepare_streams(
                layout, dict(data or {}), res_ids=documents.ids
            )
            whole = found.pop(False, None)  # one file for all of them: copies cannot be told apart
            streams.update({one: {"stream": None, "attachment": None} for one in documents.ids})
            streams.update(found)
            if whole:
                streams[documents.ids[0]] = whole
        return streams
