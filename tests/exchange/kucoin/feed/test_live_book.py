"""A book on a feed that loses, repeats and falls silent, with a REST side that fails: never two loads at once."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal
from typing import Any

import pytest

from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.live_book import LiveBook
from radtui.exchange.kucoin.wire.market import Book
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual
from tests.exchange.kucoin.feed_server import FeedServer, feed_on

SYMBOL = "XBTUSDTM"
TOPIC = topics.level2(SYMBOL).name
Rows = dict[Decimal, int]


class Market:
    """The exchange's own book, which changes and tells it, or not."""

    def __init__(self, server: FeedServer) -> None:
        self.server = server
        self.sequence = 100
        self.bids: Rows = {Decimal(100 - n): 5 for n in range(5)}
        self.asks: Rows = {Decimal(101 + n): 5 for n in range(5)}
        self._keep()

    def change(self, side: str, price: str, lots: int, *, told: bool = True) -> dict[str, Any]:
        rows = self.bids if side == "buy" else self.asks
        rows.pop(Decimal(price), None)
        if lots:
            rows[Decimal(price)] = lots
        self.sequence += 1
        self._keep()
        data = {"sequence": self.sequence, "change": f"{price},{side},{lots}", "timestamp": 1}
        if told:
            self.server.publish(TOPIC, "level2", data)
        return data

    def equals(self, book: LiveBook) -> bool:
        bids, asks = dict(book.book.bids(99)), dict(book.book.asks(99))
        return book.book.sequence == self.sequence and bids == self.bids and asks == self.asks

    def _keep(self) -> None:
        bids, asks = sorted(self.bids.items(), reverse=True), sorted(self.asks.items())
        self.server.books[SYMBOL] = Book(symbol=SYMBOL, sequence=self.sequence, bids=bids, asks=asks)


def test_it_is_loaded_once_and_follows() -> None:
    async def main() -> None:
        server = FeedServer()
        market = Market(server)
        async with feed_on(server) as feed:
            book = feed.book(SYMBOL)
            assert feed.book(SYMBOL) is book
            assert book.trouble() != ""
            await asyncio.sleep(1)
            assert book.trouble() == ""
            market.change("buy", "100.5", 7)
            market.change("sell", "101", 0)
            await asyncio.sleep(0.1)
            assert market.equals(book)
            assert book.loads == 1

    run_virtual(main())


@pytest.mark.parametrize("fault", ["gap", "garbage", "crossed", "cut"])
def test_every_fault_makes_it_not_usable_at_once_and_well_again(fault: str) -> None:
    async def main() -> None:
        server = FeedServer()
        market = Market(server)
        async with feed_on(server) as feed:
            book = feed.book(SYMBOL)
            await asyncio.sleep(1)
            if fault == "gap":
                market.change("buy", "100.5", 7, told=False)
                market.change("buy", "100.5", 8)
            elif fault == "garbage":
                data = market.change("buy", "100.5", 7, told=False)
                server.publish(TOPIC, "level2", data | {"change": "100.5,buy"})
            elif fault == "crossed":
                market.sequence += 1
                server.publish(TOPIC, "level2", {"sequence": market.sequence, "change": "105,buy,1"})
                market._keep()
            else:
                server.carrier(TOPIC).cut()
            await asyncio.sleep(0.01)
            assert book.trouble() != ""
            assert book.book.best_bid is None
            await asyncio.sleep(2)
            assert book.trouble() == ""
            assert market.equals(book)
            assert (book.loads, server.most_loading) == (2, 1)

    run_virtual(main())


def test_a_failing_rest_side_is_asked_again_with_patience() -> None:
    async def main() -> None:
        server = FeedServer()
        market = Market(server)
        good, server.books[SYMBOL] = server.books[SYMBOL], Transient("no route")
        async with feed_on(server) as feed:
            book = feed.book(SYMBOL)
            await asyncio.sleep(600)
            assert "no route" in book.trouble()
            assert book.loads <= 130
            server.books[SYMBOL] = good
            await asyncio.sleep(20)
            assert market.equals(book)

    run_virtual(main())


