"""The REST side whole: envelopes, statuses, headers; and nothing whatever makes it raise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from server_world import KEY, START, World, sign

from radtui.exchange.kucoin.rest.endpoints import ENDPOINTS as CLIENT_ENDPOINTS
from radtui.simserver.floor import Status
from radtui.simserver.http import Request
from radtui.simserver.limits import Pool, Window
from radtui.simserver.routes import ENDPOINTS

PATHS = sorted({endpoint.path for endpoint in ENDPOINTS})
# fmt: off
NAMES = [
    "symbol", "side", "type", "size", "qty", "valueQty", "price", "leverage", "clientOid", "marginMode",
    "positionSide", "stop", "stopPrice", "stopPriceType", "closeOrder", "reduceOnly", "postOnly", "hidden",
    "iceberg", "visibleSize", "timeInForce", "remark", "stp", "status", "currency", "amount", "margin", "bizNo",
    "withdrawAmount", "level", "positionMode", "currentPage", "pageSize", "startAt", "endAt", "from", "to",
    "granularity", "offset", "maxCount", "forward", "timeout", "symbols", "tradeType", "orderIdsList",
    "clientOidsList", "limit", "pageId", "triggerStopUpPrice", "tradeTypes", "payAccountType", "recAccountType",
    "totalMargin", "orderId", "items",
]
WORDS = st.sampled_from([
    "XBTUSDTM", "XBTUSDM", ".KXBTUSDT", ".XBTINT", "buy", "sell", "limit", "market", "CROSS", "LONG", "up", "TP",
    "USDT", "XBT", "FUTURES", "true", "1", "0", "-1", "10", "65000", "0.1", "1e400", "", "a" * 300, "\x00", "٣",
])
# fmt: on
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=10) | VALUES
SHARED = World()


def document(response: Any) -> dict[str, Any]:
    read = json.loads(response.body)
    assert isinstance(read, dict)
    return read


def assert_sound(response: Any) -> None:
    answer = document(response)
    assert isinstance(answer["code"], str)
    assert response.status in (200, 400, 401, 403, 404, 415, 429)
    assert ("data" in answer) == (response.status == 200 and answer["code"] == "200000") or "msg" in answer
    assert response.headers["content-type"].startswith("application/json")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["GET", "POST", "DELETE", "PUT", "", "get"]),
    st.text(max_size=30) | st.sampled_from(PATHS),
    st.dictionaries(st.text(max_size=15), st.text(max_size=15), max_size=4),
    st.binary(max_size=30),
)
def test_no_request_whatever_makes_it_raise(method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    request = Request(method=method, target=path, headers=headers, body=body, at=START)
    assert_sound(SHARED.server.handle(request))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(ENDPOINTS), BODIES, st.sampled_from(["XBTUSDTM", "1", "x"]), st.booleans())
def test_no_signed_request_makes_it_raise(endpoint: Any, body: Any, name: str, fresh: bool) -> None:
    world = SHARED
    world.limits._spent.clear()
    if fresh:
        world.sleep(0.5)
    target = "/".join(name if part.startswith("{") else part for part in endpoint.path.split("/"))
    raw = b""
    if endpoint.method == "POST" or "multi-cancel" in target:
        raw = json.dumps(body).encode()
    elif isinstance(body, dict):
        target += "?" + "&".join(f"{key}={value}" for key, value in body.items())
    assert_sound(world.send(endpoint.method, target, raw))


def test_an_answer_is_an_envelope_with_rate_headers() -> None:
    response = World().send("GET", "/api/v1/timestamp")
    assert document(response) == {"code": "200000", "data": START // 1_000_000}
    assert response.headers["gw-ratelimit-limit"] == "2000"
    assert response.headers["gw-ratelimit-remaining"] == "1998"


def test_private_endpoints_spend_the_accounts_pool_and_public_ones_the_addresss() -> None:
    world = World()
    assert world.send("GET", "/api/v1/positions").headers["gw-ratelimit-remaining"] == "1998"
    assert world.send("GET", "/api/v1/timestamp").headers["gw-ratelimit-remaining"] == "1998"
    assert world.send("DELETE", "/api/v1/orders").headers["gw-ratelimit-remaining"] == "1198"


def test_beyond_the_pool_it_is_429_until_the_window_is_over() -> None:
    world = World()
    world.limits.windows[Pool.FUTURES] = Window(4)
    world.ask("GET", "/api/v1/positions")
    world.ask("GET", "/api/v1/positions")
    response = world.send("GET", "/api/v1/positions")
    assert (response.status, document(response)["code"]) == (429, "429000")
    assert (response.headers["gw-ratelimit-remaining"], response.headers["gw-ratelimit-reset"]) == ("0", "30000")
    world.sleep(30)
    world.ask("GET", "/api/v1/positions")


def test_a_refused_signature_spends_nothing() -> None:
    world = World()
    response = world.send("GET", "/api/v1/positions", **{"kc-api-sign": "forged"})
    assert (response.status, document(response)["code"]) == (401, "400005")
    assert "gw-ratelimit-limit" not in response.headers


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", (200, "200000")),
        ("application/json; charset=utf-8", (200, "200000")),
        ("text/plain", (415, "415000")),
        ("", (415, "415000")),
    ],
)
def test_a_body_must_say_it_is_json(content_type: str, expected: tuple[int, str]) -> None:
    world = World()
    body = json.dumps(world.order()).encode()
    response = world.send("POST", "/api/v1/orders/test", body, **{"content-type": content_type})
    assert (response.status, document(response)["code"]) == expected


def test_a_body_that_is_no_json_is_a_bad_request() -> None:
    response = World().send("POST", "/api/v1/orders", b"{")
    assert (response.status, document(response)["code"]) == (400, "400100")


def test_public_endpoints_need_no_key_and_take_a_wrong_one() -> None:
    world = World()
    signed = sign(KEY, "GET", "/other", b"", START)
    for headers in ({}, signed):
        request = Request(method="GET", target="/api/v1/ticker?symbol=XBTUSDTM", headers=headers, at=START)
        assert world.server.handle(request).status == 200


def test_unknown_paths_and_methods() -> None:
    world = World()
    assert world.refused("GET", "/api/v1/nothing") == (404, "404000", "Url Not Found")
    assert world.refused("POST", "/api/v1/timestamp") == (415, "415000", "Unsupported Media Type")
    assert world.refused("GET", "/api/v1/orders/dead-cancel-all/query")[:2] == (404, "404000")


@pytest.mark.parametrize(
    ("status", "placing", "cancelling"),
    [(Status.OPEN, True, True), (Status.CANCEL_ONLY, False, True), (Status.CLOSE, False, False)],
)
def test_what_maintenance_lets_happen(status: Status, placing: bool, cancelling: bool) -> None:
    world = World()
    resting = world.place(type="limit", price=world.price(share="0.97"))
    world.floor.status = status
    assert world.ask("GET", "/api/v1/status")["status"] == status.value
    if placing:
        world.place()
    else:
        assert world.refused("POST", "/api/v1/orders", world.order())[1] == "300002"
        assert world.refused("POST", "/api/v1/orders/test", world.order())[1] == "300002"
    if cancelling:
        world.ask("DELETE", f"/api/v1/orders/{resting}")
    else:
        assert world.refused("DELETE", f"/api/v1/orders/{resting}")[1] == "300002"


def test_every_endpoint_the_client_knows_is_served_and_never_costs_more_than_it_counts() -> None:
    served = {(one.method, _shape(one.path)): one for one in ENDPOINTS}
    for known in CLIENT_ENDPOINTS:
        row = served[known.method, _shape(known.path)]
        assert row.pool.value == known.pool.value, known.path
        assert row.weight <= known.weight, "the client may count more where sources disagree, never less"
        assert (row.permission is not None) == known.private, known.path


def test_paths_are_written_once() -> None:
    rows = [(one.method, _shape(one.path)) for one in ENDPOINTS]
    assert len(rows) == len(set(rows))


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
