"""A million moves in three warehouses; what Odoo's fields and our views need to read them."""

import time

from odoo.tools import SQL

from .meter import Meter

SHELVES = 4
#: one move in twenty is still open: more than a shop has on most days
OPEN_PART = 0.05
FIELDS = ("qty_available", "free_qty", "incoming_qty", "outgoing_qty", "virtual_available")
PAGE = 80


# === FILLING: Odoo's own modules only ===


def prepare(env, products, moves):
    """Products, two more warehouses with shelves, and so many moves over two years."""
    company = env.company
    warehouses = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    warehouses |= env["stock.warehouse"].create(
        [{"name": name, "code": name} for name in ("EAST", "WEST")]
    )
    shelves = env["stock.location"].create(
        [
            {"name": f"Shelf {number}", "location_id": warehouse.lot_stock_id.id}
            for warehouse in warehouses
            for number in range(SHELVES)
        ]
    )
    goods = env["product.product"].create(
        [{"name": f"Product {number}", "is_storable": True} for number in range(products)]
    )
    partners = env["res.partner"].create([{"name": f"Partner {number}"} for number in range(200)])
    env.cr.execute("SELECT SETSEED(0.42)")
    _insert_moves(env, goods, shelves, partners, moves)
    _insert_lines(env)
    _insert_quants(env)
    env.cr.commit()
    return len(goods)


def _insert_moves(env, goods, shelves, partners, count):
    """Half of them receipts, most others deliveries, a few between shelves."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO stock_move
                   (product_id, product_uom, product_uom_qty, product_qty, quantity, picked,
                    location_id, location_dest_id, company_id, partner_id, date, state, reference,
                    procure_method, create_uid, create_date, write_uid, write_date)
            SELECT (%(products)s)[1 + FLOOR(RANDOM() * %(product_count)s)::int], %(unit)s,
                   chance.quantity, chance.quantity,
                   CASE WHEN chance.open < %(open)s THEN 0 ELSE chance.quantity END,
                   chance.open >= %(open)s,
                   CASE WHEN chance.kind < 0.5 THEN %(supplier)s
                        ELSE (%(shelves)s)[1 + FLOOR(RANDOM() * %(shelf_count)s)::int] END,
                   CASE WHEN chance.kind < 0.5 OR chance.kind > 0.95
                        THEN (%(shelves)s)[1 + FLOOR(RANDOM() * %(shelf_count)s)::int]
                        ELSE %(customer)s END,
                   %(company)s,
                   (%(partners)s)[1 + FLOOR(RANDOM() * %(partner_count)s)::int],
                   NOW() AT TIME ZONE 'UTC' - RANDOM() * INTERVAL '730 days',
                   CASE WHEN chance.open < %(open)s THEN 'confirmed' ELSE 'done' END,
                   'Move ' || chance.number, 'make_to_stock', 1, NOW(), 1, NOW()
              FROM (SELECT number, RANDOM() AS kind, RANDOM() AS open,
                           1 + FLOOR(RANDOM() * 9) AS quantity
                      FROM GENERATE_SERIES(1, %(count)s) AS number) AS chance
            """,
            products=goods.ids,
            product_count=len(goods),
            unit=goods[:1].uom_id.id,
            shelves=shelves.ids,
            shelf_count=len(shelves),
            partners=partners.ids,
            partner_count=len(partners),
            supplier=env.ref("stock.stock_location_suppliers").id,
            customer=env.ref("stock.stock_location_customers").id,
            company=env.company.id,
            open=OPEN_PART,
            count=count,
        )
    )


def _insert_lines(env):
    env.cr.execute(
        """
        INSERT INTO stock_move_line
               (move_id, product_id, product_uom_id, quantity, quantity_product_uom, picked,
                location_id, location_dest_id, company_id, date, state, create_uid, create_date,
                write_uid, write_date)
        SELECT id, product_id, product_uom, quantity, quantity, TRUE, location_id,
               location_dest_id, company_id, date, state, 1, NOW(), 1, NOW()
          FROM stock_move
         WHERE state = 'done'
        """
    )


