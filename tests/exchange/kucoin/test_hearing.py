import asyncio
from typing import Any

import pytest

from radtui.core.market import MINUTE, Ticked
from radtui.core.order import OrderReport
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.mailbox import Heard, TopicRefused
from radtui.exchange.kucoin.wire.feed import OrderChange
from radtui.exchange.port import FeedBack, FeedLost
from radtui.resilience.failures import Refused
from tests.exchange.kucoin.rehearsal import SYMBOLS, Stage, order, rehearse


def hearing(stage: Stage) -> Any:
    return stage.exchange._hearing


def test_a_message_that_breaks_us_costs_a_reading_and_not_the_feed():
    async def story(stage: Stage) -> None:
        nothing: Any = None
        broken = OrderChange(
            order_id="1", symbol="X", type="open", status="open", side="buy", size=nothing, filled_size=nothing,
            client_oid="b-0",
        )  # fmt: skip
        hearing(stage)._mailbox.put(Heard(topics.orders(), "orderChange", broken, 0))
        await stage.until(lambda: any(isinstance(m, FeedBack) for m in stage.heard.account))
        assert any(isinstance(m, FeedLost) for m in stage.heard.account)
        assert any("broke down" in why for why in stage.heard.reconnects)
        await stage.exchange.place(order())
        await stage.until(lambda: stage.heard.of(OrderReport))
        seen = len(stage.ticks())
        await stage.until(lambda: len(stage.ticks()) > seen)

    rehearse(story)


def test_one_refused_topic_is_a_lasting_loss_and_modes_may_be_missing():
    async def story(stage: Stage) -> None:
        hearing(stage)._mailbox.put(TopicRefused(topics.margin_modes(), "404", "unknown"))
        await asyncio.sleep(1)
        assert not stage.heard.of(FeedLost)
        hearing(stage)._mailbox.put(TopicRefused(topics.wallet(), "403", "login"))
        await stage.until(lambda: stage.heard.of(FeedLost))
        with pytest.raises(Refused, match="wallet"):
            await stage.exchange.open()

    rehearse(story)


def test_a_cut_moves_the_topics_and_both_feeds_say_so():
    async def story(stage: Stage) -> None:
        for socket in list(stage.network.sockets):
            socket.cut("a cable")
        await stage.until(lambda: len(stage.heard.of(FeedBack)) == 2, 60)
        assert len(stage.heard.of(FeedLost)) == 2
        await asyncio.sleep(125)
        opened = [candle.opened_at for candle in stage.candles()]
        assert opened == list(range(opened[0], opened[-1] + 1, MINUTE))
        assert {tick.symbol for tick in stage.heard.of(Ticked)} == set(SYMBOLS)

    rehearse(story, turn=0.5)


def test_memory_is_bounded_though_nobody_reads():
    async def story(stage: Stage) -> None:
        for task in stage.listening:
            task.cancel()
        await asyncio.gather(*stage.listening, return_exceptions=True)
        stage.listening = []
        await asyncio.sleep(200)
        assert len(hearing(stage).market) < 20, "of prices only the newest waits"

    rehearse(story, turn=0.5)
