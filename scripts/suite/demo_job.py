"""The main job of the demo. ``suite.demo`` feeds this file to ``odoo shell``.

Given: ``env``, ``SHOP`` and ``SECOND`` (system, base_url, what opens it). The catalogue goes to the
shop, visitors buy on its pages, their orders come back, one is delivered and invoiced, and
everything is compared again. Then a second shop of another system sells some of the same goods from
the same stock. The last line printed is a JSON object ``{"figures": {...}, "faults": [...]}``; a
fault is a sentence about a figure that is not what the shop itself holds.
"""

# ruff: noqa: F821 - env and SHOP are given

import json

import requests
from lxml import etree

ANNA = {
    "email": "anna.verdi@example.com",
    "firstname": "Anna",
    "lastname": "Verdi",
    "address1": "Via dei Mille 12",
    "postcode": "10123",
    "city": "Torino",
    "country": "IT",
    "state": "TO",
    "phone": "+39 011 5550101",
}
MARIA = ANNA | {"email": "Maria.Rossi@example.com", "firstname": "Maria", "lastname": "Rossi"}
SHOP_OWNER = ANNA | {
    "email": "acquisti@enoteca-neri.example.com",
    "firstname": "Paolo",
    "lastname": "Neri",
    "company_name": "Enoteca Neri srl",
    "vat_number": "IT00743110157",
    "address1": "Corso Italia 5",
    "postcode": "37121",
    "city": "Verona",
    "state": "VR",
}
ZSOFIA = {
    "email": "szabo.zsofia@example.com",
    "firstname": "Zsófia",
    "lastname": "Szabó",
    "address1": "Petőfi Sándor utca 3.",
    "postcode": "1052",
    "city": "Budapest",
    "country": "HU",
    "phone": "+36 1 555 0102",
}
GIFT = {
    "delivery": "1",
    "delivery_firstname": "Elena",
    "delivery_lastname": "Bruni",
    "delivery_address1": "Via Garibaldi 8",
    "delivery_postcode": "37047",
    "delivery_city": "San Bonifacio",
    "delivery_state": "VR",
    "gift": "1",
    "gift_message": "Tanti auguri!",
}
CARD, TRANSFER, CASH = "ps_checkout", "ps_wirepayment", "ps_cashondelivery"
#: language of the pages, who, what (SKU, units), how
VISITS = [
    ("it", ANNA, [("VALP-075-22", 3), ("CALR-02", 1)], {"payment": CARD}),
    ("it", MARIA, [("AMAR-150-18", 1), ("MIEL", 2)], {"payment": CARD, "voucher": "WINE10"}),
    ("it", SHOP_OWNER, [("SOAV-075-23", 24), ("LUGA-23", 12)], {"payment": TRANSFER}),
    ("hu", ZSOFIA, [("GRAM", 1), ("FLUT-02", 1)], {"payment": CARD, "guest": "1"}),
    ("en", ANNA, [("BARO-18", 2)], {"payment": CARD, **GIFT}),
    ("it", MARIA, [("PROS-075", 6)], {"payment": CASH, "voucher": "PORTOFRANCO", "carrier": "2"}),
    ("it", ANNA, [("REGA-2", 1), ("BALS", 1)], {"payment": CARD, "voucher": "GRAZIE5"}),
    ("hu", ZSOFIA, [("RECI-037", 2)], {"payment": CARD, "guest": "1", "carrier": "3"}),
]

#: products that the second shop sells too
SHARED = 12

faults = []


def expect(sentence, ours, theirs):
    """Note a fault unless what we did is what the shop holds."""
    if ours != theirs:
        faults.append(f"{sentence}: {ours} here, {theirs} in the shop")
    return ours


def report():
    """Holdings and the writing calls so far, from the shop itself."""
    return requests.get(f"{SHOP['base_url']}/_simulator", timeout=30).json()


def rows(resource, *fields):
    """All rows of a resource of the shop's web service, as dictionaries."""
    answer = requests.get(
        f"{SHOP['base_url']}/api/{resource}",
        params={"display": f"[{','.join(fields)}]", "sort": "[id_ASC]"},
        auth=(SHOP["api_key"], ""),
        timeout=60,
    )
    root = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))
    return [{name: row.findtext(name) for name in fields} for row in root[0]]


