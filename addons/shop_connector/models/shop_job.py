"""The queue between Odoo and the shops: inbox, outbox and log in one table.

An ordinary write only notes what it touched, see ``shop_job_mark.py``; the bell or a runner makes
jobs of such notes. A job is taken by the shop's runner and kept afterwards as the log entry of the
exchange. While it is pending it is unique, so many changes of one record are one job.
"""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: lanes in the order a runner serves them; orders come before stock so that nothing is sold twice
PRIORITIES = {
    "import": 5,
    "order": 10,
    "placing": 12,
    "order_edit": 14,
    "shipment": 20,
    "status": 22,
    "invoice": 24,
    "delivery_note": 24,
    "product_in": 30,
    "product": 40,
    "stock": 50,
}
INCOMING = frozenset({"import", "order", "product_in"})
#: incoming kinds whose records are linked under another kind
LINK_KINDS = {"import": "product", "product_in": "product"}
MODELS = {
    "import": "product.template",
    "product": "product.template",
    "stock": "product.product",
    "shipment": "stock.picking",
    "order": "sale.order",
    "product_in": "product.template",
    "placing": "sale.order",
    "order_edit": "sale.order",
    "status": "sale.order",
    "invoice": "account.move",
    "delivery_note": "stock.picking",
}
_SHOP_ORDERS = (
    SQL("SELECT o.shop_id, o.id AS res_id FROM sale_order o WHERE o.shop_id IS NOT NULL"),
    SQL("o.id"),
)
_SHOP_PICKINGS = (
    SQL(
        "SELECT o.shop_id, p.id AS res_id FROM stock_picking p"
        " JOIN sale_order o ON o.id = p.sale_id WHERE o.shop_id IS NOT NULL"
    ),
    SQL("p.id"),
)
#: kind -> queries of (shop_id, res_id) of what a shop holds or should, with their id column
MARK_SOURCES = {
    "product": (
        (
            SQL(
                "SELECT shop_id, product_tmpl_id AS res_id"
                " FROM product_template_shop_rel WHERE TRUE"
            ),
            SQL("product_tmpl_id"),
        ),
        (
            SQL("SELECT shop_id, res_id FROM shop_binding WHERE kind = 'product'"),
            SQL("res_id"),
        ),
    ),
    "stock": (
        (
            SQL("SELECT shop_id, res_id FROM shop_binding WHERE kind = 'variant'"),
            SQL("res_id"),
        ),
    ),
    "shipment": (_SHOP_PICKINGS,),
    "delivery_note": (_SHOP_PICKINGS,),
    "order_edit": (_SHOP_ORDERS,),
    "status": (_SHOP_ORDERS,),
    # made here for the channel of a shop, and not in the shop yet
    "placing": (
        (
            SQL(
                "SELECT s.id AS shop_id, o.id AS res_id FROM sale_order o JOIN shop_shop s"
                " ON s.channel_id = o.channel_id AND s.company_id = o.company_id"
                " WHERE o.shop_id IS NULL"
            ),
            SQL("o.id"),
        ),
    ),
    "invoice": (
        (
            SQL(
                "SELECT DISTINCT o.shop_id, m.move_id AS res_id FROM account_move_line m"
                " JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = m.id"
                " JOIN sale_order_line l ON l.id = r.order_line_id"
                " JOIN sale_order o ON o.id = l.order_id WHERE o.shop_id IS NOT NULL"
            ),
            SQL("m.move_id"),
        ),
    ),
}
#: pauses before the next try, in minutes
PAUSES = (1, 2, 5, 15, 30, 60)
MARKS = "shop_connector.marks"
#: among the ids of a mark: all that the shops hold or should
EVERYTHING = 0


