"""Where the transport data of a document comes from: order, partner, carrier, document type."""

from odoo import api, fields, models

APPEARANCE = "Appearance of the Goods"
PORT = "Terms of Carriage"
METHOD = "Transport by"


def _option(kind, label, **options):
    return fields.Many2one("transport.option", label, domain=[("kind", "=", kind)], **options)


class ResPartner(models.Model):
    _inherit = "res.partner"

    transport_appearance_id = _option("appearance", APPEARANCE, company_dependent=True)
    transport_port_id = _option("port", PORT, company_dependent=True)
    transport_method_id = _option("method", METHOD, company_dependent=True)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    transport_port_id = _option("port", PORT, help="As agreed; else that of the recipient.")
    transport_method_id = _option("method", METHOD, help="As agreed; else that of the recipient.")


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    transport_carrier_id = fields.Many2one(
        "res.partner",
        "Carrying Company",
        help="The company that carries the goods: transport documents say its name and address.",
    )


class DocumentType(models.Model):
    _inherit = "document.type"

    transport_appearance_id = _option("appearance", APPEARANCE)
    transport_port_id = _option("port", PORT)
    transport_method_id = _option("method", METHOD)
    start_at_validation = fields.Boolean(
        "Goods Leave when Validated",
        help="The start of the transport is the moment of validation, unless entered before. "
        "Otherwise the driver writes it on the paper, or somebody enters it.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Mail",
        domain=[("model", "=", "stock.picking")],
        default=lambda self: self._default_mail_template(),
        help="The mail that carries the document as PDF to the recipient.",
    )
    mail_on_validation = fields.Boolean(
        "Mail when Validated",
        help="The document goes to the recipient as soon as it has its number.",
    )

    @api.model
    def _default_mail_template(self):
        return self.env.ref("multi_warehouse_docs.mail_template_document", False)
