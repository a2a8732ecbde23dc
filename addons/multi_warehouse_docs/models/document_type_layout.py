"""Layouts of documents: a report with a QWeb template that a user may copy and change."""

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MODULE = "multi_warehouse_docs"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    is_document_layout = fields.Boolean(
        help="May be chosen as the layout of a document type: the template NAME_document, NAME "
        "being the name of this report, prints one document."
    )

    def _get_layout_view(self):
        """Return the template that prints one document."""
        self.ensure_one()
        return self.env["ir.ui.view"].search(
            [("key", "=", f"{self.report_name}_document")], limit=1
        )

    def _copy_document_layout(self, name):
        """Return a new layout that starts as a full copy of this one, translations included.

        The copy stands on its own: an update of the addon leaves it alone. Its records are known
        to the addon, so that they go when it is uninstalled.
        """
        self.ensure_one()
        report = self.copy({"name": name})
        key = f"{MODULE}.report_document_copy_{report.id}"
        report.report_name = key
        pages = etree.Element("t", {"t-name": key})
        etree.SubElement(pages, "t", {"t-set": "layout", "t-value": repr(key)})
        etree.SubElement(pages, "t", {"t-call": f"{MODULE}.report_document_sheets"})
        views = self.env["ir.ui.view"]
        wrapper = views.create(
            {"name": name, "type": "qweb", "key": key, "arch_db": etree.tostring(pages).decode()}
        )
        view = self._get_layout_view()._copy_combined(name, f"{key}_document")
        self.env["ir.model.data"].create(
            [
                {
                    "module": MODULE,
                    "name": f"{record._table}_{record.id}_copy",
                    "model": record._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for record in (report, wrapper, view)
            ]
        )
        return report


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def _copy_combined(self, name, key):
        """Return a new template with all that this one is after inheritance, in every language."""
        self.ensure_one()
        source = self.with_context(lang=None)
        arch = source._get_combined_arch()
        arch.set("t-name", key)
        copy = source.create(
            {
                "name": name,
                "type": "qweb",
                "key": key,
                "arch_db": etree.tostring(arch, encoding="unicode"),
            }
        )
        terms = {}
        origin = self
        while origin:
            for part in origin | origin.inherit_children_ids.filtered(
                lambda one: one.mode == "extension"
            ):
                for term in part.get_field_translations("arch_db")[0]:
                    if term["value"]:
                        terms.setdefault(term["lang"], {}).setdefault(term["source"], term["value"])
            origin = origin.inherit_id if origin.mode == "primary" else origin.browse()
        copy.update_field_translations("arch_db", terms)
        return copy


class DocumentType(models.Model):
    _inherit = "document.type"

    report_id = fields.Many2one(domain=[("is_document_layout", "=", True)])

    @api.constrains("report_id")
    def _check_layout(self):
        for document_type in self:
            report = document_type.report_id
            if report and not report.is_document_layout:
                raise ValidationError(
                    self.env._(
                        "%(report)s does not print documents of a type. Choose one of the layouts, "
                        "or copy one and change the copy.",
                        report=report.name,
                    )
                )

    def action_copy_layout(self):
        """Copy the layout of the type, choose the copy, and open its template for editing."""
        self.ensure_one()
        layout = self.report_id or self.env.ref(f"{MODULE}.action_report_document_standard")
        self.report_id = layout._copy_document_layout(
            self.env._("Layout of %(type)s", type=self.name)
        )
        return self.action_edit_layout()

    def action_edit_layout(self):
        """Open the template of the type's layout."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ir.ui.view",
            "res_id": self.report_id._get_layout_view().id,
            "view_mode": "form",
        }