def buy(visit):
    """Check out on the shop's pages as a visitor does."""
    language, who, lines, options = visit
    products = env["product.product"].search([("default_code", "in", [sku for sku, _n in lines])])
    links = env["shop.binding"]._by_record(shop, "variant", products.ids)
    if len(links) < len(lines):
        faults.append(f"Not all of {lines} is in the shop.")
        return
    ids = {p.default_code: links[p.id].external_id.replace("/", "-") for p in products}
    cart = ".".join(f"{ids[sku]}{'' if ids[sku][-1] != '-' else '0'}:{n}" for sku, n in lines)
    answer = requests.post(
        f"{SHOP['base_url']}/{language}/checkout",
        data={**who, **options, "lines": cart},
        allow_redirects=False,
        timeout=30,
    )
    if answer.status_code != 303:
        page = etree.HTML(answer.text)
        reason = " ".join(page.xpath("//*[contains(@class, 'error')]//text()")).strip()
        faults.append(f"The shop did not take the order of {who['email']}: {reason}")


def synchronise():
    figures = shop.action_sync_now()
    env.cr.commit()
    if figures["failed"]:
        faults.append(f"Failed exchanges: {figures['failed']}")
    return figures


def shop_stock():
    """``{"product/combination": units}`` as the shop holds them ("product/" without
    combination).
    """
    fields = ("id_product", "id_product_attribute", "quantity")
    return {
        f"{row['id_product']}/{row['id_product_attribute'].removeprefix('0')}": int(row["quantity"])
        for row in rows("stock_availables", *fields)
    }


def check_catalogue():
    held = report()["holdings"]
    links = env["shop.binding"].search([("shop_id", "=", shop.id)])
    variants = links.filtered(lambda link: link.kind == "variant")
    stock = shop_stock()
    right = variants.filtered(lambda link: stock.get(link.external_id) == int(link.stock_sent))
    products = len(links.filtered(lambda link: link.kind == "product"))
    return {
        "products_exported": expect("Products", products, held["products"]),
        "variants_exported": expect("Variants", len(variants), held["variants"]),
        "languages": expect("Languages", len(shop.language_mapping_ids.lang_id), held["languages"]),
        "pictures_exported": expect(
            "Pictures", len(links.filtered(lambda link: link.kind == "image")), held["images"]
        ),
        "stock_levels_pushed": expect("Stock levels", len(right), held["variants"]),
    }


def check_orders(known_partners):
    orders = env["sale.order"].search([("shop_id", "=", shop.id)])
    theirs = {
        row["reference"]: float(row["total_paid_tax_incl"])
        for row in rows("orders", "reference", "total_paid_tax_incl")
    }
    ours = {order.client_order_ref: round(order.amount_total, 2) for order in orders}
    expect("Totals of the orders", ours, theirs)
    emails = {row["email"].lower() for row in rows("customers", "email")}
    expect("Customers", {p.email_normalized for p in orders.partner_id}, emails)
    for order in orders.filtered("shop_hold_reason"):
        faults.append(f"Order {order.name} waits: {order.shop_hold_reason}")
    return {
        "orders_imported": expect("Orders", len(orders), report()["holdings"]["orders"]),
        "customers_created": len(orders.partner_id - known_partners),
    }


def deliver_and_invoice():
    """The first paid order leaves and is invoiced; the size of its PDF in bytes."""
    order = env["sale.order"].search(
        [("shop_id", "=", shop.id), ("state", "=", "sale")], order="id", limit=1
    )
    picking = order.picking_ids
    picking.carrier_tracking_ref = "LAMPO-0001"
    picking.move_ids.picked = True
    picking.button_validate()
    env.cr.commit()
    synchronise()
    number = env["shop.binding"]._by_record(shop, "order", order.ids)[order.id].external_id
    parcels = rows("order_carriers", "id_order", "tracking_number")
    carriers = {row["id_order"]: row["tracking_number"] for row in parcels}
    expect("Tracking number", "LAMPO-0001", carriers[number])
    states = {row["id"]: row["current_state"] for row in rows("orders", "id", "current_state")}
    expect("Status of the delivered order", order.shop_state, states[number])
    invoice = order.invoice_ids
    if invoice.state != "posted":
        faults.append("The delivered order was not invoiced.")
    pdf, _kind = env["ir.actions.report"]._render_qweb_pdf("account.account_invoices", invoice.ids)
    env.cr.commit()
    if not pdf.startswith(b"%PDF"):
        faults.append("The invoice is not a PDF.")
    return len(pdf)


