"""What rules wait for. One class for each event; see :data:`EVENTS` for all of them.

An event either is told of (``timing`` "event": somebody calls ``_retail_event``) or comes with the
clock, and then is searched for. Either way it gives a *moment* (naive UTC) and an *occurrence*:
the text that tells apart the times it may happen to the same record, empty when it happens once.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo.fields import Domain

#: an event searched for is looked for again this long afterwards: a record may be committed late
OVERLAP = timedelta(hours=2)


class Found(NamedTuple):
    """An event that happened: to what, when, which time."""

    record: object
    moment: object
    occurrence: str = ""


class TriggerEvent:
    """An event of a model. ``rule`` is always one record of ``base.automation``, as superuser."""

    code = ""
    model = ""
    #: event: told of; after, before: so long after or before a date; hour: at an hour of a day
    timing = "event"
    overlap = OVERLAP
    #: False: the past holds nothing from which a dry run could tell
    leaves_traces = True

    def search(self, rule, start, end):
        """What came due in ``start < moment <= end``; only for events that come with the clock."""
        return []

    def past(self, rule, start, end):
        """What would have come due then: for the dry run."""
        return self.search(rule, start, end)

    def extra_domain(self, rule):
        """Conditions from the fields that only this event has."""
        return Domain.TRUE

    def fits(self, rule, found):
        """Whether it is one this rule waits for, beyond what the record is like."""
        return True

    def stop_reason(self, rule, run, record):
        """Why there is nothing to do any more, in words; None while there is."""
        return

    def expires_at(self, rule, run, record):
        """After this moment it would come too late; None for never."""
        return

    def is_history(self, rule, record):
        """Whether the record came here so late that telling its customer would be odd."""
        return False


class OrderEvent(TriggerEvent):
    """Something about a sales order."""

    model = "sale.order"

    def is_history(self, rule, record):
        created, ordered = record.create_date, record.date_order
        if not (created and ordered) or rule.max_age <= 0:
            return False
        is_fresh_here = rule.env.cr.now() - created < timedelta(days=1)
        return is_fresh_here and created - ordered > timedelta(days=rule.max_age)

    def stop_reason(self, rule, run, record):
        if record.state == "cancel":
            return rule.env._("The order was cancelled.")
        return None

    def _search_orders(self, rule, domain):
        return rule.env["sale.order"].search(Domain(domain) & rule._get_if_domain())


class OrderReceived(OrderEvent):
    code = "order_received"

    def past(self, rule, start, end):
        domain = Domain("date_order", ">", start) & Domain("date_order", "<=", end)
        domain &= Domain("state", "=", "sale") | Domain("shop_id", "!=", False)
        return [Found(order, order.date_order) for order in self._search_orders(rule, domain)]


class OrderStage(OrderEvent):
    code = "order_stage"

    def extra_domain(self, rule):
        stages = rule.event_stage_ids
        return Domain("stage_id", "in", stages.ids) if stages else Domain.TRUE

    def stop_reason(self, rule, run, record):
        if str(record.stage_id.id) != run._which() and rule.wait_value:
            return rule.env._("The order has moved on to another stage.")
        return None

    def past(self, rule, start, end):
        domain = Domain("date_last_stage_update", ">", start)
        domain &= Domain("date_last_stage_update", "<=", end)
        domain &= Domain("merged_into_id", "=", False)
        return [
            Found(order, order.date_last_stage_update, str(order.stage_id.id))
            for order in self._search_orders(rule, domain)
        ]


class OrderPaid(OrderEvent):
    code = "order_paid"

    def past(self, rule, start, end):
        domain = Domain("paid_at", ">", start) & Domain("paid_at", "<=", end)
        return [Found(order, order.paid_at) for order in self._search_orders(rule, domain)]


class OrderShipped(OrderEvent):
    """Once for each delivery: the occurrence is the transfer."""

    code = "order_shipped"

    def past(self, rule, start, end):
        transfers = rule.env["stock.picking"].search(
            Domain("date_done", ">", start)
            & Domain("date_done", "<=", end)
            & Domain("state", "=", "done")
            & Domain("picking_type_code", "=", "outgoing")
            & Domain("sale_ids", "!=", False)
        )
        fitting = transfers.sale_ids.filtered_domain(rule._get_if_domain())
        return [
            Found(order, transfer.date_done, str(transfer.id))
            for transfer in transfers
            for order in transfer.sale_ids & fitting
        ]


class OrderCancelled(OrderEvent):
    code = "order_cancelled"

    def stop_reason(self, rule, run, record):
        if record.state != "cancel":
            return rule.env._("The order is no longer cancelled.")
        return None

    def past(self, rule, start, end):
        # being cancelled is the last thing that is changed on most orders
        domain = Domain("write_date", ">", start) & Domain("write_date", "<=", end)
        domain &= Domain("state", "=", "cancel") & Domain("merged_into_id", "=", False)
        return [Found(order, order.write_date) for order in self._search_orders(rule, domain)]


class LowRating(OrderEvent):
    """A customer was not content with an order; the occurrence is the rating."""

    code = "low_rating"

    def fits(self, rule, found):
        rating = rule.env["rating.rating"].browse(int(found.occurrence))
        return rating.rating <= rule.event_rating

    def stop_reason(self, rule, run, record):
        return None

    def past(self, rule, start, end):
        ratings = rule.env["rating.rating"].search(
            Domain("res_model", "=", self.model)
            & Domain("consumed", "=", True)
            & Domain("rating", "<=", rule.event_rating)
            & Domain("rated_on", ">", start)
            & Domain("rated_on", "<=", end)
        )
        orders = rule.env[self.model].browse(ratings.mapped("res_id")).exists()
        fitting = orders.filtered_domain(rule._get_if_domain())
        return [
            Found(fitting.browse(rating.res_id), rating.rated_on, str(rating.id))
            for rating in ratings
            if rating.res_id in fitting.ids
        ]


class DatedOrderEvent(OrderEvent):
    """So long after (or before) a date of the order."""

    timing = "after"
    field = ""

    def search(self, rule, start, end):
        return self._dated(rule, start, end, self.open_domain(rule))

    def past(self, rule, start, end):
        return self._dated(rule, start, end, self.past_domain(rule))

    def open_domain(self, rule):
        """The orders this can still happen to."""
        return Domain("state", "!=", "cancel")

    def past_domain(self, rule):
        """The orders it can have happened to, whatever became of them since."""
        return Domain("state", "!=", "cancel")

    def occurrence(self, order):
        return ""

    def date_of(self, order):
        return order[self.field]

    def dated_between(self, low, high):
        """Orders with ``low < date <= high``."""
        return Domain(self.field, ">", low) & Domain(self.field, "<=", high)

    def _dated(self, rule, start, end, domain):
        shift = rule._get_wait() * (-1 if self.timing == "before" else 1)
        domain &= self.dated_between(start - shift, end - shift)
        return [
            Found(order, self.date_of(order) + shift, self.occurrence(order))
            for order in self._search_orders(rule, domain)
        ]


class OrderUnpaid(DatedOrderEvent):
    code = "order_unpaid"
    field = "date_order"

    def open_domain(self, rule):
        return self.past_domain(rule) & Domain("payment_status", "not in", ("paid", "held"))

    def past_domain(self, rule):
        ordered = Domain("state", "in", ("sent", "sale"))
        from_shop = Domain("shop_id", "!=", False) & Domain("state", "!=", "cancel")
        return Domain("amount_total", ">", 0) & (ordered | from_shop)

    def past(self, rule, start, end):
        return [
            each
            for each in super().past(rule, start, end)
            if self._was_unpaid(each.record, each.moment)
        ]

    def _was_unpaid(self, order, moment):
        return order.paid_at > moment if order.paid_at else not order._why_not_to_pay()

    def stop_reason(self, rule, run, record):
        reason = record._why_not_to_pay()
        return reason or super().stop_reason(rule, run, record)


class OrderOverdue(DatedOrderEvent):
    """The order stays in its stage longer than the norm; once for each stage."""

    code = "order_overdue"
    field = "stage_deadline"

    def open_domain(self, rule):
        return Domain("stage_category", "not in", ("done", "cancelled"))

    def occurrence(self, order):
        return str(order.stage_id.id)

    def stop_reason(self, rule, run, record):
        if str(record.stage_id.id) != run._which():
            return rule.env._("The order has moved on to another stage.")
        if not record.stage_deadline or record.stage_deadline > rule.env.cr.now():
            return rule.env._("The order is no longer overdue.")
        return super().stop_reason(rule, run, record)


class ResponseLate(DatedOrderEvent):
    """Nobody has answered the customer in the time set for it."""

    code = "response_late"
    field = "first_response_deadline"

    def open_domain(self, rule):
        return super().open_domain(rule) & Domain("first_response_at", "=", False)

    def past(self, rule, start, end):
        return [
            each
            for each in super().past(rule, start, end)
            if not each.record.first_response_at or each.record.first_response_at > each.moment
        ]

    def stop_reason(self, rule, run, record):
        if record.first_response_at:
            return rule.env._("Somebody has answered the customer.")
        return super().stop_reason(rule, run, record)


class BeforePromised(DatedOrderEvent):
    """So long before the promised time, or before the promised window of time begins.

    A new promise is a new occurrence.
    """

    code = "before_promised"
    timing = "before"
    field = "commitment_date"
    #: "in one hour" must not be said half an hour before
    overlap = timedelta(minutes=2)

    def open_domain(self, rule):
        return Domain("state", "=", "sale") & Domain("delivery_status", "!=", "full")

    def past_domain(self, rule):
        return Domain("state", "=", "sale")

    def date_of(self, order):
        return order.commitment_from or order.commitment_date

    def dated_between(self, low, high):
        window = Domain("commitment_from", ">", low) & Domain("commitment_from", "<=", high)
        return window | (Domain("commitment_from", "=", False) & super().dated_between(low, high))

    def occurrence(self, order):
        return self.date_of(order).strftime("%Y-%m-%d %H:%M")

    def stop_reason(self, rule, run, record):
        if not record.commitment_date or self.occurrence(record) != run._which():
            return rule.env._("Another time was promised meanwhile.")
        if record.delivery_status == "full":
            return rule.env._("The goods have been delivered.")
        return super().stop_reason(rule, run, record)

    def expires_at(self, rule, run, record):
        return record.commitment_date
