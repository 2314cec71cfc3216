"""Every captured answer and frame decodes with our types, and the figures in it are exact."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.exchange.kucoin.rest.endpoints import ENDPOINTS
from radtui.exchange.kucoin.wire import account, feed, market, orders, positions
from radtui.exchange.kucoin.wire.common import Envelope, Page, decode
from tests.exchange.kucoin.shared import FIXTURES, captured, names

OTHERS: dict[tuple[str, str], Any] = {
    ("DELETE", "/api/v1/orders"): orders.Cancelled,
    ("GET", "/api/v1/account-overview-all"): account.SubAccounts,
    ("POST", "/api/v1/transfer-in"): type(None),
    ("POST", "/api/v3/transfer-out"): account.Transferred,
    ("GET", "/api/v1/transfer-list"): Page[account.Transferred],
    ("POST", "/api/v1/position/margin/auto-deposit-status"): bool,
}
"""What has a type, and no method: not for a bot."""
SUBJECTS: dict[str, Any] = {
    "tickerV2": feed.TickerPush,
    "ticker": feed.TickerPush,
    "match": feed.Match,
    "candle.stick": feed.CandlePush,
    "mark.index.price": feed.MarkIndex,
    "funding.rate": feed.FundingPush,
    "snapshot.24h": feed.DaySnapshot,
    "funding.begin": feed.FundingAnnouncement,
    "funding.end": feed.FundingAnnouncement,
    "orderChange": feed.OrderChange,
    "symbolOrderChange": feed.OrderChange,
    "stopOrder": feed.StopChange,
    "walletBalance.change": feed.WalletChange,
    "orderMargin.change": feed.BalanceChange,
    "availableBalance.change": feed.BalanceChange,
    "withdrawHold.change": feed.BalanceChange,
    "position.change": feed.PositionChange,
    "position.settlement": feed.PositionSettled,
    "position.adjustRiskLimit": feed.RiskLimitAdjusted,
}


def encoded(value: Any) -> bytes:
    """Write a capture as it was: its exact numbers bare."""
    if isinstance(value, dict):
        return b"{" + b",".join(msgspec.json.encode(key) + b":" + encoded(kept) for key, kept in value.items()) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(encoded(kept) for kept in value) + b"]"
    return str(value).encode() if isinstance(value, Decimal) else msgspec.json.encode(value)


def kind_of(method: str, path: str) -> Any:
    path = re.sub(r"\?.*", "", path.replace("https://api.kucoin.com", ""))
    if path.endswith("(POST)"):
        method, path = "POST", path.removesuffix(" (POST)")
    path = path.replace("{size}", "20")
    for endpoint in sorted(ENDPOINTS, key=lambda found: "{" in found.path):
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(endpoint.path))
        if endpoint.method == method and re.fullmatch(pattern, path):
            return endpoint.answer
    return OTHERS[method, path]


CALIBRATION = "olddocs_level2_calibration_example.json"
"""How a book is kept, and no frame: it is read where books are tested."""


@pytest.mark.parametrize("name", names("rest"))
def test_an_answer_decodes(name: str) -> None:
    found = captured(FIXTURES / "rest" / name)
    if name == "errors.json":
        for item in found["items"]:
            assert decode(encoded(item["response"]), Envelope).code == item["response"]["code"]
        return
    request = found["request"]
    envelope = decode(encoded(found["response"]), Envelope)
    if not envelope.succeeded:
        assert envelope.code == "100004"
        return
    contents = decode(envelope.data, kind_of(request.get("method", "GET"), request["path"]))
    assert_exact(found["response"]["data"], contents)


def frames(found: Any) -> list[Any]:
    response = found["response"]
    many = response if isinstance(response, list) else [response]
    return [captured_text(one) if isinstance(one, str) else one for one in many]


def captured_text(line: str) -> Any:
    return msgspec.json.decode(line.partition(" ")[2].encode())


@pytest.mark.parametrize("name", [name for name in names("ws") if name != CALIBRATION])
def test_a_frame_decodes(name: str) -> None:
    for one in frames(captured(FIXTURES / "ws" / name)):
        if "op" in one:
            assert decode(encoded(one), feed.OrderAck).code == one["code"]
            continue
        frame = decode(encoded(one), feed.Frame)
        assert (frame.topic, frame.subject) == (one.get("topic", ""), one.get("subject", ""))
        if frame.topic and "tunnelId" not in one:
            assert_exact(one["data"], decode(frame.data, kind_of_frame(frame)))


def kind_of_frame(frame: feed.Frame) -> Any:
    if frame.subject == "user.config":
        return feed.MarginModes if "marginMode" in frame.topic else feed.CrossLeverages
    if frame.subject == "level2":
        return feed.DepthPush if "Depth" in frame.topic else feed.LevelChange
    return SUBJECTS[frame.subject]


def assert_exact(there: Any, here: Any) -> None:
    """Check that every value we keep is the captured one: numbers exactly, whatever their spelling."""
    pairs = members(there, here)
    for value, kept in pairs:
        assert_exact(value, kept)
    if pairs or isinstance(here, msgspec.Raw | msgspec.Struct | list | tuple | dict) or there in {None, ""}:
        return
    assert not isinstance(there, float)
    is_number = isinstance(here, Decimal | int) and not isinstance(here, bool)
    assert (Decimal(there) if is_number else there) == here


def members(there: Any, here: Any) -> list[tuple[Any, Any]]:
    """Return what is in a value beside what was captured of it."""
    if isinstance(here, market.Kline):
        here = msgspec.structs.astuple(here)
    if isinstance(here, Page) and isinstance(there, list):
        here = here.items
    if isinstance(here, list | tuple):
        return list(zip(there if isinstance(there, list) else [there], here, strict=False))
    if isinstance(here, dict):
        return [(there[key], kept) for key, kept in here.items()]
    if isinstance(here, msgspec.Struct) and not isinstance(here, msgspec.Raw):
        fields = [(field.encode_name, field.name) for field in msgspec.structs.fields(here)]
        return [(there[written], getattr(here, name)) for written, name in fields if written in there]
    return []


def test_the_types_themselves_let_no_float_in() -> None:
    kinds = [found for module in (account, feed, market, orders, positions) for found in vars(module).values()]
    structs = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    assert len(structs) > 40
    for struct in structs:
        assert "float" not in str(msgspec.inspect.type_info(struct)).lower(), struct.__name__
