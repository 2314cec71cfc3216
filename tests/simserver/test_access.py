"""Keys, signatures, tolerance, permissions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from server_world import KEY, KUCOIN, START, mac, sign

from radtui.simserver.access import TRADING, Access, ApiKey, Permission, seeded_key
from radtui.simserver.http import Request
from radtui.simserver.refusals import Refusal

TARGET = "/api/v1/positions?currency=USDT"


def request(headers: dict[str, str], *, target: str = TARGET, method: str = "GET", body: bytes = b"") -> Request:
    return Request(method=method, target=target, headers=headers, body=body, at=START, address="10.0.0.9")


def refused(asked: Request, access: Access | None = None, permission: Permission = Permission.GENERAL) -> str:
    with pytest.raises(Refusal) as caught:
        (access or Access([KEY])).check(asked, permission)
    return f"{caught.value.status} {caught.value.code}"


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_every_key_version_signs_alike(version: str) -> None:
    headers = sign(KEY, "GET", TARGET, b"", START, version)
    assert Access([KEY]).check(request(headers), Permission.GENERAL) is KEY


def test_without_a_version_the_passphrase_is_plain() -> None:
    headers = sign(KEY, "GET", TARGET, b"", START, "1")
    del headers["kc-api-key-version"]
    assert Access([KEY]).check(request(headers), Permission.GENERAL) is KEY


@given(st.text(min_size=1, max_size=20), st.booleans())
def test_an_encoded_query_may_be_signed_decoded(remark: str, plus: bool) -> None:
    encoded = urlencode({"symbol": remark}) if plus else f"symbol={quote(remark, safe='')}"
    headers = sign(KEY, "GET", f"/api/v1/orders?symbol={remark}", b"", START)
    assert Access([KEY]).check(request(headers, target=f"/api/v1/orders?{encoded}"), Permission.GENERAL) is KEY


def test_the_captured_vectors_pass() -> None:
    path = KUCOIN / "signing-vectors.json"
    if not path.exists():
        pytest.skip("the signing vectors are not part of the project; set RADTUI_SHARED to check them")
    known: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    key = ApiKey(known["key"], known["secret"], known["passphrase"])
    for vector in known["vectors"]:
        headers = {name.lower(): text for name, text in vector["headers"].items()} | {"kc-api-key-version": "2"}
        asked = Request(
            method=vector["method"],
            target=vector["path"],
            headers=headers,
            body=vector["body"].encode(),
            at=vector["timestamp"] * 1_000_000,
        )
        assert Access([key]).check(asked, Permission.GENERAL) is key, vector["name"]


@pytest.mark.parametrize("name", ["kc-api-key", "kc-api-sign", "kc-api-timestamp", "kc-api-passphrase"])
def test_a_missing_header(name: str) -> None:
    headers = sign(KEY, "GET", TARGET, b"", START)
    del headers[name]
    assert refused(request(headers)) == "401 400001"


@pytest.mark.parametrize("off", [-5_001, 5_001, -(10**9)])
def test_a_clock_that_is_off(off: int) -> None:
    assert refused(request(sign(KEY, "GET", TARGET, b"", START + off * 1_000_000))) == "400 400002"


@pytest.mark.parametrize("off", [-4_999, 4_999])
def test_a_clock_within_the_tolerance(off: int) -> None:
    assert Access([KEY]).check(request(sign(KEY, "GET", TARGET, b"", START + off * 1_000_000)), Permission.FUTURES)


@pytest.mark.parametrize("stamp", ["", "now", "-1", "1e12", "٣٣", "1" * 30])
def test_a_timestamp_that_is_none(stamp: str) -> None:
    headers = sign(KEY, "GET", TARGET, b"", START) | {"kc-api-timestamp": stamp}
    assert refused(request(headers)) in ("400 400002", "401 400001")


def test_what_is_wrong_with_a_key_is_told_apart() -> None:
    good = sign(KEY, "GET", TARGET, b"", START)
    assert refused(request(good | {"kc-api-key": "nobody"})) == "401 400003"
    assert refused(request(good | {"kc-api-passphrase": "wrong"})) == "401 400004"
    assert refused(request(good | {"kc-api-sign": mac(KEY, b"something else")})) == "401 400005"
    assert refused(request(good | {"kc-api-key-version": "9"})) == "401 400009"
    bound = msgspec.structs.replace(KEY, addresses=("10.0.0.1",))
    assert refused(request(good), Access([bound])) == "401 400006"
    assert refused(request(good), permission=Permission.WITHDRAWAL) == "403 400007"
    assert refused(request(good), Access([msgspec.structs.replace(KEY, frozen=True)])) == "403 411100"


def test_the_body_and_the_method_are_signed() -> None:
    headers = sign(KEY, "POST", "/api/v1/orders", b'{"size":1}', START)
    asked = request(headers, method="POST", target="/api/v1/orders", body=b'{"size":2}')
    assert refused(asked) == "401 400005"
    assert refused(request(headers, method="DELETE", target="/api/v1/orders", body=b'{"size":1}')) == "401 400005"


def test_a_revoked_key_is_unknown_at_once() -> None:
    access = Access([KEY])
    del access.keys[KEY.key]
    assert refused(request(sign(KEY, "GET", TARGET, b"", START)), access) == "401 400003"


def test_a_seed_always_gives_the_same_key_and_another_seed_another() -> None:
    assert seeded_key(7) == seeded_key(7)
    assert seeded_key(7).key != seeded_key(8).key
    assert seeded_key(7).permissions == TRADING
    assert Permission.WITHDRAWAL not in TRADING


def test_a_key_does_not_show_its_secret() -> None:
    assert KEY.secret not in repr(KEY)
    assert KEY.passphrase not in repr(KEY)
