from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DocumentNumbered(models.AbstractModel):
    _inherit = "document.numbered"

    # Who may make documents of the model void: each model names the administrators of its work.
    _void_group = "multi_warehouse_docs.group_multi_warehouse_docs_manager"

    can_make_void = fields.Boolean(compute="_compute_can_make_void")

    @api.depends_context("uid")
    @api.depends("document_number", "voided")
    def _compute_can_make_void(self):
        allowed = self.env.user.has_group(self._void_group)
        for document in self:
            document.can_make_void = allowed and document.document_number and not document.voided

    def action_open_void(self):
        """Ask for the reason, then make this document void."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make %s Void", self.document_number),
            "res_model": "document.void",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_document_ref": f"{self._name},{self.id}"},
        }

    def make_void(self, reason):
        """Make these documents void for that reason; see ``_make_void``.

        Raises AccessError for whoever is not an administrator of this work.
        """
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group(self._void_group)):
            raise AccessError(
                self.env._(
                    "Only members of %(group)s may make %(documents)s void.",
                    group=self.env.ref(self._void_group).sudo().full_name,
                    documents=self._description,
                )
            )
        # the right is checked; to undo a document reaches into what else hangs on its goods
        self.sudo()._make_void(reason)
        return True

    def _refuse_void(self):
        """Refuse to go on with a document that is void."""
        for document in self:
            if document.voided:
                raise UserError(
                    self.env._(
                        "%s is void and stays so. Duplicate it to enter it again.",
                        document.document_number,
                    )
                )
