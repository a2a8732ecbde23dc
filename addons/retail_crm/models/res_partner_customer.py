from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_type_id = fields.Many2one(
        "retail.customer.type", ondelete="restrict", index="btree_not_null", tracking=True
    )
    customer_mark = fields.Selection(related="customer_type_id.mark")
    customer_warning = fields.Text(related="customer_type_id.warning")
    # the name other addons use for it, so that their data stay
    birthdate_date = fields.Date("Birthday")
    next_birthday = fields.Date(
        compute="_compute_next_birthday", search="_search_next_birthday", compute_sudo=True
    )
    first_channel_id = fields.Many2one(
        "sales.channel",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The sales channel of the first order. It stays, whatever channel is used later.",
    )
    first_source_id = fields.Many2one(
        "utm.source",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Where the customer came from the first time. It stays.",
    )

    # === COMPUTE ===

    @api.depends("birthdate_date")
    def _compute_next_birthday(self):
        today = fields.Date.context_today(self)
        for partner in self:
            born = partner.birthdate_date
            partner.next_birthday = born and _next_anniversary(born, today)

    def _search_next_birthday(self, operator, value):
        if operator not in ("<", "<=", ">", ">=", "in"):
            return NotImplemented
        if operator == "in":
            value = tuple(fields.Date.to_date(day) for day in value if day)
            if not value:
                return Domain("birthdate_date", "=", False)
        else:
            value = fields.Date.to_date(value)
        today = fields.Date.context_today(self)

        def to_sql(model, alias, query):
            born = SQL.identifier(alias, "birthdate_date")
            return SQL(
                "(%(born)s IS NOT NULL AND %(next)s %(operator)s %(value)s)",
                born=born,
                next=_next_anniversary_sql(born, today),
                operator=SQL(operator.upper()),
                value=value,
            )

        return Domain("birthdate_date", "!=", False) & Domain.custom(to_sql=to_sql)

    @api.depends("customer_type_id")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Odoo forgets a choice that is the country's default; beside a type's it has to stay."""
        typed = self.filtered(lambda partner: partner._get_type_pricelist())
        for partner in typed:
            chosen = partner.property_product_pricelist
            same = chosen == partner._get_type_pricelist()
            partner.specific_property_product_pricelist = False if same else chosen
        return super(ResPartner, self - typed)._inverse_product_pricelist()

    def _get_type_pricelist(self):
        """The price list of the customer's type that may be used in the current company."""
        self.ensure_one()
        company = self.env.company
        return self.customer_type_id.pricelist_id.filtered(
            lambda one: one.active and one.company_id.id in (False, company.id)
        )._get_partner_pricelist_multi_filter_hook()

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "customer_type_id"]

    # === FIRST CONTACT ===

    def _remember_first_contact(self, channel, source):
        """Note where these customers came from, where that is not known yet."""
        # sudo: whoever enters an order need not be allowed to change customers
        customers = self.commercial_partner_id.sudo()
        for name, value in (("first_channel_id", channel), ("first_source_id", source)):
            unknown = customers.filtered(lambda one, name=name: not one[name])
            if value and unknown:
                unknown.write({name: value.id})


def _next_anniversary(born, today):
    """The first anniversary of ``born`` that is not over; 29 February is kept on the 28th."""
    for year in (today.year, today.year + 1):
        day = 28 if (born.month, born.day) == (2, 29) and not _is_leap(year) else born.day
        anniversary = born.replace(year=year, day=day)
        if anniversary >= today:
            return anniversary
    raise AssertionError("no year has passed")


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _next_anniversary_sql(born, today):
    """The same in the database; ``born`` is a column."""
    years = SQL("(%s - EXTRACT(YEAR FROM %s))::int", today.year, born)
    return SQL(
        "CASE WHEN (%(born)s + MAKE_INTERVAL(years => %(years)s))::date >= %(today)s"
        " THEN (%(born)s + MAKE_INTERVAL(years => %(years)s))::date"
        " ELSE (%(born)s + MAKE_INTERVAL(years => %(years)s + 1))::date END",
        born=born,
        years=years,
        today=today,
    )
