"""Every frame of the feed has the envelope, the fields and the JSON types of the captures."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from feed_world import FeedWorld, Frame

from radtui.core.market import HOUR, SECOND

FIXTURES = Path(os.environ.get("RADTUI_SHARED", "../shared")) / "kucoin" / "fixtures" / "ws"
BEFORE_FUNDING = 1_767_225_600 * SECOND + 8 * HOUR - 5 * SECOND
MARKET = "/contractMarket"
TOPICS = (
    *(f"{MARKET}/{name}:XBTUSDTM" for name in ("ticker", "tickerV2", "level2", "level2Depth5", "level2Depth50")),
    *(f"{MARKET}/{name}:XBTUSDTM" for name in ("execution", "snapshot")),
    f"{MARKET}/limitCandle:XBTUSDTM_1min",
    "/contract/instrument:XBTUSDTM",
    "/contract/announcement",
    *(f"{MARKET}/tradeOrders", f"{MARKET}/tradeOrders:XBTUSDTM", f"{MARKET}/advancedOrders"),
    *("/contractAccount/wallet", "/contract/positionAll", "/contract/position:XBTUSDTM"),
    *("/contract/marginMode", "/contract/crossLeverage"),
)
CASES: dict[str, tuple[str, ...]] = {
    "tickerV2": ("roq_ticker_v2_simple", "sdk_tickerV2"),
    "ticker": ("sdk_tickerV1",),
    "level2Depth5": ("sdk_orderbookLevel5",),
    "level2Depth50": ("sdk_orderbookLevel50",),
    "level2": ("roq_level2_simple", "sdk_orderbookIncrement"),
    "match": ("roq_match_simple", "jkorf_Trades", "sdk_execution"),
    "candle.stick": ("sdk_klines",),
    "mark.index.price": ("roq_mark_index_price_simple", "sdk_instrument"),
    "funding.rate": ("roq_funding_rate_json_funding_rate",),
    "snapshot.24h": ("roq_snapshot24h_simple", "sdk_symbolSnapshot"),
    "funding.begin": ("sdk_announcement", "olddocs_funding_begin"),
    "funding.end": ("olddocs_funding_end",),
    "orderChange match": ("roq_order_change_match",),
    "orderChange canceled": ("roq_order_change_canceled",),
    "symbolOrderChange open": ("sdk_order",),
    "stopOrder": ("sdk_stopOrders",),
    "walletBalance.change": ("roq_wallet_balance_change_simple_2", "sdk_balance"),
    "position.change isolated": ("sdk_position", "sdk_allPosition"),
    "position.change cross": ("roq_position_change_simple",),
    "position.change marked": ("jkorf_PositionMarkPrice",),
    "position.settlement": ("roq_position_settlement_simple",),
    "position.adjustRiskLimit": ("jkorf_RiskAdjust",),
    "marginMode": ("sdk_marginMode",),
    "crossLeverage": ("sdk_crossLeverage",),
}
ENVELOPE = {"topic", "type", "subject", "data"}
PRIVATE = {"userId", "channelType"}
NUMBERED = {"tickerV2", "ticker", "level2", "level2Depth5", "level2Depth50", "match"}
NAMED = {"snapshot.24h", "walletBalance.change", "stopOrder"}


def kind(frame: Frame) -> str:
    """Name what a frame is: its subject, and what tells frames of one subject apart."""
    subject, data, prefix = frame["subject"], frame["data"], frame["topic"].partition(":")[0]
    if subject in {"orderChange", "symbolOrderChange"}:
        return f"{subject} {data['type']}"
    if subject == "position.change":
        short = data["changeReason"] == "markPriceChange"
        return f"{subject} {'marked' if short else data['marginMode'].lower()}"
    return prefix.rpartition("/")[2] if subject in {"level2", "user.config"} else str(subject)


@cache
def said() -> dict[str, Frame]:
    """Return a frame of every kind, from one long session."""
    world = FeedWorld(*TOPICS, start=BEFORE_FUNDING)
    frames = world.frames()
    world.subscribe(*TOPICS)
    world.place(size=2)
    world.cancel(world.place(type="limit", price=world.price("0.97")))
    low = world.price("0.9")
    world.cancel(world.place(side="sell", type="limit", price=low, stop="down", stopPrice=low, stopPriceType="MP"))
    frames += world.frames() + world.sleep(12, turn=0.1)
    world.ask("POST", "/api/v1/position/risk-limit-level/change", {"symbol": "XBTUSDTM", "level": 2})
    world.place(closeOrder=True, side=None, size=None, leverage=None)
    mode = {"symbol": "XBTUSDTM", "marginMode": "CROSS"}
    world.ask("POST", "/api/v2/position/changeMarginMode", mode)
    world.ask("POST", "/api/v2/changeCrossUserLeverage", {"symbol": "XBTUSDTM", "leverage": "5"})
    world.place(marginMode="CROSS")
    world.place(marginMode="CROSS", closeOrder=True, side=None, size=None, leverage=None)
    frames += world.frames()
    return {kind(frame): frame for frame in frames if frame["type"] == "message"}


def example(name: str) -> Any:
    if not FIXTURES.exists():
        pytest.skip("the captured frames are not here (RADTUI_SHARED)")
    response = json.loads((FIXTURES / f"{name}.json").read_text())["response"]
    return response[0] if isinstance(response, list) else response


def sort(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return str(type(value).__name__)
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def differences(ours: Any, theirs: Any, path: str = "data") -> Iterator[str]:
    if sort(ours) != sort(theirs):
        yield f"{path}: {sort(ours)} {ours!r} where the capture has {sort(theirs)} {theirs!r}"
    elif isinstance(theirs, dict):
        for name in theirs:
            if name in ours:
                yield from differences(ours[name], theirs[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is missing"
    elif isinstance(theirs, list) and theirs and ours:
        for number, (own, other) in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(own, other, f"{path}[{number}]")


WHOLE = {"size", "bestBidSize", "bestAskSize", "sequence", "ts", "timestamp", "sn", "currentQty", "qty", "time"}


@pytest.mark.parametrize(("name", "source"), [(name, source) for name, each in CASES.items() for source in each])
def test_a_frame_looks_like_the_captured_one(name: str, source: str) -> None:
    ours, theirs = said()[name], example(source)
    if name in {"marginMode", "crossLeverage"}:
        theirs["data"] = {"XBTUSDTM": theirs["data"]["ETHUSDTM"]}
    assert list(differences(ours["data"], theirs["data"])) == []
    assert all(isinstance(ours["data"][field], (int, str)) for field in WHOLE & set(ours["data"]))
    assert ours["subject"] == theirs["subject"] or name.startswith("orderChange")


def test_every_kind_of_frame_is_said_and_no_other() -> None:
    others = {
        *(f"{subject} {what}" for subject in ("orderChange", "symbolOrderChange") for what in ("open", "match")),
        *(f"{subject} {what}" for subject in ("orderChange", "symbolOrderChange") for what in ("filled", "canceled")),
        *("availableBalance.change", "orderMargin.change"),
    }
    assert set(said()) == set(CASES) | others


@pytest.mark.parametrize("name", CASES)
def test_the_envelope_is_the_topics_own(name: str) -> None:
    frame = said()[name]
    public = frame["topic"] in TOPICS[:10]
    expected = ENVELOPE | (set() if public else PRIVATE)
    expected |= ({"sn"} if name in NUMBERED else set()) | ({"id"} if name in NAMED else set())
    assert set(frame) == expected
    assert frame["topic"] in TOPICS
    if name in NUMBERED:
        assert isinstance(frame["sn"], int)
    if not public:
        assert frame["channelType"] == "private"
        assert len(frame["userId"]) == 24


def test_every_figure_of_a_wallet_is_text() -> None:
    for name in ("walletBalance.change", "availableBalance.change", "orderMargin.change"):
        assert {type(figure) for figure in said()[name]["data"].values()} == {str}
