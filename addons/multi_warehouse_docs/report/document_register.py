from odoo import api, fields, models
from odoo.tools import SQL

from ..models.document_series import DOCUMENT_MODELS
from ..models.document_type import KINDS

# What a document's table calls the things that the register shows, each as SQL.
WAREHOUSES = {
    "stock.picking": SQL("operation.warehouse_id"),
    "sale.order": SQL("document.warehouse_id"),
    "purchase.order": SQL("operation.warehouse_id"),
}
OPERATION = SQL("LEFT JOIN stock_picking_type operation ON operation.id = document.picking_type_id")
PLACES = SQL(
    """
    %s
    LEFT JOIN stock_location place_from ON place_from.id = document.location_id
    LEFT JOIN stock_location place_to ON place_to.id = document.location_dest_id
    """,
    OPERATION,
)
JOINS = {"stock.picking": PLACES, "sale.order": SQL(), "purchase.order": OPERATION}
# The other end of a document between warehouses; by way of transit, where its goods end.
OTHER_WAREHOUSES = {
    "stock.picking": SQL(
        """
        COALESCE(NULLIF(place_to.warehouse_id, operation.warehouse_id),
                 NULLIF(place_from.warehouse_id, operation.warehouse_id),
                 CASE WHEN place_to.usage = 'transit' THEN (
                     SELECT MIN(COALESCE(final.warehouse_id, arrival.warehouse_id))
                       FROM stock_move move
                       LEFT JOIN stock_location final ON final.id = move.location_final_id
                       LEFT JOIN stock_move_move_rel chain ON chain.move_orig_id = move.id
                       LEFT JOIN stock_move next ON next.id = chain.move_dest_id
                       LEFT JOIN stock_location arrival ON arrival.id = next.location_dest_id
                      WHERE move.picking_id = document.id) END)
        """
    ),
    "sale.order": SQL("NULL::int"),
    "purchase.order": SQL("NULL::int"),
}
OF_A_DOCUMENT = [
    "company_id",
    "document_date",
    "document_number",
    "document_type_id",
    "name",
    "partner_id",
    "series_id",
    "series_number",
    "series_period",
    "state",
    "void_date",
    "void_reason",
    "void_user_id",
    "voided",
]


def register_id(table, model):
    """A stable id of a document of one of the models, as SQL: its own with the model behind it.

    A running number would make PostgreSQL read every document before it could search.
    """
    place = [name for name, _label in DOCUMENT_MODELS].index(model)
    return SQL("(%s::bigint << 2) + %s", SQL.identifier(table, "id"), place)


class DocumentRegister(models.Model):
    """Every number ever given, void ones too: the register that an inspector asks for."""

    _name = "document.register"
    _description = "Number Register"
    _auto = False
    _rec_name = "document_number"
    _order = "series_id, series_period desc, series_number desc"
    _depends = {
        "stock.location": ["usage", "warehouse_id"],
        "stock.move": ["location_dest_id", "location_final_id", "move_dest_ids", "picking_id"],
        "stock.picking": [
            *OF_A_DOCUMENT,
            "location_dest_id",
            "location_id",
            "picking_type_id",
        ],
        "stock.picking.type": ["warehouse_id"],
        "sale.order": [*OF_A_DOCUMENT, "warehouse_id"],
        "purchase.order": [*OF_A_DOCUMENT, "picking_type_id"],
        "document.type": ["kind"],
    }

    document_model = fields.Selection(DOCUMENT_MODELS, "Sort", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="document_model", readonly=True)
    document_number = fields.Char("Number", readonly=True)
    name = fields.Char("Reference", readonly=True, help="How the document was called before.")
    series_id = fields.Many2one("document.series", "Numbering Series", readonly=True)
    series_period = fields.Char("Period", readonly=True)
    series_number = fields.Integer("Place in the Series", readonly=True, aggregator=None)
    document_type_id = fields.Many2one("document.type", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    document_date = fields.Date("Date", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    other_warehouse_id = fields.Many2one(
        "stock.warehouse",
        readonly=True,
        help="The other end of a document between two warehouses.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    state = fields.Selection(
        [("valid", "Valid"), ("cancel", "Cancelled"), ("void", "Void")], readonly=True
    )
    void_reason = fields.Char(readonly=True)
    void_date = fields.Datetime("Void Since", readonly=True)
    void_user_id = fields.Many2one("res.users", "Made Void by", readonly=True)

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(self._documents_sql(model) for model, _l in DOCUMENT_MODELS)

    @api.model
    def _documents_sql(self, model):
        """The numbered documents of one model; the partial index on numbers finds them."""
        return SQL(
            """
            SELECT %(id)s AS id, %(model)s AS document_model, document.id AS res_id,
                   document.document_number, document.name, document.series_id,
                   document.series_period, document.series_number, document.document_type_id,
                   type.kind, document.document_date, document.partner_id,
                   %(warehouse)s AS warehouse_id, %(other)s AS other_warehouse_id,
                   document.company_id,
                   CASE WHEN document.voided THEN 'void' WHEN document.state = 'cancel'
                        THEN 'cancel' ELSE 'valid' END AS state,
                   document.void_reason, document.void_date, document.void_user_id
              FROM %(table)s document
              JOIN document_type type ON type.id = document.document_type_id %(joins)s
             WHERE document.series_id IS NOT NULL
            """,
            id=register_id("document", model),
            model=model,
            warehouse=WAREHOUSES[model],
            other=OTHER_WAREHOUSES[model],
            table=SQL.identifier(self.env[model]._table),
            joins=JOINS[model],
        )

    def action_open_document(self):
        """Open the document that has the number."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.document_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
