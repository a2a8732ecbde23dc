"""Events at an hour of the day, and those that are not about an order. See ``trigger_events``."""

from calendar import isleap
from datetime import timedelta

from odoo.fields import Domain

from .quiet_hours import local_day, local_moment
from .trigger_events import (
    BeforePromised,
    Found,
    LowRating,
    OrderCancelled,
    OrderOverdue,
    OrderPaid,
    OrderReceived,
    OrderShipped,
    OrderStage,
    OrderUnpaid,
    ResponseLate,
    TriggerEvent,
)


def days_due(rule, zone, start, end):
    """The days over there whose hour of this rule lies in ``start < moment <= end``."""
    day, last = local_day(start, zone), local_day(end, zone)
    while day <= last:
        moment = local_moment(day, rule.wait_hour, zone)
        if start < moment <= end:
            yield day, moment
        day += timedelta(days=1)


class MorningOfPromise(BeforePromised):
    """At an hour of the promised day; the occurrence is the day."""

    code = "morning_promised"
    timing = "hour"
    overlap = timedelta(hours=2)

    def _dated(self, rule, start, end, domain):
        found = []
        for company in rule._get_companies():
            zone = company._get_message_zone()
            for day, moment in days_due(rule, zone, start, end):
                dates = Domain("commitment_date", ">=", local_moment(day, 0, zone))
                dates &= Domain("commitment_date", "<", local_moment(day + timedelta(1), 0, zone))
                orders = self._search_orders(
                    rule, domain & dates & Domain("company_id", "=", company.id)
                )
                found += [Found(order, moment, str(day)) for order in orders]
        return found

    def stop_reason(self, rule, run, record):
        promised = record.commitment_date
        zone = record.company_id._get_message_zone()
        if promised and str(local_day(promised, zone)) == run._which():
            if record.delivery_status == "full":
                return rule.env._("The goods have been delivered.")
            return super(BeforePromised, self).stop_reason(rule, run, record)
        return rule.env._("Another day was promised meanwhile.")

    def expires_at(self, rule, run, record):
        if not record.commitment_date:
            return None  # there is a better reason to leave it alone
        zone = record.company_id._get_message_zone()
        return local_moment(local_day(record.commitment_date, zone) + timedelta(days=1), 0, zone)


class CartAbandoned(TriggerEvent):
    """A cart of a web shop was left; once for each cart, never after a purchase."""

    code = "cart_abandoned"
    model = "shop.cart"
    timing = "after"

    def search(self, rule, start, end):
        return self._left(rule, start, end, Domain("state", "=", "open"))

    def past(self, rule, start, end):
        carts = self._left(rule, start, end, Domain.TRUE)
        return [each for each in carts if not self._bought(each.record, each.moment)]

    def _left(self, rule, start, end, domain):
        wait = rule._get_wait()
        domain &= Domain("changed_at", ">", start - wait) & Domain("changed_at", "<=", end - wait)
        carts = rule.env[self.model].search(domain & rule._get_if_domain())
        return [Found(cart, cart.changed_at + wait) for cart in carts]

    def _bought(self, cart, until=None):
        """Whether the same person has ordered since the cart was left, by any way."""
        person = Domain("partner_id", "child_of", cart.partner_id.commercial_partner_id.ids)
        if not cart.partner_id:
            if not cart.email:
                return False
            person = Domain("partner_id.email_normalized", "=", cart.email.strip().lower())
        orders = person & Domain("date_order", ">=", cart.changed_at)
        orders &= Domain("state", "in", ("sent", "sale")) | Domain("shop_id", "!=", False)
        orders &= Domain("company_id", "=", cart.company_id.id)
        if until:
            orders &= Domain("date_order", "<=", until)
        return bool(cart.env["sale.order"].search_count(orders, limit=1))

    def stop_reason(self, rule, run, record):
        if record.state == "ordered" or self._bought(record):
            return rule.env._("The customer has bought meanwhile.")
        if record.state != "open":
            return rule.env._("The cart is no longer open.")
        return None