def test_a_load_that_hangs_or_breaks_is_only_one_load() -> None:
    async def main() -> None:
        server = FeedServer()
        market = Market(server)
        server.load_time = 10**9
        async with feed_on(server) as feed:
            book = feed.book(SYMBOL)
            await asyncio.sleep(25)
            assert book.trouble() == "no snapshot could be loaded: TimeoutError"
            server.load_time = 0.1
            good = server.books.pop(SYMBOL)
            await asyncio.sleep(25)
            assert book.trouble() == f"no snapshot could be loaded: '{SYMBOL}'"
            server.books[SYMBOL] = good
            await asyncio.sleep(20)
            assert market.equals(book)
            assert server.most_loading == 1

    run_virtual(main())


def test_a_snapshot_older_than_the_feed_is_not_believed() -> None:
    async def main() -> None:
        server = FeedServer()
        market = Market(server)
        old = server.books[SYMBOL]
        async with feed_on(server) as feed:
            market.change("buy", "99", 1)
            market.change("buy", "99", 2)
            server.books[SYMBOL] = old
            book = feed.book(SYMBOL)
            await asyncio.sleep(0.22)  # live, and loading
            market.change("buy", "99", 3)
            server.books[SYMBOL] = old
            await asyncio.sleep(0.12)
            assert "gap" in book.trouble()
            market._keep()
            await asyncio.sleep(5)
            assert market.equals(book)
            assert book.book.bids(2)[1].lots == 3

    run_virtual(main())


def test_a_silent_book_is_not_trusted_and_is_loaded_again() -> None:
    async def main() -> None:
        server = FeedServer()
        market = Market(server)
        async with feed_on(server) as feed:
            book = feed.book(SYMBOL)
            await asyncio.sleep(1)
            market.change("buy", "99", 9, told=False)  # and nobody tells us
            await asyncio.sleep(59)
            assert not market.equals(book)
            await asyncio.sleep(3)
            assert market.equals(book)
            assert book.loads == 2
            await asyncio.sleep(600)
            assert book.loads <= 2 + 11

    run_virtual(main())


def test_a_book_that_keeps_breaking_is_loaded_less_and_less() -> None:
    async def main() -> None:
        server = FeedServer()
        market = Market(server)
        async with feed_on(server) as feed:
            book = feed.book(SYMBOL)
            for _ in range(6_000):
                await asyncio.sleep(0.1)
                market.change("buy", "99", 1, told=False)
                market.change("buy", "99", 2)
            assert book.loads <= 130
            await asyncio.sleep(60)
            assert market.equals(book)

    run_virtual(main())


def test_a_random_market_with_every_fault_ends_up_equal() -> None:
    async def main(seed: int) -> None:
        chance, server = random.Random(seed), FeedServer()
        market = Market(server)
        async with feed_on(server) as feed:
            book = feed.book(SYMBOL)
            for _ in range(2_000):
                await asyncio.sleep(chance.random() / 20)
                side = chance.choice(["buy", "sell"])
                price = 100 - chance.randrange(9) if side == "buy" else 101 + chance.randrange(9)
                data = market.change(side, str(price), chance.randrange(4), told=chance.random() > 0.01)
                if chance.random() < 0.05:
                    server.publish(TOPIC, "level2", data)
                if chance.random() < 0.003 and server.alive:
                    chance.choice(server.alive).cut()
                if book.book.usable and book.book.sequence == market.sequence:
                    assert market.equals(book)
            await asyncio.sleep(60)
            market.change("buy", "50", 1)
            await asyncio.sleep(60)
            assert market.equals(book)
            assert server.most_loading == 1

    for seed in range(5):
        run_virtual(main(seed))
