"""Where the buyer of an order came from, as the shop noted it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shopapi.documents import Visit
from shopapi.systems.woocommerce.orders import _visits


def _row(**meta: Any) -> dict[str, Any]:
    """An order with these values under the names of "Order Attribution"."""
    start = "_wc_order_attribution_"
    return {"meta_data": [{"key": start + key, "value": value} for key, value in meta.items()]}


def test_the_visit_of_a_web_order_is_read() -> None:
    row = _row(
        source_type="utm",
        utm_source="newsletter",
        utm_medium="email",
        utm_campaign="spring",
        utm_term="mugs",
        utm_content="banner 2",
        referrer="https://mail.example.test/",
        session_entry="https://shop.example.test/mugs?utm_source=newsletter",
        session_start_time="2026-05-01 08:27:53",
    )
    assert list(_visits(row)) == [
        Visit(
            visited_at=datetime(2026, 5, 1, 8, 27, 53, tzinfo=UTC),
            source="newsletter",
            medium="email",
            campaign="spring",
            term="mugs",
            content="banner 2",
            landing="https://shop.example.test/mugs?utm_source=newsletter",
            referrer="https://mail.example.test/",
        )
    ]


def test_an_order_typed_by_the_staff_has_none() -> None:
    assert list(_visits(_row(source_type="admin"))) == []
    assert list(_visits({})) == []


@pytest.mark.parametrize("start", ["", "yesterday", "2026-13-45 00:00:00", None, 7])
def test_a_start_that_is_no_moment_is_left_out(start: Any) -> None:
    [visit] = _visits(_row(utm_source="google", session_start_time=start))
    assert visit == Visit(source="google")
