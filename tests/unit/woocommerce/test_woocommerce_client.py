"""How we get in, what failures mean, what webhooks say; the recorded calls are witnesses."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from werkzeug.wrappers import Request, Response

import shopapi
from shopapi.adapter import Credentials
from shopapi.documents import Entry, Hint, Manufacturer, StatusChange
from shopapi.errors import AuthError, DataError, Unreachable
from shopapi.exchange import Exchange, read_exchanges
from shopapi.registry import adapter_class
from shopapi.simulation_server import SimulatorServer
from shopapi.systems.woocommerce import hooks
from shopapi.systems.woocommerce.client import shop_root
from shopapi.systems.woocommerce.simulator import WooCommerceSimulator

FOLDER = Path(shopapi.__file__).parent / "systems" / "woocommerce" / "exchanges"
RECORDED = {each.name[:3]: each for each in read_exchanges(FOLDER / "11.0.1")}


@pytest.fixture
def simulator() -> Iterator[WooCommerceSimulator]:
    with WooCommerceSimulator() as shop:
        yield shop


def opened(simulator: WooCommerceSimulator, **more: str):  # type: ignore[no-untyped-def]
    values = {"api_key": simulator.api_key, "api_secret": simulator.api_secret, **more}
    return adapter_class("woocommerce")(Credentials(base_url=simulator.url, **values))


# --- getting in -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["/", "/wp-json", "/wp-json/wc/v3/", "/wp-admin/admin.php?page=wc-settings", "  "],
)
def test_address_is_cut_to_the_shop(typed: str) -> None:
    assert shop_root(f"https://shop.example/it{typed}") == "https://shop.example/it"


def test_plain_http_is_signed_and_the_secret_never_travels(
    simulator: WooCommerceSimulator,
) -> None:
    with opened(simulator) as adapter:
        assert adapter.probe().version == "11.0.1"
    assert all("oauth_signature=" in each.query for each in simulator.log)
    assert not any(simulator.api_secret in each.query for each in simulator.log)


def test_basic_auth_is_ignored_on_plain_http(simulator: WooCommerceSimulator) -> None:
    answer = requests.get(
        f"{simulator.url}/wp-json/wc/v3/products",
        auth=(simulator.api_key, simulator.api_secret),
        timeout=10,
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "woocommerce_rest_cannot_view")


def test_without_the_oauth_package_only_shops_without_https_are_out_of_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "requests_oauthlib", None)  # as where it is not installed
    plain, safe = (
        Credentials(base_url=f"{scheme}://shop.example", api_key="ck_1", api_secret="cs_1")
        for scheme in ("http", "https")
    )
    with pytest.raises(DataError, match=r"requests-oauthlib .* https address, or install"):
        adapter_class("woocommerce")(plain)
    with adapter_class("woocommerce")(safe) as adapter:
        assert adapter.writes == 0


@pytest.mark.parametrize("key", ["read_only_key", "customer_key", "inactive_key"])
def test_keys_that_may_not_write_are_told_apart(simulator: WooCommerceSimulator, key: str) -> None:
    adapter = opened(simulator, api_key=getattr(simulator, key))
    with pytest.raises(AuthError) as caught:
        adapter.ensure_hooks("https://erp.example/hint", "secret")
    assert (caught.value.reason == "right") == (key == "read_only_key")
    if key == "read_only_key":
        assert caught.value.resource == "webhooks"
    assert getattr(simulator, key) not in str(caught.value)


def test_wrong_secret(simulator: WooCommerceSimulator) -> None:
    with pytest.raises(AuthError, match="signature"):
        opened(simulator, api_secret="cs_wrong").probe()


# --- failures -------------------------------------------------------------------------------------


def test_a_fault_with_a_code_is_the_records_and_not_repeated(
    simulator: WooCommerceSimulator,
) -> None:
    body = RECORDED["484"].response_body
    simulator.fail(500, method="POST", body=body, times=None)
    adapter = opened(simulator)
    with pytest.raises(DataError, match="Invalid refund amount"):
        adapter.save([_entry(Manufacturer(name="Cantina"))])
    assert len([each for each in simulator.log if each.is_write]) == 1


def test_a_crash_of_wordpress_is_tried_later(simulator: WooCommerceSimulator) -> None:
    body = {"code": "internal_server_error", "message": "<p>Critical error</p>", "data": {}}
    simulator.fail(500, body=json.dumps(body).encode(), times=None)
    with pytest.raises(Unreachable):
        opened(simulator).probe()


def test_more_than_a_hundred_are_sent_in_several_calls(simulator: WooCommerceSimulator) -> None:
    adapter = opened(simulator)
    names = [_entry(Manufacturer(name=f"Maker {number}"), str(number)) for number in range(120)]
    assert all(outcome.error is None for outcome in adapter.save(names))
    assert all(each.status == 200 for each in simulator.log if each.is_write)
    assert len(simulator.shop.terms["brands"]) == 120


def test_names_are_read_without_the_shops_escapes(simulator: WooCommerceSimulator) -> None:
    adapter = opened(simulator)
    (outcome,) = adapter.save([_entry(Manufacturer(name="Rossi & Figli"))])
    (row,) = simulator.shop.terms["brands"].values()
    assert row["name"] == "Rossi &amp; Figli"
    (again,) = opened(simulator).save([_entry(Manufacturer(name="Rossi & Figli"))])
    assert (again.external_id, again.written) == (outcome.external_id, False)


def test_times_are_asked_for_in_the_one_right_way(simulator: WooCommerceSimulator) -> None:
    adapter = opened(simulator)
    list(adapter.changed_orders("2027-07-15T12:00:00"))
    query = simulator.log[-1].query
    assert "dates_are_gmt=true" in query
    assert re.search(r"modified_after=\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d(&|$)", query)


# --- webhooks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["710", "711", "712", "713", "714", "715", "716"])
def test_recorded_deliveries_are_genuine(name: str) -> None:
    exchange = RECORDED[name]
    secret = re.search(r"secret: (\S+)", exchange.remarks)
    assert secret is not None
    body = _wire(exchange)
    (hint,) = hooks.read(exchange.headers, body, secret[1])
    content = json.loads(body)
    number = str(content.get("parent_id") or content["id"])
    assert hint == Hint(kind=exchange.headers["x-wc-webhook-resource"], external_id=number)
    with pytest.raises(AuthError):
        hooks.read(exchange.headers, body + b" ", secret[1])


def test_the_recorded_ping_says_nothing() -> None:
    exchange = RECORDED["702"]
    assert hooks.read(exchange.headers, exchange.body.strip(), "secret") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"id": "x"}', b"\xff", b"webhook_id=1;x"])
def test_strange_calls_are_refused(body: bytes) -> None:
    with pytest.raises((AuthError, DataError)):
        hooks.read({"X-WC-Webhook-Topic": "order.created"}, body, "secret")
    with pytest.raises(AuthError):
        hooks.read({"X-WC-Webhook-Topic": "order.created"}, b'{"id": 1}', "")


class Listener:
    """Where the shop calls; answers with a status."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.calls: list[tuple[dict[str, str], bytes]] = []

        def application(environ, start_response):  # type: ignore[no-untyped-def]
            request = Request(environ)
            self.calls.append((dict(request.headers), request.get_data()))
            return Response(status=self.status)(environ, start_response)

        self.server = SimulatorServer(0, application)
        self.url = f"http://127.0.0.1:{self.server.port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def test_hooks_are_made_once_and_deliver_a_burst_once(
    simulator: WooCommerceSimulator, listener: Listener
) -> None:
    adapter = opened(simulator)
    assert adapter.ensure_hooks(listener.url, "secret") is True
    assert adapter.ensure_hooks(listener.url, "secret") is False
    pings = len(listener.calls)
    assert pings == len(hooks.TOPICS)
    order = simulator.place_order([], {"email": "a@shop.example"})
    for status in ("processing", "on-hold", "completed"):
        simulator.set_order_state(order, status)
    simulator.deliver_webhooks()
    found = [hooks.read(headers, body, "secret") for headers, body in listener.calls[pings:]]
    assert found == [[Hint(kind="order", external_id=str(order))]] * 2  # created and updated
    # the body tells how it stands now, not how it stood
    assert {json.loads(body)["status"] for _h, body in listener.calls[pings:]} == {"completed"}


