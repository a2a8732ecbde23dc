"""From the message of a web form to an inquiry with customer, products, task and answer."""

import psycopg2
from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..services import finder

#: what can be wrong with one inquiry
FAULTS = (UserError, ValueError, psycopg2.Error)


class RetailLeadForm(models.Model):
    _inherit = "retail.lead.form"

    def _submit(self, submission, visitor, key=None):
        """Make the inquiry, once; return the row of the message and whether it came before."""
        Attempt = self.env["retail.lead.form.attempt"]
        attempt, is_new = Attempt._claim(self, submission, visitor, key)
        if not is_new:
            Attempt._note(self, "repeated", visitor, lead_id=attempt.lead_id.id)
            return attempt, True
        lead = self._make_lead(submission)
        attempt.lead_id = lead
        return attempt, False

    def _make_lead(self, submission):
        """An inquiry is never lost: what cannot be used as it should be becomes a note."""
        try:
            with self.env.cr.savepoint():
                lead = self._create_lead(submission)
        except FAULTS as error:
            if isinstance(error, psycopg2.OperationalError):
                raise
            return self._create_bare_lead(submission, error)
        if lead.is_spam:
            return lead
        self._follow_up(lead)
        return lead

    def _create_bare_lead(self, submission, error):
        pairs = [*submission.values.items(), *submission.notes]
        pairs += [(code, str(quantity)) for code, quantity in submission.lines]
        text = "\n".join(f"{name}: {value}" for name, value in pairs)
        note = self.env._("This inquiry could not be taken in whole: %s", error)
        values = self._prepare_people(self.env["res.partner"]) | {
            "name": self._get_title(submission),
            "description": plaintext2html(f"{note}\n\n{text}"),
            "lead_form_id": self.id,
            "channel_id": self.channel_id.id,
            **self._prepare_consent(submission),
        }
        return self.env["crm.lead"].create(values)

    # === THE INQUIRY ===

    def _create_lead(self, submission):
        said = submission.values
        Lead = self.env["crm.lead"]
        phone = self._format_phone(said.get("phone"))
        partner = self._find_customer(said, phone)
        values = {
            "name": self._get_title(submission),
            "type": self._get_lead_type(),
            "contact_name": said.get("contact_name"),
            "partner_name": said.get("partner_name"),
            "description": self._describe(submission, partner),
            "lead_form_id": self.id,
            "channel_id": self.channel_id.id,
            "source_id": self.channel_id.utm_source_id.id,
            "medium_id": self.channel_id.utm_medium_id.id,
            "interest_ids": self._prepare_interest(submission.lines),
            **self._prepare_place(said),
            **self._prepare_people(partner),
            **self._prepare_consent(submission),
        }
        if partner:
            # e-mail and phone would be written onto the customer; a stranger may not change them
            values["partner_id"] = partner.id
        else:
            values |= {"email_from": said.get("email"), "phone": phone or said.get("phone")}
        lead = Lead.create({name: value for name, value in values.items() if value is not None})
        visits = [visit | {"at": visit["at"].replace(tzinfo=None)} for visit in submission.visits]
        self.env["retail.touchpoint"]._note(lead, visits)
        lead.earlier_lead_id = self._find_earlier(lead)
        if partner and lead.consent_at:
            lead._mention_consent()
        if submission.junk:
            lead._put_away(self._describe_junk(submission.junk))
        return lead

    def _get_title(self, submission):
        said = submission.values
        who = said.get("contact_name") or said.get("partner_name") or said.get("email")
        if said.get("title"):
            return said["title"]
        return f"{self.name}: {who or said.get('phone')}"

    def _get_lead_type(self):
        """Inquiries are leads where leads are used, else they would be nowhere to be seen."""
        uses_leads = self.env.ref("crm.group_use_lead")
        everybody = self.env.ref("base.group_user")
        is_lead = uses_leads in everybody.all_implied_ids and not self.makes_quotation
        return "lead" if is_lead else "opportunity"

    def _prepare_people(self, partner):
        """Team and responsible: the customer's own salesperson, the form's, the channel's."""
        person, team = self.channel_id._get_order_defaults(self.company_id)
        person = self._get_own_salesperson(partner) or self.responsible_id or person
        return {
            "user_id": person.id,
            "team_id": (self.team_id or team).id,
            "company_id": self.company_id.id,
        }

    def _get_own_salesperson(self, partner):
        """Who looks after this customer, as long as they work for the company of the form."""
        own = partner.user_id
        works_here = own.active and not own.share and self.company_id in own.company_ids
        return own if works_here else own.browse()

    def _prepare_place(self, said):
        values = {name: said.get(name) for name in ("street", "zip", "city")}
        country = said.get("country")
        if country:
            field = "code" if len(country) == 2 else "name"
            same = (field, "=ilike", finder.escaped(country))
            found = self.env["res.country"].search([same], limit=1)
            values["country_id"] = found.id or None
        if said.get("lang"):
            codes = [code for code, _name in self.env["res.lang"].get_installed()]
            wanted = said["lang"].replace("-", "_")
            code = next((one for one in codes if one.lower().startswith(wanted.lower())), None)
            values["lang_id"] = self.env["res.lang"]._get_data(code=code).id or None
        return values

    def _prepare_interest(self, lines):
        """Commands for the products asked for; an unknown code stays as it was written."""
        codes = [code for code, _quantity in lines]
        products = self.env["product.product"].search(
            [
                ("default_code", "in", codes),
                ("sale_ok", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        by_code = {
            code: same for code, same in products.grouped("default_code").items() if len(same) == 1
        }
        return [
            (
                0,
                0,
                {
                    "name": code,
                    "quantity": quantity,
                    "product_id": by_code[code].id if code in by_code else False,
                },
            )
            for code, quantity in lines
        ]

    def _describe(self, submission, partner):
        """The message, then what has no field of its own; all of it is text, none of it HTML."""
        said = submission.values
        parts = [plaintext2html(said["message"])] if said.get("message") else []
        rows = list(submission.notes)
        if partner:
            same = {partner.email_normalized, partner.phone, partner.phone_sanitized}
            rows += [
                (name, said[name])
                for name in ("email", "phone")
                if said.get(name)
                and said[name].lower() not in same
                and self._format_phone(said[name]) not in same
            ]
        if rows:
            title = self.env._("Also given in the form")
            items = (Markup("<li>%s: %s</li>") % row for row in rows)
            parts.append(Markup("<p>%s</p><ul>%s</ul>") % (title, Markup().join(items)))
        return Markup().join(parts) or None

    def _describe_junk(self, code):
        texts = {
            "links": self.env._("The message is full of links."),
            "name_link": self.env._("The name is a link."),
        }
        return texts[code]

    # === WHO IT IS ===

    def _format_phone(self, number):
        if not number:
            return None
        country = self.company_id.country_id
        return self.env["res.partner"]._phone_format(number=number, country=country) or None

    def _find_customer(self, said, phone):
        """The customer with this e-mail, or with this phone if no e-mail was given.

        A known number with another e-mail may be anybody in the house: a person decides.
        """
        find = self.channel_id._find_customer
        if said.get("email"):
            return find(self.company_id, email=said["email"])
        return find(self.company_id, phone=phone)

    def _find_earlier(self, lead):
        """The latest open inquiry of the same person."""
        ways = [
            (name, "=", lead[name])
            for name in ("email_normalized", "phone_sanitized")
            if lead[name]
        ]
        if lead.partner_id:
            ways.append(("partner_id", "=", lead.partner_id.id))
        domain = ["|"] * (len(ways) - 1) + ways
        domain += [
            ("id", "!=", lead.id),
            ("company_id", "in", (False, self.company_id.id)),
            ("stage_id.is_won", "=", False),
        ]
        return lead.search(domain, order="id desc", limit=1) if ways else lead.browse()

    # === WHAT FOLLOWS ===

    def _follow_up(self, lead):
        """Contact, task and answer, as the form is set; what fails is noted on the inquiry."""
        steps = (self._make_contact, self._make_quotation, self._make_task, self._send_answer)
        for step in steps:
            try:
                with self.env.cr.savepoint():
                    step(lead)
            except FAULTS as error:
                if isinstance(error, psycopg2.OperationalError):
                    raise
                lead.message_post(body=self.env._("Not done by itself: %s", error))

    def _make_contact(self, lead):
        wanted = self.makes_contact or (self.makes_quotation and lead.interest_ids)
        if wanted and not lead.partner_id:
            lead._handle_partner_assignment(create_missing=True)
            lead.partner_id.scope_channel_id = self.channel_id._get_scope()

    def _make_quotation(self, lead):
        if self.makes_quotation and lead.interest_ids and not lead.order_ids:
            context = lead._prepare_opportunity_quotation_context()
            values = {"partner_id": lead.partner_id.id}
            if self.assignment_rule_id and lead.user_id:
                # whose turn it was has the inquiry: its quotation is no second turn
                values["user_id"] = lead.user_id.id
            self.env["sale.order"].with_context(**context).create(values)

    def _make_task(self, lead):
        if not self.activity_type_id:
            return
        channel = self.channel_id
        person = lead.user_id or lead.team_id.user_id or channel.responsible_id or self.create_uid
        lead.activity_schedule(activity_type_id=self.activity_type_id.id, user_id=person.id)

    def _send_answer(self, lead):
        if self.mail_template_id and lead.email_from:
            self.mail_template_id.send_mail(lead.id)
