"""Deliveries validated by several processes at once, with numbers drawn from one series."""

import time

from odoo.fields import Command

from .processes import at_once, request


class Interrupted(Exception):
    """What a process meets that dies, or whose user goes away, just before the commit."""


def prepare(env, batches, size):
    """``{"with": [[picking id]], "without": [...]}``: batches of deliveries of a product each.

    Those of "without" have a document type without a series.
    """
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    kind = warehouse.out_type_id.document_type_id
    plain = kind.copy({"name": "Without Number", "code": "PLAIN", "series_ids": False})
    batches_of = {
        name: [_deliveries(env, warehouse, document_type, size) for _batch in range(batches)]
        for name, document_type in (("with", kind), ("without", plain))
    }
    env.cr.commit()
    return batches_of


def compare(env, batches, size, processes):
    """``{"with": [outcome of a batch], "without": [...]}``; see ``validate``; they take turns."""
    pickings = prepare(env, batches, size)
    found = {"with": [], "without": []}
    for number in range(batches):
        turns = list(found)
        for name in turns if number % 2 else turns[::-1]:
            found[name].append(validate(env, pickings[name][number], processes))
    return found


def _deliveries(env, warehouse, document_type, size):
    goods = env["product.product"].create(
        [{"name": f"Good {number}", "is_storable": True} for number in range(size)]
    )
    place, customers = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")
    customer = env["res.partner"].create({"name": "Restaurant"})
    for good in goods:
        env["stock.quant"]._update_available_quantity(good, place, 10)
    pickings = env["stock.picking"].create(
        [
            {
                "picking_type_id": warehouse.out_type_id.id,
                "document_type_id": document_type.id,
                "partner_id": customer.id,
                "location_id": place.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": good.id,
                            "product_uom_qty": 1,
                            "location_id": place.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
            for good in goods
        ]
    )
    pickings.action_confirm()
    pickings.action_assign()
    pickings.move_ids.picked = True
    return pickings.ids


def validate(env, pickings, processes, fail_every=0):
    """Validate the pickings, dealt out to that many processes, all at once.

    Each is a transaction of its own, repeated by Odoo as it repeats a request. ``fail_every``: one
    in so many is broken off after its number is drawn, and then asked for again, as a user does.
    Returns ``{"seconds", "attempts", "lost": [message], "numbers": [number]}``.
    """
    broken = set(pickings[::fail_every]) if fail_every else set()
    shares = [
        [(picking, picking in broken) for picking in pickings[place::processes]]
        for place in range(processes)
    ]
    seconds, answers = at_once(env, shares, _validate)
    return {
        "seconds": seconds,
        "attempts": sum(attempts for attempts, _message in answers),
        "lost": [message for _attempts, message in answers if message],
        "numbers": env["stock.picking"].browse(set(pickings)).mapped("series_number"),
    }


def _validate(registry, item):
    """``(attempts, message when it was lost)`` of a delivery; asked for again if broken off."""
    picking_id, breaks = item
    attempts, message = _validate_once(registry, picking_id, breaks)
    if breaks:
        again, later = _validate_once(registry, picking_id, False)
        attempts, message = attempts + again, message or later
    return attempts, message


def _validate_once(registry, picking_id, breaks):
    attempts = 0

    def act(env):
        nonlocal attempts
        attempts += 1
        env["stock.picking"].browse(picking_id).button_validate()
        if breaks:
            env.flush_all()
            raise Interrupted

    try:
        request(registry, act)
    except Interrupted:
        return attempts, ""
    except Exception as error:  # whatever it is: it is what the user would see
        return attempts, repr(error)
    return attempts, ""


def state(env):
    """What became of it: ``{"numbers": [...], "gaps", "moved": quantity}`` of all deliveries."""
    pickings = env["stock.picking"].search([("series_id", "!=", False)], order="series_number")
    done = env["stock.move"].search([("picking_id", "in", pickings.ids), ("state", "=", "done")])
    return {
        "numbers": pickings.mapped("series_number"),
        "texts": pickings.mapped("document_number"),
        "gaps": env["document.series.gap"].search_count([]),
        "moved": sum(done.mapped("quantity")),
    }


def under_load(env, size, processes, fail_every):
    """Prepare that many deliveries and validate them, some broken off; see ``validate``."""
    ((pickings,), _without) = prepare(env, 1, size).values()
    return validate(env, pickings, processes, fail_every)


def same_at_once(env, processes):
    """Let that many processes validate one and the same delivery; see ``validate``."""
    (((picking,),), _without) = prepare(env, 1, 1).values()
    return validate(env, [picking] * processes, processes)


def at_size(env, numbers):
    """Seconds that screens about numbers take when that many were given: ``{screen: seconds}``."""
    warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
    operation = warehouse.out_type_id
    series = env["document.series"].create({"name": "Large", "prefix": "L/%(year)s/"})
    large = operation.document_type_id.copy({"code": "LARGE", "series_ids": series.ids})
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO stock_picking (name, state, picking_type_id, location_id, location_dest_id,
                                   company_id, move_type, document_type_id, document_date,
                                   series_id, series_period, series_number, document_number)
        SELECT 'L' || n, 'done', %s, %s, %s, %s, 'direct', %s,
               make_date(2020 + n %% 5, 1 + n %% 12, 1), %s, (2020 + n %% 5)::text, 1 + n / 5,
               'L/' || 2020 + n %% 5 || '/' || lpad((1 + n / 5)::text, 5, '0')
          FROM generate_series(0, %s - 1) n
        """,
        (
            operation.id,
            warehouse.lot_stock_id.id,
            env.ref("stock.stock_location_customers").id,
            env.company.id,
            large.id,
            series.id,
            numbers,
        ),
    )
    env.cr.execute("ANALYZE stock_picking")
    every, register = env["document.series"].search([]), env["document.register"]
    gaps = env["document.series.gap"]
    columns = ["next_number", "last_number", "number_count", "void_count", "gap_count"]
    found = {
        "list of the series": _seconds(env, lambda: every.read(columns)),
        "first page of the register": _seconds(
            env, lambda: register.search_read([], ["document_number", "state"], limit=80)
        ),
        "missing numbers": _seconds(env, lambda: gaps.search_count([])),
    }
    if series.number_count != numbers or gaps.search_count([]):
        raise RuntimeError(f"{series.number_count} numbers, {gaps.search_count([])} gaps")
    env.cr.rollback()
    return found


def _seconds(env, work):
    """The best of three, each with nothing remembered."""
    best = []
    for _round in range(3):
        env.invalidate_all()
        started = time.perf_counter()
        work()
        best.append(time.perf_counter() - started)
    return min(best)
