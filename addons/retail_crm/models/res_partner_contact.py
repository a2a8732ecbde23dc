from odoo import fields, models

from ..services import finder
from .retail_contact_point import OWN_FIELDS


class ResPartner(models.Model):
    _inherit = "res.partner"

    contact_point_ids = fields.One2many("retail.contact.point", "partner_id", "Contact Points")

    def _keep_contact_points(self, points):
        """Note ``points``, each ``(kind, value, label)``, where they are not yet noted.

        What is no number or address of its kind is left out, and so is what stands on the contact.
        """
        self.ensure_one()
        Point = self.env["retail.contact.point"]
        known = {(point.kind, point.normalized_value) for point in self.contact_point_ids}
        known |= {(kind, self._normalized(kind, self[name])) for kind, name in OWN_FIELDS.items()}
        known = {(kind, _end(kind, value)) for kind, value in known}
        vals_list = []
        for kind, value, label in points:
            key = kind, _end(kind, self._normalized(kind, value))
            if key[1] and key not in known:
                known.add(key)
                vals_list.append(
                    {"partner_id": self.id, "kind": kind, "value": value, "label": label}
                )
        return Point.create(vals_list)

    def _normalized(self, kind, value):
        return self.env["retail.contact.point"]._normalize(kind, value, self.country_id)

    def _get_contact_points(self):
        """All ways to reach the customer, the main ones first.

        ``[{"kind", "value", "label", "is_main"}]``; what is on the contact itself is main.
        """
        self.ensure_one()
        own = [
            {"kind": kind, "value": self[kind], "label": "", "is_main": True}
            for kind in ("phone", "email")
            if self[kind]
        ]
        return own + [
            {
                "kind": point.kind,
                "value": point.value,
                "label": point.label or "",
                "is_main": False,
            }
            for point in self.contact_point_ids
            if not point.is_main
        ]


def _end(kind, value):
    """The part of a normalised value by which two are taken for the same one."""
    return value[-finder.SAME :] if kind == "phone" else value
