"""Every topic, and that every captured frame of it is decoded and delivered."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.figures import Figures
from radtui.exchange.kucoin.feed.lanes import lane
from radtui.exchange.kucoin.feed.mailbox import Mailbox
from radtui.exchange.kucoin.feed.session import Session, Terms, Ticket
from radtui.exchange.kucoin.feed.topics import Topic, home

FRAMES = Path(os.environ.get("RADTUI_SHARED", "../shared")) / "kucoin/fixtures/ws"
TICKET = Ticket(endpoint="wss://feed/", token="", ping_interval=18, ping_timeout=10)
PLAIN = {
    topic.base: topic
    for topic in (
        topics.announcements(),
        topics.orders(),
        topics.stops(),
        topics.wallet(),
        topics.positions(),
        topics.margin_modes(),
        topics.cross_leverages(),
    )
}
BY_SYMBOL = {
    make("X").base: make
    for make in (
        topics.ticker,
        topics.last_ticker,
        topics.level2,
        topics.depth,
        topics.trades,
        topics.day,
        topics.instrument,
    )
}


def of(name: str) -> Topic:
    """Return the topic under which we would have asked for what came as `name`."""
    base, _, suffix = name.partition(":")
    if base == "/contractMarket/limitCandle":
        return topics.candles(*suffix.split("_"))
    if base == "/contractMarket/level2Depth50":
        return topics.depth(suffix, 50)
    return PLAIN[home(name)] if home(name) in PLAIN else BY_SYMBOL[base](suffix)


def captured() -> list[Any]:
    """Return every message of every captured file, under the file's name."""
    found = []
    for path in sorted(FRAMES.glob("*.json")):
        response = json.loads(path.read_text())["response"]
        for number, told in enumerate(response if isinstance(response, list) else [response]):
            message = json.loads(told[told.index("{") :]) if isinstance(told, str) else told  # one file numbers its own
            if "data" in message and message.get("topic", "/market").startswith("/contract"):  # the rest is not futures
                found.append(pytest.param(message, id=f"{path.stem}-{number}"))
    absent = pytest.mark.skip(reason="the captured frames are not part of the project; set RADTUI_SHARED to check them")
    return found or [pytest.param(None, marks=absent)]


@pytest.mark.parametrize("message", captured())
def test_every_captured_frame_is_delivered_whatever_the_order_of_its_fields(message: dict[str, Any]) -> None:
    topic = of(message["topic"])
    for fields in (
        message,
        dict(reversed(message.items())),
        dict(sorted(message.items(), key=lambda f: f[0] != "topic")),
    ):
        mailbox = Mailbox()
        session = Session(TICKET, 0, Figures(), Terms())
        session.subscribe([(topic, lane(topic, mailbox).take)])
        session.receive(json.dumps(fields, separators=(",", ":")).encode(), 1)
        assert session.figures.errors == 0
        assert len(mailbox) == (message["subject"] in topic.subjects) == 1


def test_names_are_as_the_exchange_writes_them() -> None:
    assert topics.ticker("XBTUSDTM").name == "/contractMarket/tickerV2:XBTUSDTM"
    assert topics.depth("XBTUSDTM", 50).name == "/contractMarket/level2Depth50:XBTUSDTM"
    assert topics.candles("XBTUSDTM", "1hour").name == "/contractMarket/limitCandle:XBTUSDTM_1hour"
    assert topics.candles("XBTUSDTM", "1hour").symbol == "XBTUSDTM"
    assert topics.orders().name == "/contractMarket/tradeOrders"
    assert topics.orders().symbol == ""


def test_only_what_is_ours_is_private_and_only_prices_are_conflated() -> None:
    assert {base for base, topic in PLAIN.items() if not topic.private} == {"/contract/announcement"}
    assert not any(topic.latest for topic in PLAIN.values())
    assert not topics.trades("X").latest
    assert not topics.candles("X", "1min").latest


def test_there_are_books_of_five_and_fifty_levels() -> None:
    with pytest.raises(ValueError, match="5 or 50 levels, not 20"):
        topics.depth("X", 20)
