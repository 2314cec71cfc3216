"""Many topics over several connections: spread by load, moved when one dies, bounded by what the exchange admits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from radtui.core.link_view import DEAD
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.connection import Connection
from radtui.exchange.kucoin.feed.pool import Pool, PoolLimits, TooManyTopics
from radtui.exchange.kucoin.feed.topics import Topic
from radtui.resilience.virtual import run_virtual
from tests.exchange.kucoin.feed_server import FeedServer, now, ports


class Listened:
    """Implements `Listener`."""

    def __init__(self) -> None:
        self.up: set[str] = set()
        self.told: list[tuple[str, str]] = []
        self.live_at: dict[str, float] = {}
        self.downs: list[str] = []

    def live(self, topic: Topic) -> None:
        assert topic.symbol not in self.up, "told to be live twice"
        self.up.add(topic.symbol)
        self.live_at[topic.symbol] = now()

    def lost(self, topic: Topic, why: str) -> None:
        self.up.remove(topic.symbol)
        self.told.append((topic.symbol, why))

    def refused(self, topic: Topic, code: str, why: str) -> None:
        assert topic.symbol not in self.up
        self.told.append((topic.symbol, f"refused {code}"))

    def down(self, connection: str, why: str, *, planned: bool) -> None:
        self.downs.append(connection)


def some(count: int, start: int = 0) -> list[Topic]:
    return [topics.ticker(f"S{n}") for n in range(start, start + count)]


@asynccontextmanager
async def pool_on(server: FeedServer, **limits: int) -> AsyncIterator[tuple[Pool, Listened]]:
    listener = Listened()
    pool = Pool("public", private=False, ports=ports(server), limits=PoolLimits(**limits), listener=listener)
    try:
        yield pool, listener
    finally:
        await pool.close()
        assert not server.alive
        assert asyncio.all_tasks() == {asyncio.current_task()}


def add(pool: Pool, wanted: list[Topic]) -> None:
    pool.add((topic, lambda frame, at: None) for topic in wanted)


def load(server: FeedServer) -> list[int]:
    return sorted(len(socket.topics) for socket in server.alive)


def test_topics_are_spread_by_load() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=3) as (pool, listener):
            add(pool, some(10))
            await asyncio.sleep(1)
            assert load(server) == [3, 3, 4]
            add(pool, some(5, 10))
            await asyncio.sleep(1)
            assert load(server) == [5, 5, 5]
            assert len(listener.up) == 15

    run_virtual(main())


def test_nothing_is_connected_before_a_topic_is_wanted() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server) as (pool, _):
            add(pool, [])
            await asyncio.sleep(5)
            assert server.tickets == []

    run_virtual(main())


def test_a_dead_connections_topics_move_to_the_others_at_once() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=3) as (pool, listener):
            add(pool, some(9))
            await asyncio.sleep(1)
            dying, moved = server.alive[1], set(server.alive[1].topics)
            dying.cut("the line broke")
            cut_at = now()
            await asyncio.sleep(0.2)
            assert load(server) == [4, 5]
            assert sorted(listener.told) == sorted((name.partition(":")[2], "the line broke") for name in moved)
            assert len(listener.up) == 9
            assert max(listener.live_at.values()) - cut_at == pytest.approx(server.latency)
            await asyncio.sleep(3)
            assert load(server) == [0, 4, 5]
            add(pool, some(3, 9))
            await asyncio.sleep(1)
            assert load(server) == [3, 4, 5]

    run_virtual(main())


def test_where_the_others_have_no_room_a_new_one_is_opened_at_once() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=2, most=8, topics=10) as (pool, listener):
            add(pool, some(20))
            await asyncio.sleep(1)
            server.refuse_connects = 0
            server.alive[0].cut()
            await asyncio.sleep(4 * server.latency + 0.01)
            assert len(listener.up) == 20
            await asyncio.sleep(60)
            assert load(server) == [0, 10, 10]

    run_virtual(main())


def test_an_outage_does_not_breed_connections() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=2, most=8, topics=10) as (pool, listener):
            add(pool, some(20))
            await asyncio.sleep(1)
            server.refuse_connects = 10**9
            for socket in server.alive:
                socket.cut()
            await asyncio.sleep(600)
            assert len(pool.views()) <= 3
            assert {view.state for view in pool.views()} <= {"waiting", "connecting"}
            server.refuse_connects = 0
            await asyncio.sleep(90)
            assert len(listener.up) == 20

    run_virtual(main())


def test_a_connection_whose_task_has_ended_is_shown_as_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ended(_: Connection) -> None:
        await asyncio.sleep(1)

    async def main() -> None:
        monkeypatch.setattr(Connection, "run", ended)
        async with pool_on(FeedServer(), least=2) as (pool, _):
            add(pool, some(1))
            assert {view.state for view in pool.views()} == {"connecting"}
            await asyncio.sleep(2)
            assert {(view.state, view.healthy) for view in pool.views()} == {(DEAD, False)}

    run_virtual(main())


def test_where_every_connection_dies_the_first_to_return_takes_all() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=2) as (pool, listener):
            add(pool, some(4))
            await asyncio.sleep(1)
            for socket in server.alive:
                socket.cut()
            await asyncio.sleep(0.01)
            assert listener.up == set()
            await asyncio.sleep(3)
            assert len(listener.up) == 4
            assert sum(load(server)) == 4

    run_virtual(main())


def test_one_connection_that_never_opens_holds_up_no_topic() -> None:
    async def main() -> None:
        server = FeedServer()
        server.refuse_connects = 1
        async with pool_on(server, least=2) as (pool, listener):
            add(pool, some(4))
            await asyncio.sleep(0.5)
            assert len(listener.up) == 4

    run_virtual(main())


def test_one_connection_that_hangs_holds_up_no_topic() -> None:
    async def main() -> None:
        server = FeedServer()
        server.hang_after = 1
        async with pool_on(server, least=2) as (pool, listener):
            add(pool, some(4))
            await asyncio.sleep(1)
            assert len(listener.up) == 4

    run_virtual(main())


def test_a_connection_is_added_where_the_others_are_full() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=1, most=4, topics=10) as (pool, listener):
            add(pool, some(35))
            await asyncio.sleep(5)
            assert load(server) == [5, 10, 10, 10]
            assert len(listener.up) == 35
            with pytest.raises(TooManyTopics):
                add(pool, some(10, 100))
            add(pool, some(5, 35))
            await asyncio.sleep(1)
            assert len(listener.up) == 40

    run_virtual(main())


def test_a_connection_the_exchange_calls_full_is_relieved_by_another() -> None:
    async def main() -> None:
        server = FeedServer()
        server.room = 6
        async with pool_on(server, least=1, most=8, topics=100) as (pool, listener):
            add(pool, some(4))
            await asyncio.sleep(1)
            add(pool, some(6, 4))
            await asyncio.sleep(10)
            assert len(listener.up) == 10
            assert max(load(server)) <= 6
            assert listener.told == []

    run_virtual(main())


def test_an_unknown_topic_is_given_up_and_not_moved_about() -> None:
    async def main() -> None:
        server = FeedServer()
        server.errors["/contractMarket/tickerV2:S1"] = 404
        async with pool_on(server) as (pool, listener):
            add(pool, some(3))
            await asyncio.sleep(30)
            assert listener.told == [("S1", "refused 404")]
            assert listener.up == {"S0", "S2"}
            asked = [message for socket in server.sockets for message in socket.requests("subscribe")]
            assert len(asked) <= 6

    run_virtual(main())


def test_removing_makes_room_and_says_so_to_the_exchange() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=1, most=1, topics=4) as (pool, _):
            add(pool, some(4))
            await asyncio.sleep(1)
            pool.remove(some(2))
            add(pool, some(2, 10))
            await asyncio.sleep(1)
            assert sorted(server.alive[0].topics) == sorted(topic.name for topic in [*some(2, 2), *some(2, 10)])
            assert [view.topics for view in pool.views()] == [4]

    run_virtual(main())


def test_a_topic_is_never_lost_whatever_dies_and_returns() -> None:
    async def main() -> None:
        server = FeedServer()
        async with pool_on(server, least=3, topics=20) as (pool, listener):
            add(pool, some(30))
            for number in range(200):
                await asyncio.sleep(0.7)
                if server.alive:
                    server.alive[number % len(server.alive)].cut()
                assert len(server.sockets) <= 25 + number
            await asyncio.sleep(90)
            assert len(listener.up) == 30
            carried = [name for socket in server.alive for name in socket.topics]
            assert sorted(carried) == sorted(topic.name for topic in some(30)), "none twice"

    run_virtual(main())
