from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

REMINDER = "multi_warehouse_docs.mail_activity_type_goods_out"


class StockPicking(models.Model):
    """Goods of ours that others keep: no more comes back than went, and who is late is reminded."""

    _inherit = "stock.picking"

    is_return_reminded = fields.Boolean("Reminded of Goods Out", copy=False, readonly=True)

    def _action_done(self):
        self._check_not_more_than_moved()
        self._check_kept_by_partner()
        result = super()._action_done()
        self._settle_reminders()
        return result

    # === NO MORE THAN WENT ===

    def _get_moves_to_do(self):
        return self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move.picked
        )

    def _check_not_more_than_moved(self):
        """Refuse a return that brings back more than the move it returns has moved."""
        returns = self._get_moves_to_do().filtered("origin_returned_move_id")
        for move, back in returns.grouped("origin_returned_move_id").items():
            unit = move.product_id.uom_id
            before = move.returned_move_ids.filtered(lambda one: one.state == "done")
            there = move._get_quantity_in(unit) - before._get_quantity_in(unit)
            wanted = back._get_quantity_in(unit)
            if unit.compare(wanted, there) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(wanted)s %(unit)s cannot come back, for of %(document)s "
                        "only %(there)s have not come back yet. Correct the quantity; enter what "
                        "is beyond it as a transfer of its own.",
                        product=move.product_id.display_name,
                        wanted=self.env["stock.move"]._format_quantity(wanted),
                        unit=unit.name,
                        document=move.picking_id.document_number or move.picking_id.name or "",
                        there=self.env["stock.move"]._format_quantity(max(there, 0.0)),
                    )
                )

    def _check_kept_by_partner(self):
        """Refuse to take more from a partner than we know to be there."""
        leaving = self._get_moves_to_do().filtered(
            lambda move: move.location_id.third_party_partner_id and move.product_id.is_storable
        )
        if not leaving:
            return
        quants = {
            (place, product): quantity
            for place, product, quantity in self.env["stock.quant"]._read_group(
                [
                    ("location_id", "in", leaving.location_id.ids),
                    ("product_id", "in", leaving.product_id.ids),
                ],
                ["location_id", "product_id"],
                ["quantity:sum"],
            )
        }
        by_place = leaving.grouped(lambda move: (move.location_id, move.product_id))
        for (place, product), moves in by_place.items():
            there = quants.get((place, product), 0.0)
            wanted = moves._get_quantity_in(product.uom_id)
            if product.uom_id.compare(wanted, there) > 0:
                raise UserError(
                    self.env._(
                        "%(partner)s has %(there)s %(unit)s of %(product)s from us, so "
                        "%(wanted)s cannot leave from there.",
                        partner=place.third_party_partner_id.display_name,
                        there=self.env["stock.move"]._format_quantity(max(there, 0.0)),
                        unit=product.uom_id.name,
                        product=product.display_name,
                        wanted=self.env["stock.move"]._format_quantity(wanted),
                    )
                )

    # === REMINDERS ===

    @api.model
    def _cron_remind_of_goods_out(self):
        """Give each person responsible one activity for each document whose goods are late."""
        late = self.env["stock.goods.out"].search(
            [
                ("due_date", "<", fields.Date.context_today(self)),
                ("picking_id.is_return_reminded", "=", False),
            ],
            order="due_date, id",
        )
        documents = late.grouped("picking_id")
        for done, (picking, rows) in enumerate(documents.items(), 1):
            picking._remind_of_goods_out(rows)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(documents) - done):
                break

    def _remind_of_goods_out(self, rows):
        """Make the activity that asks to get these goods back or to sell them."""
        user = self._get_goods_responsible()
        picking = self.with_context(lang=user.lang)
        lines = [
            picking.env._(
                "%(quantity)s %(unit)s of %(product)s",
                quantity=picking.move_ids._format_quantity(row.quantity_out),
                unit=row.uom_id.name,
                product=row.product_id.display_name,
            )
            for row in rows.with_context(lang=user.lang)
        ]
        picking.activity_schedule(
            REMINDER,
            date_deadline=fields.Date.context_today(self),
            summary=picking.env._(
                "%(document)s: goods still with %(partner)s",
                document=self.document_number or self.name,
                partner=self.partner_id.display_name,
            ),
            note=Markup("<ul>%s</ul>") % Markup("").join(Markup("<li>%s</li>") % x for x in lines),
            user_id=user.id,
        )
        self.is_return_reminded = True

    def _get_goods_responsible(self):
        """Return who is asked: of the document, of the customer, or who entered the document."""
        users = self.user_id | self.partner_id.commercial_partner_id.user_id | self.create_uid
        active = users.filtered(lambda user: user.active and self.company_id in user.company_ids)
        return active[:1] or self.env.user

    def _settle_reminders(self):
        """Tick off the activities of documents whose goods are all back or sold."""
        moves = self.move_ids.filtered("location_id.third_party_partner_id")
        if not moves:
            return
        places = moves.location_id
        reminded = self.search(
            [
                ("location_dest_id", "in", places.ids),
                ("is_return_reminded", "=", True),
                ("activity_ids.activity_type_id", "=", self.env.ref(REMINDER).id),
            ]
        )
        if reminded:
            open_rows = self.env["stock.goods.out"].search([("picking_id", "in", reminded.ids)])
            (reminded - open_rows.picking_id).activity_feedback([REMINDER])
