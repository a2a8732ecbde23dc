"""What the courier's page shows of a task: the one place that says what a courier learns."""

from odoo import fields, models
from odoo.tools import format_datetime

from ..services.map_link import geo_uri, map_url


class RetailCourierTask(models.Model):
    _inherit = "retail.courier.task"

    def _describe_for_courier(self):
        """Return the task as the page shows it; check before that the user may read it.

        Number of the order, name, phone number and address of the recipient, what to do, until
        when, how much to collect and the documents given: no goods, no prices, no customer card.
        """
        self.ensure_one()
        # the courier has no rights to orders, customers and files: the above is all he needs
        task = self.sudo()
        person, company = task.partner_id, task.partner_id.commercial_partner_id
        phone = person.phone or company.phone or ""
        deadline = task.deadline
        place = person._get_map_links() if person else ("", "")
        amount = task._get_amount_due()
        return {
            "id": task.id,
            "number": task.order_id.name or task.picking_id.name or "",
            "text": task.text,
            "recipient": person.display_name or "",
            "address": person._get_address_lines() if person else [],
            "map_url": place[0],
            "geo_uri": place[1],
            "phone": phone,
            "phone_uri": f"tel:{_dialled(person.phone_sanitized or phone)}" if phone else "",
            "deadline": format_datetime(
                self.env, deadline, tz=self.env.user.tz, dt_format="EEE d MMM, HH:mm"
            )
            if deadline
            else "",
            "is_late": bool(deadline and deadline < fields.Datetime.now()),
            "amount": task.currency_id.format(amount)
            if task.currency_id.compare_amounts(amount, 0.0) > 0
            else "",
            "documents": [
                {"name": each.name, "url": f"/my/courier/{task.id}/document/{each.id}"}
                for each in task.document_ids
            ],
            "state": task.state,
            "reason": task.reason or "",
        }


def _dialled(number):
    """Return the number as a phone dials it: digits, and the plus in front."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_address_lines(self):
        """The postal address, line by line, as the country writes it."""
        self.ensure_one()
        text = self._display_address(without_company=True)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def _get_map_links(self):
        """``(web page of a map, geo: address)`` of where this is; empty when nobody knows."""
        self.ensure_one()
        line = ", ".join(self._get_address_lines()) if self.street or self.city else ""
        where = (line, self.partner_latitude, self.partner_longitude)
        return map_url(*where), geo_uri(*where)
