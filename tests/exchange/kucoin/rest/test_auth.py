import hmac
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.rest.auth import Signer, sign, sign_passphrase
from radtui.exchange.kucoin.rest.credentials import Credentials
from tests.exchange.kucoin.memory import KEY, PASSPHRASE, SECRET, SECRETS
from tests.exchange.kucoin.shared import KUCOIN, captured

OWN = [
    ("GET", "/api/v1/positions", "", 1757000001123, "JNe+w5iy9Wx9X33J/ndmOBuyg85tjtH3BC0GcVw0JYY="),
    (
        "GET",
        "/api/v1/account-overview?currency=USDT",
        "",
        1757000000123,
        "ZPL7ZE538jPpKIfQtqHK449ARr3GLewh/1O+GuvZP0E=",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "timestamp", "expected"), OWN)
def test_signs_as_the_exchange_does(method: str, path: str, body: str, timestamp: int, expected: str) -> None:
    assert sign(SECRET, timestamp, method, path, body) == expected
    assert sign(SECRET, str(timestamp), method.lower(), path, body.encode()) == expected


def test_every_vector_of_three_independent_implementations() -> None:
    found = captured(KUCOIN / "signing-vectors.json")
    assert len(found["vectors"]) >= 6
    for vector in found["vectors"]:
        method, path, body, wanted = vector["method"], vector["path"], vector["body"], vector["headers"]
        assert sign(found["secret"], vector["timestamp"], method, path, body) == wanted["KC-API-SIGN"], vector["name"]
        signer = Signer(Credentials(found["key"], found["secret"], found["passphrase"]))
        ours = signer.headers(vector["timestamp"], method, path, body.encode())
        assert {name: ours[name] for name in wanted} == wanted


def test_the_documents_own_example() -> None:
    one = captured(KUCOIN / "signing-vectors.json")["documented_vector"]
    assert sign(one["secret"], one["timestamp"], one["method"], one["path"], one["body"]) == one["sign"]


@pytest.mark.parametrize("version", ["2", "3"])
def test_both_key_versions_sign_alike_and_send_the_passphrase_signed(version: str) -> None:
    headers = Signer(Credentials(KEY, SECRET, PASSPHRASE, version=version)).headers(1, "GET", "/api/v1/positions")
    assert headers["KC-API-KEY-VERSION"] == version
    assert (
        headers["KC-API-PASSPHRASE"]
        == sign_passphrase(SECRET, PASSPHRASE)
        == ("n0RJI5FD7t4T+src+K9yy3gdUn+ZlTdIgJFoje6WmMw=")
    )
    assert headers["KC-API-SIGN"] == sign(SECRET, 1, "GET", "/api/v1/positions")
    assert PASSPHRASE not in headers.values()
    assert SECRET not in headers.values()


@given(st.integers(0, 10**14), st.sampled_from(["GET", "POST", "DELETE"]), st.text(), st.binary())
def test_a_prepared_signer_signs_like_a_fresh_one_however_often(at: int, method: str, path: str, body: bytes) -> None:
    signer = Signer(Credentials(KEY, SECRET, PASSPHRASE))
    text = f"{at}{method}{path}".encode() + body
    expected = b64encode(hmac.new(SECRET.encode(), text, sha256).digest()).decode()
    for _ in range(2):
        assert signer.headers(at, method, path, body)["KC-API-SIGN"] == expected == sign(SECRET, at, method, path, body)


def test_no_secret_shows() -> None:
    assert not any(secret in repr(Signer(Credentials(*SECRETS))) for secret in SECRETS)
