"""What one reader of ``/ws/market`` is told: what stands first, then each candle and the latest price."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.api.streams.market import SHOWN, MarketStream
from radtui.api.streams.news import News
from radtui.core.market import MINUTE, Candle, Ticked
from radtui.engine.tape import MarketTape
from tests.api.callers import Scripted

SYMBOL = "XBTUSDTM"


def candle(number: int, symbol: str = SYMBOL) -> Candle:
    price = Decimal(number)
    return Candle(symbol, number * MINUTE, MINUTE, price, price, price, price, Decimal(1))


class Listening(News):
    """News with a tape of its own."""

    def __init__(self) -> None:
        scripted = Scripted()
        status = msgspec.structs.replace(scripted.seen.status, symbols=(SYMBOL, "ETHUSDTM"), timeframe="1m")
        scripted.seen = msgspec.structs.replace(scripted.seen, status=status)
        super().__init__(scripted)
        self.written = MarketTape()

    @property
    def tape(self) -> MarketTape:
        return self.written


@pytest.fixture
def news() -> Listening:
    return Listening()


@pytest.fixture
def stream(news: Listening) -> MarketStream:
    return MarketStream(news)


def said(frames: Any) -> list[dict[str, Any]]:
    return [json.loads(each) for each in frames]


def ask(stream: MarketStream, kind: str, *symbols: str) -> None:
    stream.heard(json.dumps({"type": kind, "symbols": symbols}))


def test_first_it_says_what_there_is(stream: MarketStream) -> None:
    assert said(stream.greeting()) == [{"type": "Contracts", "symbols": [SYMBOL, "ETHUSDTM"], "timeframe": "1m"}]
    assert said(stream.due()) == []


def test_what_stands_comes_first_then_what_is_new(news: Listening, stream: MarketStream) -> None:
    news.written.warm([candle(1), candle(2)])
    ask(stream, "Subscribe", SYMBOL)
    (whole,) = said(stream.due())
    assert (whole["type"], whole["symbol"], whole["last"], len(whole["candles"])) == ("Market", SYMBOL, None, 2)
    assert said(stream.due()) == []
    news.written.closed(candle(3))
    for at in (1, 2, 3):
        news.written.ticked(Ticked(SYMBOL, Decimal(at), at), at + 10)
    closed, tick = said(stream.due())
    assert [each["opened_at"] for each in closed["candles"]] == [3 * MINUTE]
    assert (tick["tick"]["price"], tick["heard_at"]) == ("3", 13), "a slow reader gets the latest price only"


def test_no_candle_is_left_out_and_where_one_is_gone_all_of_it_comes_again(
    news: Listening, stream: MarketStream
) -> None:
    news.written.warm([candle(1)])
    ask(stream, "Subscribe", SYMBOL)
    said(stream.due())
    for number in range(2, 9):
        news.written.closed(candle(number))
    (closed,) = said(stream.due())
    assert [each["opened_at"] // MINUTE for each in closed["candles"]] == [*range(2, 9)]
    news.written.warm([candle(number) for number in range(20, 20 + 2 * SHOWN)])
    (whole,) = said(stream.due())
    assert (whole["type"], len(whole["candles"])) == ("Market", SHOWN)


def test_what_is_not_there_is_said_and_bounded(stream: MarketStream) -> None:
    for _ in range(50):
        ask(
            stream,
            "Subscribe",
            *(f"S{number}" for number in range(200)),
        )
    (unknown,) = said(stream.due())
    assert len(unknown["unknown"]) == 200
    assert unknown["symbols"] == [SYMBOL, "ETHUSDTM"]


def test_what_is_unsubscribed_is_silent_even_in_the_middle_of_a_frame(news: Listening, stream: MarketStream) -> None:
    ask(stream, "Subscribe", SYMBOL, "ETHUSDTM")
    frames = stream.due()
    assert json.loads(next(frames))["symbol"] == SYMBOL
    ask(stream, "Unsubscribe", "ETHUSDTM")
    assert said(frames) == []
    news.written.ticked(Ticked("ETHUSDTM", Decimal(1), 1), 1)
    assert said(stream.due()) == []


@pytest.mark.parametrize("text", ["", "{}", '{"type":"Subscribe"}', '{"type":"Subscribe","symbols":[""]}', "[1]"])
def test_what_is_no_frame_of_it_is_refused(stream: MarketStream, text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        stream.heard(text)
