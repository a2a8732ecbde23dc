from odoo import fields, models

#: fields that make up a postal address; a person changing one makes it another address
#: (without the tax number: Odoo itself copies a company's onto its addresses)
ADDRESS_FIELDS = (
    "name",
    "company_name",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    shop_address_key = fields.Char(
        copy=False,
        readonly=True,
        help="Fingerprint of the address as a web order gave it; emptied when a person changes it.",
    )

    # e-mail is how customers are found again; Odoo stores the normalised form without an index
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    def write(self, vals):
        changed = vals.keys() & set(ADDRESS_FIELDS)
        if changed and "shop_address_key" not in vals:
            keyed = self.filtered("shop_address_key")
            if keyed:
                super(ResPartner, keyed).write({"shop_address_key": False})
        result = super().write(vals)
        if "name" in vals:
            templates = (
                self.env["product.template"].sudo().search([("manufacturer_id", "in", self.ids)])
            )
            self.env["shop.job"]._mark("product", templates.ids)
        return result
