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
        documents = self.env[report.model].browse(res_ids)
        streams = OrderedDict(
            (document.id, {"stream": None, "attachment": None}) for document in documents
        )
        for layout, chosen in documents._group_by_layout().items():
            # a document is printed as often as it is named; Odoo then leaves all in one file
            found = super()._render_qweb_pdf_prepare_streams(
                layout, dict(data or {}), res_ids=chosen._get_document_copies()
            )
            together = found.pop(False, None)
            streams.update(found)
            if together:
                streams[chosen.ids[0]] = together
        return streams
