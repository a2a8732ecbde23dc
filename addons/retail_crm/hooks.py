"""What has to happen besides loading files when the addon comes: columns on tables of many rows.

Odoo fills a new stored column row by row. Columns that stand here exist before Odoo looks, so it
leaves the old rows alone; ``post_init_hook`` fills what old rows need in one statement.
"""

from odoo.tools import SQL, sql

#: table -> stored column -> SQL type (with DEFAULT for the existing rows, where one fits all)
COLUMNS = {
    "mail_activity": {"reminder_sms_at": "timestamp"},
    "stock_picking": {"courier_id": "int4"},
    "sale_order": {
        "order_properties": "jsonb",
        "tracking_token": "varchar",
        "shop_wanted_code": "varchar",
        "due_at": "timestamp",
        "first_response_deadline": "timestamp",
        "first_response_at": "timestamp",
        "response_overdue_since": "timestamp",
        "payment_status": "varchar",
        "payment_deadline": "timestamp",
        "payment_overdue_since": "timestamp",
        "cancel_reason_id": "int4",
        "cancel_note": "text",
        "date_last_stage_update": "timestamp",
        "stage_deadline": "timestamp",
        # orders of before are sold, but for those that _weigh_open_orders goes through
        "probability": "float8 DEFAULT 100",
        "overdue_since": "timestamp",
    },
}


def pre_init_hook(env):
    """Make the columns, so that the orders of ten years need no computing."""
    _finish_old_orders(env)
    add_columns(env.cr)


def add_columns(cr):
    """Add those of ``COLUMNS`` that are missing; an update calls it, too."""
    for table, columns in COLUMNS.items():
        for column, sql_type in columns.items():
            _add_column(cr, table, column, sql_type)


def _add_column(cr, table, column, sql_type):
    cr.execute(
        SQL(
            "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s",
            SQL.identifier(table),
            SQL.identifier(column),
            SQL(sql_type),
        )
    )
    # it was for the rows that were there: Odoo writes every value of a new one
    cr.execute(
        SQL(
            "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT",
            SQL.identifier(table),
            SQL.identifier(column),
        )
    )


def _finish_old_orders(env):
    """Put every order that is here in the stage Delivered, without touching one row.

    PostgreSQL keeps the default of a new column once for all rows that were there; writing the
    stage into 300,000 rows takes minutes. The few that are elsewhere are put there afterwards. The
    stage must have its number before: its record is filled by the data file.
    """
    if sql.column_exists(env.cr, "sale_order", "stage_id"):
        return
    env.cr.execute(
        """
        CREATE TABLE IF NOT EXISTS retail_order_stage (
            id SERIAL PRIMARY KEY, name jsonb, category varchar, entry_action varchar);
        WITH stage AS (
            INSERT INTO retail_order_stage (name, category, entry_action)
                 VALUES ('{"en_US": "Delivered"}', 'done', 'deliver') RETURNING id)
        INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
             SELECT 'retail_crm', 'order_stage_done', 'retail.order.stage', id, TRUE FROM stage
          RETURNING res_id
        """
    )
    [stage_id] = env.cr.fetchone()
    for column, sql_type, value in (
        ("stage_id", "int4", stage_id),
        ("stage_category", "varchar", "done"),
    ):
        name = SQL.identifier(column)
        env.cr.execute(
            SQL("ALTER TABLE sale_order ADD COLUMN %s %s DEFAULT %s", name, SQL(sql_type), value)
        )
        env.cr.execute(SQL("ALTER TABLE sale_order ALTER COLUMN %s DROP DEFAULT", name))


def post_init_hook(env):
    """Give open and cancelled orders their stage; no norm runs, nobody is alarmed."""
    _place_orders(env)
    _date_open_orders(env)
    _weigh_open_orders(env)
    _remember_first_contacts(env)


def _place_orders(env):
    """One statement: the first stage of the category that an order is in by what became of it."""
    first = {
        category: env["retail.order.stage"].search([("category", "=", category)], limit=1).id
        for category in ("new", "approval", "assembly", "delivery", "cancelled")
    }
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order
               SET stage_id = stage.id, stage_category = stage.category,
                   date_last_stage_update = COALESCE(sale_order.write_date, sale_order.create_date)
              FROM retail_order_stage AS stage
             WHERE (sale_order.state <> 'sale'
                    OR sale_order.delivery_status IN ('pending', 'started', 'partial')
                    OR sale_order.invoice_status = 'to invoice')
               -- what was made since the addon is there has its stage (demonstration data)
               AND sale_order.date_last_stage_update IS NULL
               AND stage.id = CASE
                   WHEN sale_order.state = 'cancel' THEN %(cancelled)s
                   WHEN sale_order.state = 'draft' THEN %(new)s
                   WHEN sale_order.state = 'sent' THEN %(approval)s
                   WHEN sale_order.delivery_status = 'full' THEN %(delivery)s
                   ELSE %(assembly)s END
            """,
            **first,
        )
    )
    env.invalidate_all()


def _weigh_open_orders(env):
    """How likely quotations are: the same as ``_compute_probability``, in one statement."""
    env.cr.execute(
        """
        UPDATE sale_order
           SET probability = CASE WHEN state = 'cancel' THEN 0 ELSE COALESCE(
                   (SELECT lead.probability FROM crm_lead AS lead
                     WHERE lead.id = sale_order.opportunity_id), 0) END
         WHERE state <> 'sale'
        """
    )
    env.invalidate_all()


def _remember_first_contacts(env):
    """Note on the customers that are here already where their first order came from."""
    env.cr.execute(
        """
        UPDATE res_partner
           SET first_channel_id = first.channel_id, first_source_id = first.source_id
          FROM (SELECT partner.commercial_partner_id AS id,
                       (ARRAY_AGG(sold.channel_id ORDER BY sold.date_order, sold.id)
                           FILTER (WHERE sold.channel_id IS NOT NULL))[1] AS channel_id,
                       (ARRAY_AGG(sold.source_id ORDER BY sold.date_order, sold.id)
                           FILTER (WHERE sold.source_id IS NOT NULL))[1] AS source_id
                  FROM sale_order sold JOIN res_partner partner ON partner.id = sold.partner_id
                 WHERE sold.channel_id IS NOT NULL OR sold.source_id IS NOT NULL
                 GROUP BY 1) AS first
         WHERE res_partner.id = first.id
        """
    )
    env.invalidate_all()


def _date_open_orders(env):
    """When the goods of open orders are due: the same as ``_compute_due_at``, in one statement."""
    env.cr.execute(
        """
        UPDATE sale_order
           SET due_at = COALESCE(
               sale_order.commitment_date,
               sale_order.date_order + lead.days * INTERVAL '1 day',
               sale_order.date_order)
          FROM (SELECT open_order.id,
                       CASE WHEN open_order.picking_policy = 'one' THEN max(line.customer_lead)
                            ELSE min(line.customer_lead) END AS days
                  FROM sale_order AS open_order
             LEFT JOIN sale_order_line AS line
                    ON line.order_id = open_order.id AND line.display_type IS NULL
                 WHERE open_order.due_at IS NULL
                   AND (open_order.state IN ('draft', 'sent')
                        OR (open_order.state = 'sale'
                            AND open_order.delivery_status IN ('pending', 'started', 'partial')))
              GROUP BY open_order.id) AS lead
         WHERE lead.id = sale_order.id
        """
    )
    env.invalidate_all()
