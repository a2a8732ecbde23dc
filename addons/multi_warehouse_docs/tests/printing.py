"""A document case that prints real PDF files and reads their pages."""

import subprocess

from odoo.tests import HttpCase

from .documents import DocumentCase

PDF = "multi_warehouse_docs.action_report_document"


class PrintCase(DocumentCase, HttpCase):
    """The PDF program fetches its style sheets from the test's own web server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("report.url", cls.base_url())
        for code in ("it_IT", "hu_HU"):
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"].search(
            [("name", "in", ("base", "web", "stock", "multi_warehouse_docs"))]
        )._update_translations(["it_IT", "hu_HU"])

    def _print(self, documents, report=PDF):
        """Return the PDF of the documents as bytes."""
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(report, documents.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))
        return content

    def _read_pages(self, content):
        """Return the text of every page, white space made plain."""
        text = self._run("pdftotext", "-layout", "-", "-", content=content)
        return [" ".join(page.split()) for page in text.split("\f")[:-1]]

    def _read(self, content):
        return " ".join(self._read_pages(content))

    def _run(self, *command, content):
        done = subprocess.run(command, input=content, capture_output=True, check=True)
        return done.stdout.decode()
