from odoo import api, fields, models

from ..models.document_series import DOCUMENT_MODELS


class DocumentVoid(models.TransientModel):
    """Asks for the reason for which a numbered document is void."""

    _name = "document.void"
    _description = "Make a Document Void"

    document_ref = fields.Reference(DOCUMENT_MODELS, "Document", required=True, readonly=True)
    document_number = fields.Char(compute="_compute_document_number")
    is_transfer = fields.Boolean(compute="_compute_document_number")
    reason = fields.Char(required=True, help="The register and the copy of the document show it.")
    plan_again = fields.Boolean(
        "Plan the Same Transfer Again",
        help="A new transfer of the same goods is planned. It gets a number of its own when it is "
        "done.",
    )

    @api.depends("document_ref")
    def _compute_document_number(self):
        for wizard in self:
            wizard.document_number = wizard.document_ref.document_number
            wizard.is_transfer = wizard.document_ref._name == "stock.picking"

    def action_make_void(self):
        """Make the document void and return what to show next: the new transfer, if any."""
        self.ensure_one()
        document = self.document_ref
        document.make_void(self.reason)
        if not (self.is_transfer and self.plan_again):
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document._plan_again().id,
            "views": [(False, "form")],
        }