def open_second():
    """The second shop, connected, with a dozen products that both sell."""
    values = {"name": "Bottega Online", "orders_since": "2020-01-01", "user_id": shop.user_id.id}
    values |= {"pricelist_id": shop.pricelist_id.id, "company_id": shop.company_id.id}
    values |= {"warehouse_ids": [(6, 0, shop.warehouse_ids.ids)]}
    second = env["shop.shop"].create(SECOND | values)
    second.action_connect()
    taxes = second.tax_mapping_ids.tax_id
    sold = env["product.template"].search([("shop_ids", "in", shop.ids)], order="id")
    simple = sold.filtered(
        lambda p: p.is_storable and not p._is_sold_in_variants() and p.taxes_id & taxes
    )
    simple[:SHARED].shop_ids = [(4, second.id)]
    env.cr.commit()
    return second, simple[:SHARED].product_variant_ids


def held_by(which):
    """What a shop holds of the goods that both sell: ``{SKU: units}``."""
    levels = which.env["shop.binding"]._by_record(which, "variant", shared.ids)
    with which._open_adapter(read_only=True) as adapter:
        held = {f"{each.product}/{each.variant or ''}": each for each in adapter.read_stock()}
    return {
        product.default_code: int(held[levels[product.id].external_id].quantity)
        for product in shared
        if product.id in levels and levels[product.id].external_id in held
    }


def both():
    """Let both shops exchange, until each has heard of the other's sales."""
    for _round in range(2):
        failed = (shop | second).action_sync_now()["failed"]
        env.cr.commit()
        if failed:
            faults.append(f"Failed exchanges of the two shops: {failed}")


def sell_in_both():
    """An order in each shop for the same goods; how many the second one brought."""
    sku = shared.filtered(lambda p: p.free_qty > 10)[:1].default_code
    before = held_by(shop)[sku]
    buy(("it", ANNA, [(sku, 1)], {"payment": CARD}))
    answer = requests.post(
        f"{SECOND['base_url']}/checkout",
        data={**MARIA, "payment": "cod", "lines": f"{sku}:2"},
        allow_redirects=False,
        timeout=30,
    )
    if answer.status_code != 303:
        faults.append(f"The second shop did not take the order: {answer.text[:200]}")
    both()
    expect("Stock of both shops", held_by(shop), held_by(second))
    expect("Stock after a sale in each shop", before - 3, held_by(second)[sku])
    return env["sale.order"].search_count([("shop_id", "=", second.id)])


shop = env.ref("shop_connector.demo_shop")
env = env(context=dict(env.context, allowed_company_ids=shop.company_id.ids, lang="en_US"))
shop = shop.with_env(env)
shop.write(SHOP)
known = env["res.partner"].search([])
shop.action_connect()
env.cr.commit()
synchronise()
figures = check_catalogue()
for visit in VISITS:
    buy(visit)
synchronise()
figures |= check_orders(known)
figures["invoice_pdf_bytes"] = deliver_and_invoice()
synchronise()
before = len(report()["writes"])
shop.action_compare_all()
env.cr.commit()
synchronise()
written = report()["writes"][before:]
figures["second_run_writes"] = len(written)
if written:
    faults.append(f"The second run wrote: {written[:5]}")
second, shared = open_second()
both()
figures["second_shop_products"] = expect(
    "Products of the second shop", len(shared), len(held_by(second))
)
figures["second_shop_orders"] = expect("Orders of the second shop", sell_in_both(), 1)
print(json.dumps({"figures": figures, "faults": faults}))
