"""Ten years of a shop, made in SQL: customers, their orders and what was written to them."""

from odoo.tools import SQL

#: orders are spread as customers are: most have one or two, the best one more than a thousand
HEAVY = 1500
FIRST_NAMES = ("Anna", "Marco", "Giulia", "Luca", "Sara", "Paolo", "Elena", "Andrea", "Katalin")
LAST_NAMES = (
    *("Rossi", "Bianchi", "Ferrari", "Esposito", "Romano", "Colombo", "Ricci", "Marino", "Greco"),
    *("Bruno", "Gallo", "Conti", "De Luca", "Costa", "Giordano", "Mancini", "Rizzo", "Lombardi"),
    *("Nagy", "Kovács", "Szabó", "Tóth", "Horváth", "Varga", "Kiss", "Molnár", "Németh", "Farkas"),
)


def prepare(env, customers, orders, products=500):
    """Odoo's own modules only: so many customers and orders with three lines and two messages."""
    company = env.company
    company.country_id = env.ref("base.it")
    goods = env["product.product"].create(
        [{"name": f"Wine {number}", "list_price": 8 + number % 30} for number in range(products)]
    )
    env.flush_all()
    env.cr.execute("SELECT SETSEED(0.42)")
    first = _insert_customers(env, customers)
    _insert_orders(env, first, customers, orders)
    _insert_lines(env, goods)
    _insert_messages(env)
    env.cr.commit()
    return customers


def _insert_customers(env, count):
    """Numbers in four spellings; the last digits of each are unlike those of its neighbours."""
    env.cr.execute("SELECT MAX(id) FROM res_partner")
    [(last,)] = env.cr.fetchall()
    env.cr.execute(
        SQL(
            """
            INSERT INTO res_partner
                   (id, name, complete_name, active, type, is_company, commercial_partner_id,
                    partner_share, customer_rank, country_id, city, email, email_normalized, phone,
                    phone_sanitized, lang, autopost_bills, group_rfq, group_on,
                    create_uid, create_date, write_uid, write_date)
            SELECT %(last)s + n, person, person, TRUE, 'contact', FALSE, %(last)s + n, TRUE, 1,
                   %(country)s, 'Verona', 'customer' || n || '@example.com',
                   'customer' || n || '@example.com',
                   CASE n %% 4 WHEN 0 THEN '+39 ' || number WHEN 1 THEN number
                               WHEN 2 THEN '0039' || number
                               ELSE LEFT(number, 3) || '/' || RIGHT(number, 7) END,
                   '+39' || number, 'en_US', 'ask', 'default', 'default',
                   1, NOW(), 1, NOW()
              FROM (SELECT n, (340 + n %% 50)::text
                              || LPAD(((n::bigint * 7919317) %% 10000000)::text, 7, '0') AS number,
                           (%(first)s)[1 + n %% %(firsts)s] || ' '
                              || (%(names)s)[1 + (n / 7) %% %(lasts)s] || ' ' || n AS person
                      FROM GENERATE_SERIES(1, %(count)s) AS n) AS people
            """,
            last=last,
            country=env.ref("base.it").id,
            first=list(FIRST_NAMES),
            firsts=len(FIRST_NAMES),
            names=list(LAST_NAMES),
            lasts=len(LAST_NAMES),
            count=count,
        )
    )
    env.cr.execute("SELECT SETVAL('res_partner_id_seq', MAX(id)) FROM res_partner")
    return last + 1


def _insert_orders(env, first, customers, count):
    company = env.company
    env.cr.execute(
        SQL(
            """
            INSERT INTO sale_order
                   (name, state, partner_id, partner_invoice_id, partner_shipping_id, company_id,
                    currency_id, currency_rate, date_order, amount_untaxed, amount_tax,
                    amount_total, picking_policy, warehouse_id, user_id, team_id, invoice_status,
                    delivery_status, create_uid, create_date, write_uid, write_date)
            SELECT 'S' || LPAD(n::text, 6, '0'),
                   CASE WHEN chance < 0.07 THEN 'cancel' WHEN n > %(count)s * 0.995 THEN 'draft'
                        ELSE 'sale' END,
                   customer, customer, customer, %(company)s, %(currency)s, 1,
                   at, amount, amount * 0.22, amount * 1.22, 'direct', %(warehouse)s, %(user)s,
                   %(team)s, CASE WHEN chance < 0.07 THEN 'no' ELSE 'invoiced' END,
                   CASE WHEN chance < 0.07 THEN NULL ELSE 'full' END, 1, at, 1, at
              FROM (SELECT n, RANDOM() AS chance, ROUND((5 + RANDOM() * 200)::numeric, 2) AS amount,
                           NOW() AT TIME ZONE 'UTC'
                             - (%(count)s - n) * INTERVAL '3650 days' / %(count)s AS at,
                           CASE WHEN n <= %(heavy)s THEN %(first)s
                                ELSE %(first)s + FLOOR(POWER(RANDOM(), 2) * %(customers)s)::int
                           END AS customer
                      FROM GENERATE_SERIES(1, %(count)s) AS n) AS sold
            """,
            count=count,
            company=company.id,
            currency=company.currency_id.id,
            warehouse=env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1).id,
            user=env.ref("base.user_admin").id,
            team=env.ref("sales_team.team_sales_department").id,
            heavy=min(HEAVY, count // 10),
            first=first,
            customers=customers,
        )
    )


def _insert_lines(env, goods):
    """Three a piece; everybody has a few products they buy again and again."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO sale_order_line
                   (order_id, order_partner_id, company_id, currency_id, state, name, product_id,
                    product_uom_id, product_uom_qty, price_unit, price_subtotal, price_total,
                    customer_lead, sequence, create_uid, create_date, write_uid, write_date)
            SELECT o.id, o.partner_id, o.company_id, o.currency_id, o.state, 'Wine',
                   (%(goods)s)[1 + (o.partner_id * 31 + k * 7 + FLOOR(RANDOM() * 4)::int)
                                   %% %(count)s],
                   %(unit)s, 1 + FLOOR(RANDOM() * 6), o.amount_untaxed / 3, o.amount_untaxed / 3,
                   o.amount_total / 3, 0, k, 1, o.create_date, 1, o.create_date
              FROM sale_order o, GENERATE_SERIES(1, 3) AS k
            """,
            goods=goods.ids,
            count=len(goods),
            unit=goods[:1].uom_id.id,
        )
    )


def _insert_messages(env):
    """The confirmation that was sent and what Odoo noted, on every order; a few letters."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO mail_message
                   (model, res_id, message_type, subtype_id, author_id, subject, body, date,
                    create_uid, create_date, write_uid, write_date)
            SELECT 'sale.order', o.id, kind, %(note)s, %(author)s, NULL,
                   '<p>Your order ' || o.name || ' has been received.</p>', o.date_order,
                   1, o.date_order, 1, o.date_order
              FROM sale_order o, UNNEST(ARRAY['notification', 'comment']) AS kind
            UNION ALL
            SELECT 'res.partner', p.id, 'email', %(note)s, p.id, 'Question',
                   '<p>When will it arrive?</p>', NOW() AT TIME ZONE 'UTC', 1, NOW(), 1, NOW()
              FROM res_partner p WHERE p.customer_rank > 0 AND p.id %% 10 = 0
            """,
            note=env.ref("mail.mt_comment").id,
            author=env.user.partner_id.id,
        )
    )