def test_a_hook_that_fails_seven_times_is_switched_off_and_repaired(
    simulator: WooCommerceSimulator, listener: Listener
) -> None:
    adapter = opened(simulator)
    adapter.ensure_hooks(listener.url, "secret")
    order = simulator.place_order([], {"email": "a@shop.example"})
    simulator.deliver_webhooks()
    listener.status = 500
    hook = next(row for row in simulator.shop.webhooks.values() if row["topic"] == "order.updated")
    for number in range(7):
        assert hook["status"] == "active", number
        adapter.change_status(
            StatusChange(order=str(order), state=("processing", "on-hold")[number % 2])
        )
        simulator.deliver_webhooks()
    assert hook["status"] == "disabled"
    before = adapter.writes
    assert adapter.ensure_hooks(listener.url, "secret") is True
    assert (adapter.writes, hook["status"]) == (before + 1, "active")
    # another secret is told to each of them
    assert adapter.ensure_hooks(listener.url, "other") is True
    assert {row["secret"] for row in simulator.shop.webhooks.values()} == {"other"}


def test_hooks_follow_when_we_move(simulator: WooCommerceSimulator, listener: Listener) -> None:
    adapter = opened(simulator)
    adapter.ensure_hooks("http://127.0.0.1:9/old", "secret")
    assert adapter.ensure_hooks(listener.url, "secret") is True
    hooks_there = simulator.shop.webhooks.values()
    assert {row["delivery_url"] for row in hooks_there} == {listener.url}
    assert len(hooks_there) == len(hooks.TOPICS)
    assert adapter.ensure_hooks(listener.url, "secret") is False


def test_unsafe_addresses_are_never_called(
    simulator: WooCommerceSimulator, listener: Listener
) -> None:
    simulator.routes.webhooks.trusts_local = False
    opened(simulator).ensure_hooks(listener.url, "secret")
    simulator.place_order([], {"email": "a@shop.example"})
    assert simulator.deliver_webhooks() == [0, 0]
    assert listener.calls == []


def _entry(document, key: str = "1"):  # type: ignore[no-untyped-def]
    return Entry(key=key, document=document)


def _wire(exchange: Exchange) -> bytes:
    """The body as it travelled: compact, as PHP writes it."""
    text = json.dumps(json.loads(exchange.body), separators=(",", ":"), ensure_ascii=True)
    return text.replace("/", "\\/").encode()