def _insert_quants(env):
    """What the done moves leave on every shelf."""
    env.cr.execute(
        """
        INSERT INTO stock_quant
               (product_id, location_id, quantity, reserved_quantity, company_id, in_date,
                create_uid, create_date, write_uid, write_date)
        SELECT side.product_id, side.place, SUM(side.quantity), 0, MIN(side.company_id),
               MIN(side.date), 1, NOW(), 1, NOW()
          FROM (SELECT product_id, location_dest_id AS place, quantity, company_id, date
                  FROM stock_move WHERE state = 'done'
                 UNION ALL
                SELECT product_id, location_id, -quantity, company_id, date
                  FROM stock_move WHERE state = 'done') AS side
          JOIN stock_location place ON place.id = side.place
         WHERE place.usage = 'internal'
         GROUP BY side.product_id, side.place
        """
    )


# === READING: with our addon ===


def measure(env, rounds):
    """Seconds of each way to read, best of some rounds, and how many figures differ."""
    products = env["product.product"].search([("name", "=like", "Product %")], order="id")
    warehouses = env["stock.warehouse"].search([("company_id", "=", env.company.id)])
    found = {"products": len(products), "warehouses": len(warehouses)}
    found["differences"] = _differences(products, warehouses)
    for name, some in (("page", products[:PAGE]), ("all", products)):
        found[f"odoo_{name}"] = _best(env, rounds, lambda some=some: _odoo(some, warehouses))
        found[f"ours_{name}"] = _best(
            env, rounds, lambda some=some: some._get_availability(warehouses)
        )
    for name, work in _screens(env, products, warehouses).items():
        found[name] = _best(env, rounds, work)
    found["ledger_differences"] = _ledger_differences(env, products[:PAGE], warehouses)
    return found


def _screens(env, products, warehouses):
    """What opens a screen, by name."""
    some = products[:PAGE].ids
    balance = ["date", "product_id", "quantity", "balance"]
    return {
        "list_page": lambda: _read(env["stock.availability"], [], ["available", "ordered"]),
        "list_of_page": lambda: _read(
            env["stock.availability"], [("product_id", "in", some)], ["available", "ordered"]
        ),
        "ledger_product": lambda: _read(
            env["stock.ledger.line"], [("product_id", "=", some[0])], balance
        ),
        "ledger_month": lambda: _read(env["stock.ledger.line"], [("date", ">=", "-30d")], balance),
        "turnover": lambda: _read(env["stock.turnover"], [], ["sold", "movement", "abc_class"]),
    }


def _read(model, domain, names):
    return model.search_fetch(domain, names, limit=PAGE).mapped(names[-1])


def _best(env, rounds, work):
    meter, best = Meter(env.cr), None
    for _round in range(rounds):
        env.invalidate_all()
        seconds = meter.measure(work).clock
        best = seconds if best is None else min(best, seconds)
    return best


def _odoo(products, warehouses):
    """Odoo's own five fields of every product in every warehouse."""
    return {
        warehouse: products.with_context(warehouse_id=warehouse.id).read(FIELDS, load=None)
        for warehouse in warehouses
    }


def _differences(products, warehouses):
    """In how many figures our query and Odoo's fields differ."""
    ours = products._get_availability(warehouses)
    count = 0
    for warehouse, rows in _odoo(products, warehouses).items():
        for row in rows:
            mine = ours[products.browse(row["id"])][warehouse]
            count += sum(
                abs(row[name] - value) > 1e-6
                for name, value in (
                    ("qty_available", mine["on_hand"]),
                    ("free_qty", mine["on_hand"] - mine["reserved"]),
                    ("outgoing_qty", mine["committed"]),
                    ("incoming_qty", mine["ordered"] + mine["incoming_other"]),
                    ("virtual_available", mine["forecast"]),
                )
            )
    return count


def _ledger_differences(env, products, warehouses):
    """For how many products and warehouses the last balance is not what is on hand."""
    started = time.perf_counter()
    ours = products._get_availability(warehouses)
    count = 0
    for product in products[:10]:
        for warehouse in warehouses:
            row = env["stock.ledger.line"].search(
                [("product_id", "=", product.id), ("warehouse_id", "=", warehouse.id)],
                order="date desc, id desc",
                limit=1,
            )
            count += abs(row.balance - ours[product][warehouse]["on_hand"]) > 1e-6
    if time.perf_counter() - started > 300:
        raise RuntimeError("The ledger of ten products takes minutes.")
    return count
