from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalesChannel(models.Model):
    _inherit = "sales.channel"

    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        ondelete="set null",
        index="btree_not_null",
        domain="['|', ('company_id', '=', False), ('company_id', '=?', company_id)]",
        help="New orders of this channel belong to this team. Orders made before keep theirs.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        ondelete="set null",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', '=?', company_id)]",
        help="New orders of this channel are given to this person. Left empty, orders of a web "
        "shop without a responsible of its own wait in the team's pool.",
    )

    @api.constrains("company_id", "team_id", "responsible_id")
    def _check_defaults_company(self):
        for channel in self.filtered("company_id"):
            company = channel.company_id
            channel._check_belongs(channel.team_id)
            person = channel.responsible_id
            if person and company not in person.sudo().company_ids:  # users are not everyone's
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(company)s. Choose somebody who does.",
                        person=person.name,
                        company=company.name,
                    )
                )

    def _check_belongs(self, record):
        """Refuse a setting that belongs to another company than the channel."""
        if record.company_id and record.company_id != self.company_id:
            raise ValidationError(
                self.env._(
                    "%(setting)s belongs to another company than the channel %(channel)s. Choose "
                    "one of that company or one that all share.",
                    setting=record.display_name,
                    channel=self.name,
                )
            )

    def _get_order_defaults(self, company):
        """Return responsible and sales team for a new order of ``company`` in this channel.

        Either may be empty: a channel that companies share may name a person or a team that does
        not work for all of them, or a person who has left since.
        """
        team = self.team_id
        if not team.active or (team.company_id and team.company_id != company):
            team = team.browse()
        person = self.responsible_id
        # whoever enters the order need not be allowed to see where colleagues work
        if not person.active or company not in person.sudo().company_ids:
            person = person.browse()
        return person, team
