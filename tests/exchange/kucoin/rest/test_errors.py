"""What came back, or did not, becomes the right kind of failure with a message that helps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.rest import errors
from radtui.exchange.kucoin.rest.codes import MEANINGS
from radtui.exchange.kucoin.rest.transport import Response
from radtui.exchange.kucoin.wire.common import Envelope, Unreadable, decode
from radtui.resilience.failures import (
    Ambiguous,
    BadCredentials,
    ClockSkew,
    ExchangeFailure,
    Maintenance,
    RateLimited,
    Refused,
    Transient,
    Unknown,
)
from tests.exchange.kucoin.memory import no
from tests.exchange.kucoin.shared import FIXTURES, captured

Kind = type[ExchangeFailure]


def failure(answer: Response, *, changes: bool = False, spot: bool = False) -> ExchangeFailure | None:
    try:
        envelope: Envelope | None = decode(answer.body, Envelope)
    except Unreadable:
        envelope = None
    return errors.failure_of(answer, envelope, changes=changes, spot=spot)


def test_every_code_that_is_written_down_has_a_meaning_of_its_own() -> None:
    found = captured(FIXTURES / "error-codes.json")["codes"]
    listed = set(found) - {"100004"}  # decided together with its words
    assert listed <= MEANINGS.keys()


def test_every_captured_refusal_becomes_a_failure_that_quotes_it() -> None:
    for item in captured(FIXTURES / "rest" / "errors.json")["items"]:
        said = item["response"]
        got = failure(Response(item["http_status"] or 200, json.dumps(said).encode()), changes=True)
        if said["code"] == "200000":
            assert got is None
            continue
        assert got is not None
        assert got.code == said["code"] if said["code"] != "429000" else isinstance(got, RateLimited)
        assert isinstance(got, RateLimited) or said["msg"] in str(got)


@pytest.mark.parametrize(
    ("code", "msg", "kind", "words"),
    [
        ("400003", "KC-API-KEY not exists", BadCredentials, "does not know this API key"),
        ("400004", "Invalid KC-API-PASSPHRASE", BadCredentials, "passphrase is wrong"),
        ("400005", "Invalid KC-API-SIGN", BadCredentials, "API secret is not this key's"),
        ("400006", "The requested ip address is not in the api whitelist", BadCredentials, "Add the address"),
        ("400007", "Access denied", BadCredentials, "never Withdrawal"),
        ("400002", "KC-API-TIMESTAMP Invalid", ClockSkew, "more than 5 s apart"),
        ("411100", "User is frozen", BadCredentials, "frozen this account"),
        ("100003", "Contract parameter invalid", Refused, "XBTUSDTM"),
        ("200003", "", Refused, "no such symbol"),
        ("300003", "Balance insufficient", Refused, "balance does not cover"),
        ("300009", "No open positions to close.", Refused, "no position to close"),
        ("330005", "The order's margin mode does not match", Refused, "margin mode"),
        ("330012", "Your order is in One-Way Mode", Refused, "hedge mode"),
        ("300018", "clientOid parameter repeated", Ambiguous, "earlier send of it arrived"),
        ("300002", "suspended", Maintenance, "takes no orders"),
        ("300015", "", Maintenance, "settled"),
        ("100004", "The order cannot be canceled.", Unknown, "done already"),
        ("100001", "error.getOrder.orderNotExist", Unknown, "no such order"),
        ("100001", "order not exist", Unknown, "no such order"),
        ("100001", "Parameter invalid", Refused, "not valid"),
        ("400100", "validation.createOrder.clientOidIsRequired", Refused, "clientOidIsRequired"),
        ("400100", "account.available.amount", Refused, "balance does not cover"),
        ("999123", "something new", Refused, "something new"),
    ],
)
@pytest.mark.parametrize("changes", [True, False])
@pytest.mark.parametrize("status", [200, 400])
def test_a_code_means_the_same_whatever_was_asked(
    code: str, msg: str, kind: Kind, words: str, changes: bool, status: int
) -> None:
    got = failure(no(code, msg, status), changes=changes)
    assert type(got) is kind
    assert words in str(got)
    assert got.code == code
    assert f"KuCoin {code}" in str(got)


@pytest.mark.parametrize(
    ("answer", "reading", "changing"),
    [
        (no("500000", "Internal Server Error", 500), Transient, Ambiguous),
        (no("100002", "systemConfigError"), Transient, Ambiguous),
        (no("999123", "new", 500), Transient, Ambiguous),
        (Response(502, b"<html>Bad Gateway</html>"), Transient, Ambiguous),
        (Response(503, b""), Maintenance, Ambiguous),
        (Response(504, b"upstream timed out"), Transient, Ambiguous),
        (Response(403, b"<html>Attention Required</html>"), Transient, Ambiguous),
        (Response(404, b"<html>"), Transient, Ambiguous),
        (Response(200, b"<html>welcome to this hotel</html>"), Transient, Ambiguous),
        (Response(200, b""), Transient, Ambiguous),
        (Response(200, b'{"code":"200000","data":'), Transient, Ambiguous),
        (Response(302, b""), Transient, Ambiguous),
        (Response(500, b'{"code":"200000","data":{}}'), Transient, Ambiguous),
        (Response(404, b'{"timestamp":"x","status":404,"error":"Not Found"}'), Transient, Ambiguous),
    ],
)
def test_where_the_outcome_is_open_a_change_is_ambiguous(answer: Response, reading: Kind, changing: Kind) -> None:
    read, changed = failure(answer), failure(answer, changes=True)
    assert type(read) is reading
    assert "Nothing happened" in str(read)
    assert type(changed) is changing
    assert "looked up before anything is repeated" in str(changed)


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (no("429000", "Too many requests", 429, {"gw-ratelimit-reset": "1500"}), 1.5),
        (no("429000", "Too many requests", 429, {"gw-ratelimit-reset": "soon"}), errors.DEFAULT_WAIT),
        (no("429000", "", 429, {"gw-ratelimit-reset": "9" * 15}), errors.LONGEST_WAIT),
        (no("429000", "", 429, {"gw-ratelimit-reset": "25000", "gw-ratelimit-remaining": "0"}), 25.0),
        (no("429000", "", 429, {"gw-ratelimit-reset": "25000", "gw-ratelimit-remaining": "900"}), errors.OVERLOADED),
        (no("429000", "Too many requests", 429, {"gw-ratelimit-reset": "-5"}), 0.0),
        (no("200002", "Too many requests in a short period"), 10.0),
        (no("777777", "whatever", 429), 10.0),
        (no("1015", "", 429), 10.0),
        (Response(429, b"slow down"), 10.0),
        (Response(403, b"error code: 1015"), 30.0),
        (Response(429, b"error code: 1015"), 30.0),
    ],
)
@pytest.mark.parametrize("changes", [True, False])
def test_too_many_requests_are_a_definite_no_that_says_how_long(answer: Response, wait: float, changes: bool) -> None:
    got = failure(answer, changes=changes)
    assert isinstance(got, RateLimited)
    assert got.retry_after == wait
    assert "Nothing happened" in str(got)


@pytest.mark.parametrize("code", ["200001", "200002", "200003"])
def test_the_spot_host_means_something_else_by_some_codes(code: str) -> None:
    got = failure(no(code, "order creation suspended"), spot=True)
    assert type(got) is Refused
    assert "order creation suspended" in str(got)


@pytest.mark.parametrize("code", ["200000", "200", 200000])
def test_a_success_is_no_failure(code: Any) -> None:
    assert failure(Response(200, json.dumps({"code": code, "data": 1}).encode())) is None


def test_a_request_that_has_not_left_is_transient_and_one_without_answer_depends() -> None:
    assert type(errors.unsent("connection refused")) is Transient
    assert "connection refused" in str(errors.unsent("connection refused"))
    assert type(errors.unanswered("cut", changes=False)) is Transient
    assert type(errors.unanswered("cut", changes=True)) is Ambiguous
    assert type(errors.unreadable("cut", changes=True)) is Ambiguous


def test_a_success_without_contents() -> None:
    assert type(errors.empty("Position does not exist", changes=False)) is Refused
    assert "Position does not exist" in str(errors.empty("Position does not exist", changes=False))
    assert type(errors.empty(None, changes=False)) is Transient
    assert type(errors.empty("success", changes=False)) is Transient
    assert type(errors.empty("Position does not exist", changes=True)) is Ambiguous


def test_the_items_of_a_batch_fail_each_for_itself() -> None:
    assert type(errors.item_failure("300003", "Balance insufficient")) is Refused
    assert type(errors.item_failure("300018", None)) is Ambiguous
    assert type(errors.item_failure("100004", "The order cannot be canceled.")) is Unknown
    assert type(errors.item_failure("200000", "success")) is Ambiguous
    assert type(errors.item_failure("", None)) is Refused


def test_a_long_answer_is_quoted_in_short_and_on_one_line() -> None:
    got = str(failure(no("300000", "many\nlines " * 200)))
    assert len(got) < 600
    assert "\n" not in got


@given(
    st.integers(100, 599),
    st.binary(max_size=40) | st.builds(
        lambda code, msg: json.dumps({"code": code, "msg": msg}).encode(),
        st.sampled_from(sorted(MEANINGS)) | st.text(max_size=6) | st.integers(0, 10**6),
        st.text(max_size=20) | st.none(),
    ),
    st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_no_answer_to_a_change_is_taken_for_unchanged_unless_the_exchange_said_so(
    status: int, body: bytes, changes: bool, spot: bool
) -> None:
    got = failure(Response(status, body), changes=changes, spot=spot)
    if got is None:
        assert status == 200
        assert b"200" in body
        return
    assert str(got)
    if changes and type(got) is Transient:
        raise AssertionError(f"an open outcome passed for none: {got}")
    if changes and status >= 500 and isinstance(got, Refused):
        assert str(got.code) in MEANINGS or got.code == "100004"
