"""The base of all simulators: real HTTP, a log, a clock, planned failures."""

from __future__ import annotations

import time

import pytest
import requests
from shop_client import ShopClient

from shopapi.systems.prestashop.simulator import PrestaShopSimulator


def test_two_shops_run_at_once_and_a_taken_port_is_an_error() -> None:
    with PrestaShopSimulator() as one, PrestaShopSimulator() as other:
        assert one.url != other.url
        port = int(one.url.rpartition(":")[2])
        with pytest.raises(OSError):
            PrestaShopSimulator(port).start()
    with pytest.raises(requests.ConnectionError):
        requests.get(one.url, timeout=5)


def test_shop_starts_again_where_it_stopped() -> None:
    simulator = PrestaShopSimulator()
    with simulator:
        ShopClient(simulator).product("A")
        address = simulator.url
    with simulator:
        assert simulator.url == address
        assert simulator.holdings()["products"] == 1


def test_log_counts_writing_calls_that_succeeded(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    client.product("A")
    client.send("POST", "products", "<product/>")
    client.get("products")
    requests.post(f"{simulator.url}/it/cart", data={"product": "1"}, timeout=10)
    assert [(each.method, each.status) for each in simulator.writes] == [("POST", 201)]
    assert simulator.log[0].seconds > 0
    simulator.clear_log()
    assert simulator.log == []


def test_planned_answer_comes_as_often_as_asked_for(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    fault = simulator.fail(
        429, method="GET", path=r"/products$", headers={"Retry-After": "3"}, body=b"slow", times=2
    )
    assert client.send("GET", "languages").status_code == 200
    first = client.send("GET", "products")
    assert (first.status_code, first.headers["Retry-After"], first.text) == (429, "3", "slow")
    assert client.send("GET", "products").status_code == 429
    assert client.send("GET", "products").status_code == 200
    assert fault.hits == 2


def test_failure_after_the_work_was_done(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    simulator.fail(500, method="POST", after_work=True)
    answer = client.send("POST", "products", "<product><price>1</price></product>")
    assert (answer.status_code, answer.content) == (500, b"")
    assert simulator.holdings()["products"] == 1
    assert simulator.writes == []


@pytest.mark.parametrize(("after_work", "products"), [(False, 0), (True, 1)])
def test_dropped_connection(
    client: ShopClient, simulator: PrestaShopSimulator, after_work: bool, products: int
) -> None:
    simulator.fail(drop=True, method="POST", after_work=after_work)
    with pytest.raises(requests.ConnectionError):
        client.send("POST", "products", "<product><price>1</price></product>")
    assert simulator.holdings()["products"] == products


def test_cut_answer(client: ShopClient, simulator: PrestaShopSimulator) -> None:
    simulator.fail(cut=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.send("GET", "languages?display=full")


def test_slow_answer(client: ShopClient, simulator: PrestaShopSimulator) -> None:
    simulator.fail(delay=0.2)
    started = time.perf_counter()
    assert client.send("GET", "languages").status_code == 200
    assert time.perf_counter() - started >= 0.2


def test_failures_by_chance_repeat_with_their_seed(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    def run() -> list[int]:
        simulator.faults.clear()
        simulator.fail(503, times=None, probability=0.3, seed=7)
        return [client.send("HEAD", "languages").status_code for _time in range(20)]

    statuses = run()
    assert {200, 503} == set(statuses)
    assert run() == statuses


def test_unknown_seed_and_version() -> None:
    with pytest.raises(ValueError):
        PrestaShopSimulator(seed="other")
    with pytest.raises(ValueError):
        PrestaShopSimulator(version="1.5.0")
