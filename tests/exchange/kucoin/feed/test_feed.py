"""The whole feed against a server in memory that does everything wrong."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal
from typing import Any

import pytest

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.mailbox import FeedMessage, Heard, Mailbox, TopicLive, TopicLost, TopicRefused
from radtui.exchange.kucoin.feed.pool import PoolLimits, TooManyTopics
from radtui.exchange.kucoin.wire.feed import FundingPush, MarkIndex, OrderChange
from radtui.resilience.failures import BadCredentials
from radtui.resilience.virtual import run_virtual
from tests.exchange.kucoin.feed_server import EPOCH, FeedServer, Watcher, feed_on, now

TICKER = topics.ticker("XBTUSDTM")


def tick(sequence: int, bid: str = "100.1", ask: str = "100.2") -> dict[str, Any]:
    return {
        "symbol": "XBTUSDTM",
        "sequence": sequence,
        "bestBidSize": 5,
        "bestBidPrice": bid,
        "bestAskPrice": ask,
        "bestAskSize": 7,
        "ts": 1_756_199_639_879_000_000,
    }


def order(number: int) -> dict[str, Any]:
    return {
        "orderId": str(number),
        "symbol": "XBTUSDTM",
        "type": "open",
        "status": "open",
        "side": "buy",
        "size": "3",
        "clientOid": f"bot-{number}",
    }


def drain(mailbox: Mailbox) -> list[FeedMessage]:
    """Return what waits."""
    found = []
    while len(mailbox):
        found.append(mailbox._waiting.popitem(last=False)[1])
    return found


def test_a_topic_is_live_first_and_then_told_newest_only() -> None:
    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        async with feed_on(server) as feed:
            feed.subscribe([TICKER], mailbox)
            assert await anext(mailbox) == TopicLive(TICKER)
            for sequence in (1, 2, 5, 4, 5, 3):
                server.publish(TICKER.name, "tickerV2", tick(sequence))
            await asyncio.sleep(1)
            (heard,) = drain(mailbox)
            assert isinstance(heard, Heard)
            assert (heard.data.sequence, heard.data.best_bid_price) == (5, Decimal("100.1"))

    run_virtual(main())


def test_a_cut_is_told_the_topic_moves_at_once_and_is_live_again() -> None:
    async def main() -> None:
        server, mailbox, watcher = FeedServer(), Mailbox(), Watcher()
        async with feed_on(server, watcher) as feed:
            feed.subscribe([TICKER], mailbox)
            await anext(mailbox)
            before = server.carrier(TICKER.name)
            before.cut("the line broke")
            lost, cut_at = await anext(mailbox), now()
            assert lost == TopicLost(TICKER, "the line broke")
            assert await anext(mailbox) == TopicLive(TICKER)
            assert now() - cut_at == pytest.approx(server.latency)
            assert server.carrier(TICKER.name) is not before
            assert watcher.reconnects == [f"{feed.connections()[0].name}: the line broke"]
            server.publish(TICKER.name, "tickerV2", tick(1))  # lower than before: the exchange may have begun anew
            assert isinstance(await anext(mailbox), Heard)

    run_virtual(main())


def test_orders_are_all_told_in_order_and_none_is_replaced() -> None:
    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        async with feed_on(server) as feed:
            feed.subscribe([topics.orders(), topics.wallet()], mailbox)
            await asyncio.sleep(1)
            assert {socket.private for socket in server.alive} == {True}
            drain(mailbox)
            for number in range(50):
                server.publish("/contractMarket/tradeOrders", "orderChange", order(number), channelType="private")
            await asyncio.sleep(1)
            heard = [m.data for m in drain(mailbox) if isinstance(m, Heard)]
            assert all(isinstance(data, OrderChange) for data in heard)
            assert [data.order_id for data in heard] == [str(number) for number in range(50)]

    run_virtual(main())


def test_a_reader_that_never_comes_costs_no_memory_and_is_told_what_it_missed() -> None:
    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox(limit=10)
        async with feed_on(server) as feed:
            feed.subscribe([topics.orders()], mailbox)
            await asyncio.sleep(1)
            for number in range(1_000):
                server.publish("/contractMarket/tradeOrders", "orderChange", order(number))
            await asyncio.sleep(1)
            assert len(mailbox) <= 10
            kinds = [type(message) for message in drain(mailbox)]
            assert kinds[:2] == [TopicLost, TopicLive]
            assert set(kinds[2:]) <= {Heard}

    run_virtual(main())


def test_two_subjects_of_one_topic_do_not_replace_each_other() -> None:
    async def main() -> None:
        server, mailbox, topic = FeedServer(), Mailbox(), topics.instrument("XBTUSDTM")
        async with feed_on(server) as feed:
            feed.subscribe([topic], mailbox)
            await anext(mailbox)
            mark = {"markPrice": 100.25, "indexPrice": 100.5, "granularity": 1000, "timestamp": 1}
            server.publish(topic.name, "mark.index.price", mark)
            server.publish(topic.name, "funding.rate", {"fundingRate": 7.7e-05, "granularity": 60000, "timestamp": 1})
            server.publish(topic.name, "never.heard.of", {})
            await asyncio.sleep(1)
            heard = [m.data for m in drain(mailbox) if isinstance(m, Heard)]
            assert [type(data) for data in heard] == [MarkIndex, FundingPush]
            assert heard[0].mark_price == Decimal("100.25")

    run_virtual(main())


def test_a_topic_the_exchange_does_not_know_is_refused_and_its_neighbours_are_told() -> None:
    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        server.errors["/contractMarket/tickerV2:NONSENSE"] = 404
        wrong = topics.ticker("NONSENSE")
        async with feed_on(server) as feed:
            feed.subscribe([wrong, TICKER], mailbox)
            await asyncio.sleep(2)
            messages = drain(mailbox)
            assert TopicLive(TICKER) in messages
            assert TopicRefused(wrong, "404", "error 404") in messages
            assert [view.topic for view in feed.topics()] == [TICKER.name]
            server.errors.clear()
            feed.subscribe([wrong], mailbox)
            assert await anext(mailbox) == TopicLive(wrong)

    run_virtual(main())


def test_more_topics_than_fit_are_refused_as_a_whole() -> None:
    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        async with feed_on(server, limits=PoolLimits(most=2, topics=3)) as feed:
            with pytest.raises(TooManyTopics, match="7 topics are more than the 6"):
                feed.subscribe([topics.ticker(f"S{n}") for n in range(7)], mailbox)
            assert feed.topics() == ()
            feed.subscribe([topics.ticker(f"S{n}") for n in range(6)], mailbox)
            await asyncio.sleep(1)
            assert [view.topics for view in feed.connections()] == [3, 3]

    run_virtual(main())


def test_a_silent_topic_is_stale_although_its_connection_lives() -> None:
    async def main() -> None:
        server, mailbox, watcher = FeedServer(), Mailbox(), Watcher()
        async with feed_on(server, watcher) as feed:
            feed.subscribe([topics.instrument("XBTUSDTM"), topics.orders()], mailbox)
            await asyncio.sleep(1)
            assert [view.stale for view in feed.topics()] == [False, False]
            await asyncio.sleep(60)
            mark, orders = feed.topics()
            assert mark.stale
            assert mark.age == pytest.approx(60.8, abs=0.2)
            assert mark.limit == 3.0
            assert not orders.stale, "that nothing happens to our orders is no fault"
            assert all(view.state == "open" for view in feed.connections())
            assert list(watcher.topics) == ["XBTUSDTM"], "by contract, and of the market alone"
            assert watcher.topics["XBTUSDTM"] == pytest.approx(EPOCH + 0.2 * SECOND, abs=0.2 * SECOND)

    run_virtual(main())


def test_wrong_credentials_are_not_hammered() -> None:
    async def main() -> None:
        server, mailbox, watcher = FeedServer(), Mailbox(), Watcher()
        server.ticket_failure = BadCredentials("The key is unknown: check it.", code="400003")
        async with feed_on(server, watcher) as feed:
            feed.subscribe([topics.orders()], mailbox)
            await asyncio.sleep(3600)
            assert len(watcher.reconnects) <= 2 * 62
            assert all(view.why == "The key is unknown: check it." for view in feed.connections())
            assert not any(view.healthy for view in feed.connections())
            kinds = {(alert.connection, alert.kind) for alert in watcher.alerts}
            assert ("private 1", "disconnect") in kinds
            assert ("private 1", "reconnects") in kinds
            alerts = [
                alert for alert in watcher.alerts if (alert.connection, alert.kind) == ("private 1", "disconnect")
            ]
            assert len(alerts) == 4, "one in fifteen minutes"

    run_virtual(main())


def test_unsubscribed_topics_are_told_no_more_and_late_frames_harm_nothing() -> None:
    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        async with feed_on(server) as feed:
            feed.subscribe([TICKER, topics.ticker("ETHUSDTM")], mailbox)
            await asyncio.sleep(1)
            carrier = server.carrier(TICKER.name)
            feed.unsubscribe([TICKER])
            server.publish(TICKER.name, "tickerV2", tick(9))
            await asyncio.sleep(1)
            assert not any(isinstance(message, Heard) for message in drain(mailbox))
            assert TICKER.name not in carrier.topics
            assert carrier.alive
            assert len(feed.topics()) == 1

    run_virtual(main())


def harm(server: FeedServer, chance: random.Random) -> None:
    """Do one of the things that happen to a feed."""
    socket = chance.choice(server.alive)
    what = chance.choice(["cut", "silence", "garbage", "much garbage", "token", "acks", "pongs", "refusals"])
    if what == "cut":
        socket.cut()
    elif what == "silence":
        socket.silent = True
    elif what.endswith("garbage"):
        for _ in range(3 if what.startswith("much") else 1):
            socket.raw(b"\xff{")
    elif what == "token":
        socket.say({"type": "error", "id": "", "code": 401, "data": "token is expired"})
    elif what == "refusals":
        server.refuse_connects = chance.randrange(3)
    else:
        setattr(server, what, not getattr(server, what))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_no_update_is_lost_without_a_word(seed: int) -> None:
    """Between two updates that are heard in a row none is missing, unless the topic was lost and live between."""

    async def main() -> list[FeedMessage]:
        chance, server, mailbox = random.Random(seed), FeedServer(), Mailbox()
        async with feed_on(server) as feed:
            feed.subscribe([topics.orders(), TICKER], mailbox)
            for number in range(3_000):
                await asyncio.sleep(chance.random() / 5)
                server.publish("/contractMarket/tradeOrders", "orderChange", order(number))
                if server.alive and chance.random() < 0.03:
                    harm(server, chance)
            server.acks = server.pongs = True
            await asyncio.sleep(120)
            server.publish("/contractMarket/tradeOrders", "orderChange", order(3_000))
            await asyncio.sleep(1)
            assert all(not view.stale for view in feed.topics() if view.topic == topics.orders().name)
            return drain(mailbox)

    told = [message for message in run_virtual(main()) if message.topic.private]
    last, live, losses = -1, False, 0
    for message in told:
        if isinstance(message, TopicLost):
            assert live
            live, losses = False, losses + 1
        elif isinstance(message, TopicLive):
            live, last = True, -1
        else:
            assert isinstance(message, Heard)
            number = int(message.data.order_id)
            assert not live or number == last + 1 or last < 0  # before it is live, what comes is no promise
            last = number
    assert last == 3_000
    assert losses > 3


def test_a_book_is_given_up_like_any_topic_and_begun_anew() -> None:
    async def main() -> None:
        server = FeedServer()
        async with feed_on(server) as feed:
            book = feed.book("XBTUSDTM")
            await asyncio.sleep(0.17)
            feed.unsubscribe([book.topic])
            assert "nobody asks for it" in book.trouble()
            await asyncio.sleep(1)
            assert server.loading == 0
            assert feed.book("XBTUSDTM") is not book
            server.errors["/contractMarket/level2:NONE"] = 404
            nothing = feed.book("NONE")
            await asyncio.sleep(1)
            assert nothing.trouble() == "the exchange refuses the feed: error 404 (404)"

    run_virtual(main())


def test_closing_leaves_nothing_behind() -> None:
    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        async with feed_on(server) as feed:
            feed.subscribe([TICKER, topics.orders()], mailbox)
            feed.book("XBTUSDTM")
            await asyncio.sleep(0.12)
        assert not server.alive
        assert {task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()

    run_virtual(main())


def test_an_idle_feed_is_idle() -> None:
    """A day of silence costs a ping each 18 s and a look each second, and no more wake-ups than that."""

    async def main() -> None:
        server, mailbox = FeedServer(), Mailbox()
        async with feed_on(server) as feed:
            feed.subscribe([topics.orders()], mailbox)
            await asyncio.sleep(10_000)
            (carrier,) = [socket for socket in server.alive if socket.topics]
            assert carrier.reads <= 10_000 / 18 + 3
            assert len(carrier.sent) <= 10_000 / 18 + 3
            assert len(server.sockets) == 2

    run_virtual(main())
