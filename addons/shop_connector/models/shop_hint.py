from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 7


class ShopHint(models.Model):
    """A call that a shop made to us, remembered so that nobody can make it a second time."""

    _name = "shop.hint"
    _description = "Webhook Call"
    _order = "id desc"
    _rec_name = "call_key"

    shop_id = fields.Many2one("shop.shop", "Web Shop", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    call_key = fields.Char("Fingerprint", required=True)
    record_count = fields.Integer("Records Named")

    _call_uniq = models.UniqueIndex("(shop_id, call_key)", "This call was taken already.")
    _age_idx = models.Index("(create_date)")

    @api.model
    def _is_first(self, shop, call_key, record_count):
        """Note a call; False when it was made before. Twins at the same moment are told apart by
        the database.
        """
        query = SQL(
            """
            INSERT INTO shop_hint (shop_id, company_id, call_key, record_count, create_uid,
                                   create_date, write_uid, write_date)
            VALUES (%(shop)s, %(company)s, %(key)s, %(count)s, %(uid)s, now() AT TIME ZONE 'UTC',
                    %(uid)s, now() AT TIME ZONE 'UTC')
            ON CONFLICT (shop_id, call_key) DO NOTHING RETURNING id
            """,
            shop=shop.id,
            company=shop.company_id.id,
            key=call_key,
            count=record_count,
            uid=self.env.uid,
        )
        return bool(self.env.execute_query(query))

    @api.autovacuum
    def _gc_old(self):
        """A signature is good for minutes; the rest is for people who set a webhook up."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.search([("create_date", "<", limit)], limit=10000)
        old.unlink()
        return len(old), len(old) == 10000
