"""Several users invoice the same delivery notes at once: the goods are on one invoice."""

from suite import databases, templates
from suite.benchmarks import Context

NOTES = 4


def test_two_users_invoice_the_same_delivery_notes_at_once() -> None:
    with databases.temporary(templates.suite({"multi_warehouse_docs"})) as database:
        found = Context().inside(database, "invoicing.same_at_once", notes=NOTES, processes=2)

    assert found["invoices"] == 1
    assert found["invoiced"] == found["moved"] == [2.0] * 2 * NOTES
    assert sorted(map(bool, found["said"])) == [False, True]
    (sentence,) = filter(None, found["said"])
    assert "invoice" in sentence or "Somebody else" in sentence
