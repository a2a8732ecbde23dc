"""Rows 93, 94 and 100: the courier's page for the phone, over HTTP."""

from lxml import html

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .test_courier_tasks import CourierCase

REFUSAL = "The mail server says no."


@tagged("post_install", "-at_install")
class TestCourierPage(CourierCase, HttpCase):
    def _get(self, path=""):
        self.env.flush_all()
        return self.url_open(f"/my/courier{path}")

    def _press(self, task, button, **values):
        """Send the form of that button as the page has it."""
        page = html.fromstring(self._get(f"/{task.id}").text)
        [form] = [each for each in page.forms if each.action.endswith(f"/{button}")]
        return self.url_open(form.action, data={**dict(form.fields), **values})

    def test_100_the_page_shows_what_is_needed_and_no_more(self):
        task = self._errand(text="Bring the wine\nTake the empty box back")
        self.authenticate("carlo", "carlo")
        for path in ("", f"/{task.id}"):
            page = self._get(path)
            self.assertEqual(page.status_code, 200)
            for fact in ("Maria Rossi", "Via Mazzini 4", "Take the empty box", "20.00", "16:00"):
                self.assertIn(fact, page.text, path)
            self.assertIn("width=device-width", page.text)
            self.assertNotIn("<script", page.text)
            self.assertNotIn("Glass", page.text, "the goods are none of his business")
            self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn('href="tel:+39051765432"', page.text)
        self.assertIn('href="geo:0,0?q=Via%20Mazzini%204', page.text)
        self.assertIn("openstreetmap.org/search", page.text)
        buttons = html.fromstring(page.text).xpath("//button | //summary")
        self.assertEqual([each.text.strip() for each in buttons], ["Done", "Not done", "Send"])

    def test_100_done(self):
        task = self._errand()
        self.authenticate("carlo", "carlo")
        answer = self._press(task, "done")
        self.assertTrue(answer.url.endswith("/my/courier"))
        self.assertIn("Finished today", answer.text)
        self.assertEqual(task.state, "done")
        self.assertEqual(task.order_id.stage_id, self.stages["delivery"])

    def test_100_not_done_asks_why(self):
        task = self._errand()
        self.authenticate("carlo", "carlo")
        asked = self._press(task, "not_done", reason="  ")
        self.assertIn("Say why it was not done", asked.text)
        self.assertIn("<details open", asked.text)
        self.assertNotIn("<details open", self._get(f"/{task.id}").text)
        self.assertEqual(task.state, "todo")
        self._press(task, "not_done", reason="Nobody at home")
        self.assertEqual((task.state, task.reason), ("not_done", "Nobody at home"))

    def test_100_what_hinders_it_is_told_and_nothing_is_written(self):
        task = self._errand()
        self.authenticate("carlo", "carlo")

        def tell(_task, *_lines):
            raise UserError(REFUSAL)

        self.patch(self.env.registry["retail.courier.task"], "_tell", tell)
        for button, said in (("done", {}), ("not_done", {"reason": "Nobody at home"})):
            answer = self._press(task, button, **said)
            self.assertIn("The mail server says no.", answer.text)
            self.env.invalidate_all()
            self.assertEqual((task.state, task.reason), ("todo", False), button)

    def test_100_not_without_the_form(self):
        task = self._errand()
        self.authenticate("carlo", "carlo")
        answer = self.url_open(f"/my/courier/{task.id}/done", data={"csrf_token": "x"})
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self._get(f"/{task.id}/done").status_code, 405)
        self.assertEqual(task.state, "todo")

    def test_100_only_ones_own_tasks(self):
        task = self._errand(courier=self.dino)
        self.authenticate("carlo", "carlo")
        self.assertNotIn("Maria Rossi", self._get().text)
        for path in (f"/{task.id}", "/999999", f"/{task.id}/document/1"):
            self.assertEqual(self._get(path).status_code, 404, path)
        self.authenticate("anna", "anna")
        self.assertEqual(self._get().status_code, 404, "she is no courier")
        self.authenticate(None, None)
        self.assertIn("/web/login", self._get().url)

    def test_093_the_documents_of_the_task_and_no_others(self):
        slip, other = self.env["ir.attachment"].create(
            [{"name": "slip.txt", "raw": b"the slip"}, {"name": "wages.txt", "raw": b"secret"}]
        )
        task = self._errand(document_ids=[Command.set(slip.ids)])
        self.authenticate("carlo", "carlo")
        [link] = html.fromstring(self._get(f"/{task.id}").text).xpath("//a[text()='slip.txt']")
        file = self.url_open(link.get("href"))
        self.assertEqual((file.status_code, file.content), (200, b"the slip"))
        self.assertIn("attachment", file.headers["Content-Disposition"])
        self.assertEqual(self._get(f"/{task.id}/document/{other.id}").status_code, 404)
        self.assertEqual(self.url_open(f"/web/content/{other.id}").status_code, 404)
