"""The feed on the simulated exchange, with faults on its wire: the book equals the exchange's, or says it does not."""

from __future__ import annotations

import asyncio

import pytest

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.connection import Ports
from radtui.exchange.kucoin.feed.feed import Feed
from radtui.exchange.kucoin.feed.mailbox import Heard, Mailbox, TopicLive, TopicLost
from radtui.exchange.kucoin.feed.pace import CONNECTS, Pace
from radtui.exchange.kucoin.feed.session import Ticket
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.rest.compose import rest_at
from radtui.exchange.kucoin.rest.transport import Hosts
from radtui.health.calls import CallLog
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.venue.model import SeededMarket

EPOCH = 1_767_225_600 * SECOND
SYMBOL = "XBTUSDTM"
RATES = {"slow": 500.0, "half-open": 0.001, "cut": 0.001, "lost": 0.5, "expired": 0.5}
"""Of faults that strike something rarer than a frame, or last; the others strike one frame in two hundred."""


class BulletTickets:
    """Implements `Tickets` over the REST client."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest

    async def ticket(self, private: bool) -> Ticket:
        bullet = await self.rest.market.bullet(private=private)
        server = bullet.instance_servers[0]
        return Ticket(endpoint=server.endpoint, token=bullet.token, ping_interval=18.0, ping_timeout=10.0)


def equals(feed: Feed, network: Loopback) -> bool:
    """Return whether the usable book equals the exchange's as of the same sequence; True where it is behind."""
    book, truth = feed.book(SYMBOL).book, network.exchange.floor.boards.snapshot(SYMBOL)
    if book.sequence != truth.sequence:
        return True
    return (list(book.bids(999)), list(book.asks(999))) == (list(truth.bids), list(truth.asks))


@pytest.mark.parametrize(
    "fault", [None, "gap", "duplicate", "reorder", "garbage", "cut", "half-open", "expired", "slow", "lost"]
)
def test_the_book_equals_the_exchanges_own_or_is_not_usable(fault: str | None) -> None:
    async def main() -> None:
        clock, log = LoopClock(asyncio.get_running_loop(), EPOCH), CallLog()
        faults = WireFaults(7)
        market = SeededMarket((SYMBOL,), seed=7, start=EPOCH)
        exchange = open_exchange(market, [seeded_key(7)], now=clock.now, seed=7, warmup=2, faults=faults)
        async with Loopback(exchange) as network:
            rest = rest_at(Hosts(), None, clock=clock, observer=log, draw=lambda: 0.0, transport=network)
            ports = Ports(
                connector=network,
                tickets=BulletTickets(rest),
                clock=clock,
                draw=lambda: 0.0,
                pace=Pace(*CONNECTS),
            )
            feed, mailbox = Feed(ports, load=rest.market.book, observer=log, alert=lambda alert: None), Mailbox()
            feed.open()
            feed.subscribe([topics.ticker(SYMBOL), topics.trades(SYMBOL), topics.instrument(SYMBOL)], mailbox)
            book, usable, compared = feed.book(SYMBOL), 0, 0
            await asyncio.sleep(5)
            if fault:
                faults.figures[WireFault(fault)] = RATES.get(fault, 0.005)
            for _ in range(60):
                await asyncio.sleep(0.3)
                if not book.trouble():
                    usable += 1
                    compared += book.book.sequence == exchange.floor.boards.snapshot(SYMBOL).sequence
                    assert equals(feed, network)
            faults.figures.clear()
            await asyncio.sleep(35)
            assert book.trouble() == ""
            assert equals(feed, network)
            assert usable > 10
            assert compared > 0
            kinds = {type(message) for message in mailbox._waiting.values()}
            assert {TopicLive, Heard} <= kinds <= {TopicLive, Heard, TopicLost}
            await feed.close()
            await rest.close()

    run_virtual(main())
