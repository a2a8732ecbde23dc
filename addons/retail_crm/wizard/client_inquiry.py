from odoo import api, fields, models


class RetailClientInquiry(models.TransientModel):
    """Whose client is it? Asked by those who see only their own clients."""

    _name = "retail.client.inquiry"
    _description = "Whose Client"

    text = fields.Char(
        "Phone or E-mail", help="The whole number, in any spelling, or the whole e-mail address."
    )
    answer = fields.Text(compute="_compute_answer")

    @api.depends("text")
    def _compute_answer(self):
        Partner = self.env["res.partner"]
        for inquiry in self:
            if not inquiry.text:
                inquiry.answer = False
                continue
            hints = Partner.get_hidden_client_hints(inquiry.text)
            inquiry.answer = "\n".join(self._tell(hint) for hint in hints) or self.env._(
                "No client of somebody else has this number or address."
            )

    def _tell(self, hint):
        if hint["ask"]:
            return self.env._(
                "Exists: %(initials)s Ask %(person)s.",
                initials=hint["initials"],
                person=hint["ask"],
            )
        return self.env._("Exists: %(initials)s Ask your supervisor.", initials=hint["initials"])
