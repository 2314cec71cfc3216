"""From a frame to its reader: old ones dropped, odd ones read kindly, nonsense refused."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.lanes import REPEATS, Lane, Rising, TickerLane, lane
from radtui.exchange.kucoin.feed.mailbox import Heard, Mailbox, TopicLive, TopicLost, TopicRefused

TICKER = topics.ticker("XBTUSDTM")


def frame(sequence: int | None = 1, bid: Any = "100.1", **more: Any) -> bytes:
    data = {
        "symbol": "XBTUSDTM",
        "bestBidSize": 5,
        "bestBidPrice": bid,
        "bestAskPrice": "100.2",
        "bestAskSize": 7,
        "ts": 1,
    }
    if sequence is not None:
        data["sequence"] = sequence
    return json.dumps({"topic": TICKER.name, "type": "message", "subject": "tickerV2", "data": data | more}).encode()


def waiting(mailbox: Mailbox) -> list[Any]:
    return list(mailbox._waiting.values())


def test_a_ticker_has_a_lane_of_its_own() -> None:
    assert isinstance(lane(TICKER, Mailbox()), TickerLane)
    assert isinstance(lane(topics.last_ticker("X"), Mailbox()), TickerLane)
    assert type(lane(topics.instrument("X"), Mailbox())) is Lane


def test_only_the_newest_ticker_waits_and_it_is_noted_as_fresh() -> None:
    mailbox = Mailbox()
    way = lane(TICKER, mailbox)
    for at, sequence in enumerate((5, 7, 6, 7)):
        way.take(frame(sequence), at)
    (heard,) = waiting(mailbox)
    assert (heard.data.sequence, heard.at) == (7, 1)
    assert way.fresh.heard_at == 3, "an old word is a word"


def test_prices_are_exact_and_numbers_are_read_too() -> None:
    mailbox = Mailbox()
    way = lane(TICKER, mailbox)
    way.take(frame(1, "30000.10000000000000001"), 0)
    assert waiting(mailbox)[0].data.best_bid_price == Decimal("30000.10000000000000001")
    way.take(frame(2).replace(b'"100.1"', b"30000.10000000000000001"), 0)
    assert waiting(mailbox)[0].data.best_bid_price == Decimal("30000.10000000000000001")
    way.take(frame(3).replace(b'"bestBidSize": 5', b'"bestBidSize": "5"'), 0)
    assert waiting(mailbox)[0].data.best_bid_size == 5


@pytest.mark.parametrize("bid", ["NaN", "Infinity", "-Infinity", "sNaN", "x", None, [], True])
def test_what_is_no_price_is_refused(bid: Any) -> None:
    mailbox = Mailbox()
    with pytest.raises(ValueError, match=r".+"):
        lane(TICKER, mailbox).take(frame(1, bid), 0)
    assert len(mailbox) == 0


def test_a_ticker_without_a_sequence_counts_as_newer() -> None:
    mailbox = Mailbox()
    way = lane(TICKER, mailbox)
    for bid in ("1", "2", "3"):
        way.take(frame(None, bid), 0)
    assert [heard.data.best_bid_price for heard in waiting(mailbox)] == [Decimal(3)]


def test_after_a_loss_any_sequence_is_taken() -> None:
    mailbox = Mailbox()
    way = lane(TICKER, mailbox)
    way.live(1)
    way.take(frame(9), 2)
    way.lost("cut")
    assert way.fresh.view(3).stale
    way.live(4)
    way.take(frame(1), 5)
    told = waiting(mailbox)
    assert [type(message) for message in told] == [TopicLive, Heard, TopicLost, TopicLive]
    way.refused("404", "?")
    assert waiting(mailbox)[-1] == TopicRefused(TICKER, "404", "?")


def test_sequences_that_begin_anew_are_believed_after_a_while() -> None:
    rising = Rising()
    assert rising.passes(1_000)
    believed = [rising.passes(number) for number in range(1, REPEATS + 2)]
    assert believed == [False] * (REPEATS - 1) + [True, True]
    assert rising.dropped == REPEATS