class ShopJob(models.Model):
    _name = "shop.job"
    _description = "Exchange"
    _order = "priority, id"
    _rec_name = "key"

    shop_id = fields.Many2one("shop.shop", "Web Shop", required=True, ondelete="cascade")
    # not stored: its index and its foreign key would be part of what every save costs
    company_id = fields.Many2one(related="shop_id.company_id")
    direction = fields.Selection([("out", "To the Shop"), ("in", "From the Shop")], required=True)
    kind = fields.Selection(
        [
            ("import", "First Import"),
            ("product", "Product"),
            ("stock", "Stock"),
            ("order", "Order"),
            ("shipment", "Shipment"),
            ("product_in", "Product Edited in the Shop"),
            ("placing", "Order Placed by Us"),
            ("order_edit", "Order Change"),
            ("status", "Order Status"),
            ("invoice", "Invoice"),
            ("delivery_note", "Delivery Note"),
        ],
        required=True,
    )
    key = fields.Char(
        required=True, help="Our record id when sending, the shop's id when receiving."
    )
    res_model = fields.Char("Model", compute="_compute_record", store=False)
    record_name = fields.Char("Record", compute="_compute_record")
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "Under Way"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        default="pending",
    )
    priority = fields.Integer(default=50)
    due_at = fields.Datetime(required=True, default=fields.Datetime.now)
    tries = fields.Integer(readonly=True)
    result = fields.Char("What Was Done", readonly=True)
    error = fields.Text(readonly=True)
    outcome = fields.Text("Result", compute="_compute_outcome")
    goods = fields.Json(
        help="Units sold by an order that could not be read in: they must not be offered again."
    )
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)

    _pending_uniq = models.UniqueIndex(
        "(shop_id, kind, key) WHERE state = 'pending'", "This exchange is waiting already."
    )
    _due_idx = models.Index("(shop_id, state, priority, id) WHERE state IN ('pending', 'running')")
    _failed_idx = models.Index("(shop_id, kind, key) WHERE state = 'failed'")
    _finished_idx = models.Index("(finished_at) WHERE state IN ('done', 'failed')")

    @api.depends("kind", "key", "shop_id")
    def _compute_record(self):
        for kind, jobs in self.grouped("kind").items():
            model = MODELS[kind]
            jobs.res_model = model
            if kind in INCOMING:
                for shop, of_shop in jobs.grouped("shop_id").items():
                    links = self.env["shop.binding"]._by_external(
                        shop, LINK_KINDS.get(kind, kind), of_shop.mapped("key")
                    )
                    for job in of_shop:
                        link = links.get(job.key)
                        job.record_name = link.record_name if link else job.key
                continue
            ids = [int(job.key) for job in jobs]
            names = {r.id: r.display_name for r in self.env[model].browse(ids).exists().sudo()}
            for job in jobs:
                job.record_name = names.get(int(job.key), job.key)

    @api.depends("error", "result")
    def _compute_outcome(self):
        for job in self:
            job.outcome = job.error or job.result

    # === MARKING ===

    @api.model
    def _mark(self, kind, ids, shops=None):
        """Note that these records (ids of the kind's model) have something to send.

        ``shops``: only these, by default every connected shop where the records are sold. All that
        a transaction touches is noted in one statement, just before it commits; jobs are made of it
        later and elsewhere.
        """
        if not ids:
            return
        marks = self.env.cr.precommit.data.setdefault(MARKS, defaultdict(set))
        if not marks:
            self.env.cr.precommit.add(self._write_marks)
        marks[kind, tuple(shops.ids) if shops is not None else None].update(ids)

    @api.model
    def _mark_shops(self, kind, shops):
        """Note that everything of these shops is to be compared and sent where it differs."""
        if shops:
            self._mark(kind, [EVERYTHING], shops)

    @api.model
    def _flush_marks(self):
        """Make jobs of all marks now, see ``shop_job_mark.py``."""
        self.env.flush_all()
        self._write_marks()
        self._take_marks()
        self.invalidate_model()

    @api.model
    def _mark_incoming(self, shop, kind, external_ids):
        """Note that these records of a shop are to be read."""
        if external_ids:
            source = SQL(
                "SELECT %s AS shop_id, unnest(%s::text[]) AS key",
                shop.id,
                list(external_ids),
            )
            self._upsert(kind, source)

    # === WORKING ===

    @api.model
    def _take(self, shop, kind, limit):
        """Take due jobs of one kind: they are under way now, and nobody else's."""
        self.flush_model()
        # an array is made once; behind IN, some plans ask again for each row and take too many
        query = SQL(
            """
            UPDATE shop_job SET state = 'running', tries = tries + 1,
                   duration = NULL, answer = NULL,
                   started_at = clock_timestamp() AT TIME ZONE 'UTC'
             WHERE id = ANY (ARRAY(
                   SELECT id FROM shop_job
                    WHERE shop_id = %s AND kind = %s AND state = 'pending'
                      AND due_at <= clock_timestamp() AT TIME ZONE 'UTC'
                 ORDER BY priority, id LIMIT %s FOR UPDATE SKIP LOCKED))
            RETURNING id
            """,
            shop.id,
            kind,
            limit,
        )
        ids = [job_id for (job_id,) in self.env.execute_query(query)]
        self.invalidate_model()
        return self.browse(sorted(ids))

    def _done(self, result):
        """These jobs are finished; older failures of the same records are settled by it."""
        self._close(dict.fromkeys(self.ids, result))

    @api.model
    def _close(self, results, seconds=None, said=None):
        """Finish jobs, each with its result (``{job id: text}``), in one statement.

        ``seconds``, ``said``: how long it took and which calls were made, where that is known of
        these jobs and not only of all that were taken together.
        """
        if not results:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE shop_job job
                   SET state = 'done', result = src.result, error = NULL, finished_at = %(now)s,
                       duration = %(seconds)s, answer = %(said)s,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM unnest(%(ids)s::integer[], %(results)s::text[]) AS src (id, result)
                 WHERE job.id = src.id
                """,
                ids=list(results),
                results=[result or None for result in results.values()],
                seconds=seconds,
                said=said or None,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        jobs = self.browse(results)
        jobs.invalidate_recordset(flush=False)
        jobs._settle_failures()

    def _forget(self):
        """Nothing had to be sent: such jobs leave no trace in the log."""
        if self:
            self._settle_failures()
            self.unlink()

    @api.autovacuum
    def _gc_finished(self):
        """Keep the log as long as its shop says; what failed stays until somebody settled it."""
        now = fields.Datetime.now()
        shops = self.env["shop.shop"].with_context(active_test=False).search([])
        old = self.search(
            Domain("state", "=", "done")
            & Domain.OR(
                Domain("shop_id", "=", shop.id)
                & Domain("finished_at", "<", now - timedelta(days=shop.log_days))
                for shop in shops
            ),
            limit=10000,
        )
        old.unlink()
        return len(old), len(old) == 10000