class BackInStock(TriggerEvent):
    """What a customer asked for is there again."""

    code = "back_in_stock"
    model = "retail.restock.request"
    timing = "after"

    def search(self, rule, start, end):
        # whoever asked before the rule was switched on is a case for a person
        domain = Domain("state", "=", "open") & Domain("create_date", ">=", rule.activated_at)
        requests = rule.env[self.model].search(domain & rule._get_if_domain())
        requests -= self._in_hand(rule, requests)
        # skipped today is no reason never to tell; being told closes the request
        return [Found(each, end, str(end.date())) for each in requests._get_available()]

    def _in_hand(self, rule, requests):
        """Those that are being told, may have been told, or are a case for a person by now."""
        state = Domain("state", "in", ("planned", "sending", "unknown", "failed"))
        if rule.task_type_id or rule.action_server_ids:
            state |= Domain("state", "=", "skipped") & Domain("has_acted", "=", True)
        mine = Domain("rule_id", "=", rule.id) & Domain("model", "=", self.model)
        mine &= Domain("res_id", "in", requests.ids)
        return requests.browse(rule.env["retail.trigger.run"].search(mine & state).mapped("res_id"))

    def past(self, rule, start, end):
        domain = Domain("notified_at", ">", start) & Domain("notified_at", "<=", end)
        requests = rule.env[self.model].search(domain & rule._get_if_domain())
        return [Found(each, each.notified_at) for each in requests]

    def stop_reason(self, rule, run, record):
        if record.state != "open":
            return rule.env._("The customer no longer waits for it.")
        if not record._get_available():
            return rule.env._("It has been sold out again.")
        return None


class Birthday(TriggerEvent):
    """At an hour of the birthday, once a year: the occurrence is the year."""

    code = "birthday"
    model = "res.partner"
    timing = "hour"

    def search(self, rule, start, end):
        Partner = rule.env[self.model]
        found, seen = [], set()
        for company in rule._get_companies():
            zone = company._get_message_zone()
            for day, moment in days_due(rule, zone, start, end):
                domain = self._born_on(day) & Domain("company_id", "in", (False, company.id))
                for partner in Partner.search(domain & rule._get_if_domain()):
                    if (partner.id, day.year) not in seen:
                        seen.add((partner.id, day.year))
                        found.append(Found(partner, moment, str(day.year)))
        return found

    def _born_on(self, day):
        field = "birthdate_date"
        days = [(day.month, day.day)]
        if days == [(2, 28)] and not isleap(day.year):
            days.append((2, 29))
        return Domain.OR(
            Domain(f"{field}.month_number", "=", month)
            & Domain(f"{field}.day_of_month", "=", number)
            for month, number in days
        )

    def stop_reason(self, rule, run, record):
        born = record.birthdate_date
        if not born:
            return rule.env._("The date of birth was taken away.")
        return None

    def expires_at(self, rule, run, record):
        return run.event_at + timedelta(days=1)


class CallMissed(TriggerEvent):
    """Told by the call log."""

    code = "call_missed"
    model = "retail.call"

    def past(self, rule, start, end):
        calls = rule.env[self.model].search(
            Domain("state", "=", "missed")
            & Domain("direction", "=", "in")
            & Domain("ended_at", ">", start)
            & Domain("ended_at", "<=", end)
            & rule._get_if_domain()
        )
        return [Found(call, call.ended_at) for call in calls]

    def stop_reason(self, rule, run, record):
        if record.state != "missed" or record._was_reached_since():
            return rule.env._("Somebody has talked to the caller meanwhile.")
        return None


#: code -> event
EVENTS = {
    cls.code: cls()
    for cls in (
        OrderReceived,
        OrderStage,
        OrderPaid,
        OrderShipped,
        OrderCancelled,
        OrderOverdue,
        OrderUnpaid,
        ResponseLate,
        BeforePromised,
        MorningOfPromise,
        CartAbandoned,
        CallMissed,
        LowRating,
        BackInStock,
        Birthday,
    )
}
