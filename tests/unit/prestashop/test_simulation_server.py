"""The server under the simulators keeps connections as a shop's does."""

from __future__ import annotations

import http.client
import threading

import pytest

from shopapi.systems.prestashop.simulator import PrestaShopSimulator

ON_SALE = {"state": 1, "available_for_order": 1, "visibility": "both", "show_price": 1}


@pytest.fixture
def connection(simulator: PrestaShopSimulator) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", int(simulator.url.rpartition(":")[2]), timeout=5)


def _get(connection: http.client.HTTPConnection, path: str = "/api/") -> int:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_requests_follow_each_other_on_one_connection(
    connection: http.client.HTTPConnection,
) -> None:
    assert _get(connection) == 401
    socket = connection.sock
    assert socket is not None
    # a body that nobody reads, because there is no key, is not taken for the next request
    connection.request("POST", "/api/products", body=b"GET /rubbish HTTP/1.1\r\n\r\n" * 50)
    assert connection.getresponse().read() == b"401 Unauthorized"
    assert _get(connection) == 401
    assert connection.sock is socket


def test_an_answer_that_is_cut_ends_the_connection(
    simulator: PrestaShopSimulator, connection: http.client.HTTPConnection
) -> None:
    simulator.fail(cut=True)
    connection.request("GET", "/api/")
    with pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()


def test_a_head_request_keeps_the_connection(connection: http.client.HTTPConnection) -> None:
    connection.request("HEAD", "/api/")
    assert connection.getresponse().read() == b""
    assert _get(connection) == 401


def test_a_shop_that_stops_hangs_up(
    simulator: PrestaShopSimulator, connection: http.client.HTTPConnection
) -> None:
    assert _get(connection) == 401
    simulator.stop()
    with pytest.raises((http.client.HTTPException, OSError)):
        _get(connection)


def test_many_threads_sell_no_piece_twice(simulator: PrestaShopSimulator) -> None:
    shop = simulator.shop
    product = shop.store.add(
        "products",
        {"reference": "W-1", "price": "10", "active": 1, **ON_SALE},
        associations={"categories": [{"id": "2"}]},
    )
    shop.stock.create(product.id)
    shop.stock.move(product.id, 0, 400)
    threads = [
        threading.Thread(target=lambda: [simulator.place_order([("W-1", 1)]) for _ in range(20)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert simulator.stock_of("W-1") == 240
    orders = list(shop.store.all("orders"))
    assert len(orders) == len({each.id for each in orders}) == 160
    assert len({each.values["reference"] for each in orders}) == 160
