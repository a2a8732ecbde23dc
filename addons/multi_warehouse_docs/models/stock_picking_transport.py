"""What a transport document says besides the goods: who carries them, how, in what, from when."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .empty_columns import add_empty_column

# What the driver carries on paper. Free until the goods leave, then as it was.
ON_PAPER = {
    "partner_id",
    "transport_appearance_id",
    "transport_port_id",
    "transport_method_id",
    "transport_carrier_id",
    "transport_further_carrier_ids",
    "transport_packages",
    "transport_net_weight",
    "transport_gross_weight",
    "transport_volume",
    "transport_start",
    "transport_plate",
    "incoterm_id",
    "incoterm_location",
    "transport_note",
}
AGREED = ("port", "method")  # the order itself may say these
MEASURES = ("packages", "net_weight", "gross_weight", "volume")


def _option(kind, label, help_text):
    return fields.Many2one(
        "transport.option",
        label,
        domain=[("kind", "=", kind)],
        compute="_compute_transport_options",
        store=True,
        readonly=False,
        copy=True,
        ondelete="restrict",
        help=help_text,
    )


def _measure(name, label, help_text, field=fields.Float, **options):
    return field(
        label,
        compute="_compute_transport_measures",
        inverse=f"_inverse_transport_{name}",
        help=help_text,
        **options,
    )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    transport_appearance_id = _option(
        "appearance", "Appearance of the Goods", "What the goods look like from outside."
    )
    transport_port_id = _option("port", "Terms of Carriage", "Who pays for the transport.")
    transport_method_id = _option("method", "Transport by", "Who carries the goods.")
    transport_carrier_id = fields.Many2one(
        "res.partner",
        "Carrying Company",
        compute="_compute_transport_carrier",
        store=True,
        readonly=False,
        copy=False,
        help="The company that takes over the goods first; printed with its address.",
    )
    transport_further_carrier_ids = fields.Many2many(
        "res.partner",
        "stock_picking_further_carrier_rel",
        "picking_id",
        "partner_id",
        "Further Carriers",
        copy=False,
    )
    transport_packages = _measure(
        "packages",
        "Packages",
        "Number of packages, as counted from the packages used, or as entered.",
        fields.Integer,
    )
    transport_net_weight = _measure(
        "net_weight",
        "Net Weight",
        "Weight of the products, or as entered.",
        digits="Stock Weight",
    )
    transport_gross_weight = _measure(
        "gross_weight",
        "Gross Weight",
        "Weight of the products and of what they are packed in, or as entered.",
        digits="Stock Weight",
    )
    transport_volume = _measure(
        "volume", "Volume", "Volume of the products, or as entered.", digits="Volume"
    )
    transport_packages_entered = fields.Integer(copy=False)
    transport_net_weight_entered = fields.Float(digits="Stock Weight", copy=False)
    transport_gross_weight_entered = fields.Float(digits="Stock Weight", copy=False)
    transport_volume_entered = fields.Float(digits="Volume", copy=False)
    transport_start = fields.Datetime(
        "Start of Transport",
        copy=False,
        tracking=True,
        help="When the goods leave. Empty: a line is printed, for the driver to fill in.",
    )
    transport_plate = fields.Char("Vehicle Plate", copy=False)
    transport_note = fields.Text("Notes on the Document", copy=False)
    incoterm_id = fields.Many2one(
        "account.incoterms",
        compute="_compute_incoterm",
        store=True,
        readonly=False,
    )
    incoterm_location = fields.Char(compute="_compute_incoterm", store=True, readonly=False)
    transport_left = fields.Boolean(compute="_compute_transport_left")

    def _auto_init(self):
        """Add the columns empty: transfers of before keep what they were, and loading is quick."""
        for name in (
            "transport_appearance_id",
            "transport_port_id",
            "transport_method_id",
            "transport_carrier_id",
            "incoterm_id",
        ):
            add_empty_column(self, name, "int4")
        add_empty_column(self, "incoterm_location", "varchar")
        return super()._auto_init()

    # === DEFAULTS: THE ORDER'S, ELSE THE PARTNER'S, ELSE THE TYPE'S ===

    @api.depends("document_type_id", "partner_id", "sale_id")
    def _compute_transport_options(self):
        for picking in self:
            for name in ("appearance", "port", "method"):
                field = f"transport_{name}_id"
                picking[field] = picking[field] or picking._get_transport_default(name)

    @api.onchange("partner_id", "document_type_id")
    def _onchange_transport_options(self):
        for name in ("appearance", "port", "method"):
            found = self._get_transport_default(name)
            self[f"transport_{name}_id"] = found or self[f"transport_{name}_id"]

    def _get_transport_default(self, name):
        """Return the option (``appearance``, ``port`` or ``method``) proposed here, or none."""
        field = f"transport_{name}_id"
        if not self.document_type_id:
            return self.env["transport.option"]
        partner = self.partner_id
        agreed = self.sale_id[field] if name in AGREED else self.env["transport.option"]
        return (
            agreed
            or partner[field]
            or partner.commercial_partner_id[field]
            or self.document_type_id[field]
        )

    @api.depends("carrier_id")
    def _compute_transport_carrier(self):
        for picking in self:
            carrying = picking.carrier_id.transport_carrier_id
            picking.transport_carrier_id = carrying or picking.transport_carrier_id

    @api.depends("document_type_id", "sale_id", "move_ids.purchase_line_id")
    def _compute_incoterm(self):
        for picking in self:
            sale, purchase = picking.sale_id, picking.purchase_id
            agreed = sale.incoterm or purchase.incoterm_id
            proposed = agreed or picking.document_type_id.incoterm_id
            picking.incoterm_id = picking.incoterm_id or proposed
            place = sale.incoterm_location if sale.incoterm else purchase.incoterm_location
            picking.incoterm_location = picking.incoterm_location or place

    # === WEIGHT, VOLUME, PACKAGES ===

    @api.depends(
        "move_ids.quantity",
        "move_ids.product_uom_qty",
        "move_ids.state",
        "move_line_ids.result_package_id",
        "shipping_weight",
        "document_number",
        *(f"transport_{name}_entered" for name in MEASURES),
    )
    def _compute_transport_measures(self):
        for picking in self:
            found = {} if picking.document_number else picking._get_transport_measures()
            for name in MEASURES:
                entered = picking[f"transport_{name}_entered"]
                picking[f"transport_{name}"] = entered or found.get(name, 0)

    def _get_transport_measures(self):
        """Return what products and packages say: number, kg, kg and m3 (or lb and cubic feet)."""
        weight = volume = 0.0
        for move in self.move_ids.filtered(lambda one: one.state != "cancel"):
            quantity = move.quantity or (move.state != "done" and move.product_uom_qty) or 0
            quantity = move.product_uom._compute_quantity(quantity, move.product_id.uom_id)
            weight += quantity * move.product_id.weight
            volume += quantity * move.product_id.volume
        packing = self._get_packing_weights()
        return {
            "packages": len(packing),
            "net_weight": weight,
            "gross_weight": max(self.shipping_weight, weight + sum(packing.values())),
            "volume": volume,
        }

    def _get_packing_weights(self):
        """Return what each outermost package adds to the weight of the products in it.

        Odoo's own weight for shipping forgets what is packed directly into a package.
        """
        # who reads a transfer need not be allowed to read packages
        lines = self.sudo().move_line_ids.filtered("result_package_id")
        packing = {}
        for outer, inside in lines.grouped(
            lambda one: one.result_package_id.outermost_package_id
        ).items():
            content = sum(
                line.product_uom_id._compute_quantity(line.quantity, line.product_id.uom_id)
                * line.product_id.weight
                for line in inside
            )
            tare = sum((outer | inside.result_package_id).mapped("package_type_id.base_weight"))
            packing[outer] = outer.shipping_weight - content if outer.shipping_weight else tare
        return packing

    def _inverse_transport_packages(self):
        self._enter_measure("packages")

    def _inverse_transport_net_weight(self):
        self._enter_measure("net_weight")

    def _inverse_transport_gross_weight(self):
        self._enter_measure("gross_weight")

    def _inverse_transport_volume(self):
        self._enter_measure("volume")

    def _enter_measure(self, name):
        for picking in self:
            picking[f"transport_{name}_entered"] = picking[f"transport_{name}"]

    def _freeze_transport(self):
        """Keep weight, volume and packages as printed, whatever products weigh later."""
        for picking in self:
            picking.write(
                {f"transport_{name}_entered": picking[f"transport_{name}"] for name in MEASURES}
            )

    def _draw_numbers(self):
        numbered = self.filtered(lambda one: not one.document_number and one._get_series())
        numbered._freeze_transport()
        leaving = numbered.filtered(
            lambda one: one.document_type_id.start_at_validation and not one.transport_start
        )
        leaving.transport_start = fields.Datetime.now()
        return super()._draw_numbers()

    # === THE GOODS HAVE LEFT ===

    @api.depends("document_number", "transport_start")
    def _compute_transport_left(self):
        now = fields.Datetime.now()
        for picking in self:
            start = picking.transport_start
            picking.transport_left = bool(picking.document_number and start and start <= now)

    def action_start_transport(self):
        """Note that the goods leave now."""
        self.filtered(lambda one: not one.transport_left).transport_start = fields.Datetime.now()

    def write(self, vals):
        self._refuse_changed_paper(vals)
        return super().write(vals)

    def _refuse_changed_paper(self, vals):
        for name in sorted(ON_PAPER & vals.keys()):
            field = self._fields[name]
            for picking in self.filtered("transport_left"):
                if field.type == "many2many":
                    changed = True  # commands say what to do, not what will be
                else:
                    new = field.convert_to_cache(vals[name], picking)
                    changed = new != field.convert_to_cache(picking[name], picking)
                if changed:
                    raise UserError(
                        self.env._(
                            "%(document)s left with its goods on %(start)s, so its %(field)s "
                            "stays as it was printed. If it is wrong, make the document void and "
                            "enter it again.",
                            document=picking.document_number,
                            start=self.env["ir.qweb.field.datetime"].value_to_html(
                                picking.transport_start, {}
                            ),
                            field=field._description_string(self.env),
                        )
                    )
