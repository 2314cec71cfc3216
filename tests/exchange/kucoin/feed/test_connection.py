"""One connection on a server that does everything wrong: it is noticed, told at once, and opened anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.connection import Connection
from radtui.exchange.kucoin.feed.session import Refusal, Terms
from radtui.exchange.kucoin.feed.topics import Topic
from radtui.resilience.failures import RateLimited
from radtui.resilience.virtual import run_virtual
from tests.exchange.kucoin.feed_server import FeedServer, now, ports

TICKER = topics.ticker("XBTUSDTM")


class Owner:
    """Asks for one topic whenever the connection is open, and notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str]] = []
        self.lost_at: list[float] = []
        self.acked_at: list[float] = []

    def opened(self, connection: Connection) -> None:
        assert connection.is_open
        self.told.append((now(), "opened"))
        connection.subscribe([(TICKER, lambda frame, at: None)])

    def acked(self, connection: Connection, topics: Sequence[Topic]) -> None:
        self.acked_at.append(now())
        self.told.append((now(), "acked"))

    def refused(self, connection: Connection, refusal: Refusal) -> None:
        self.told.append((now(), f"refused {refusal.code}"))

    def unread(self, connection: Connection, why: str) -> None:
        self.told.append((now(), "unread"))

    def lost(self, connection: Connection, why: str, *, planned: bool) -> None:
        assert not connection.is_open
        self.lost_at.append(now())
        self.told.append((now(), f"{'renewed' if planned else 'lost'}: {why}"))

    def words(self) -> list[str]:
        return [word for _, word in self.told]


@asynccontextmanager
async def connection_to(server: FeedServer, terms: Terms | None = None) -> AsyncIterator[tuple[Connection, Owner]]:
    owner = Owner()
    connection = Connection("public 1", private=False, ports=ports(server, terms), keeper=owner)
    task = asyncio.create_task(connection.run())
    try:
        yield connection, owner
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not server.alive
        assert asyncio.all_tasks() == {asyncio.current_task()}


def test_each_socket_gets_a_token_of_its_own() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server) as (connection, owner):
            for _ in range(4):
                await asyncio.sleep(70)
                server.alive[0].cut()
            await asyncio.sleep(5)
            assert [socket.token for socket in server.sockets] == server.tickets
            assert len(set(server.tickets)) == 5
            assert owner.words() == ["opened", "acked", *(["lost: cut", "opened", "acked"] * 4)]
            assert connection.view(1).reconnects == 4
            assert connection.view(1).score == 70.0

    run_virtual(main())


def test_a_half_open_socket_is_noticed_by_its_missing_pong() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server) as (_, owner):
            await asyncio.sleep(1)
            server.sockets[0].silent = True
            await asyncio.sleep(28)
            assert owner.words()[-1] == "lost: no answer to a ping within 10 s: the connection is dead"
            assert owner.lost_at[0] <= 1 + 18 + 10
            await asyncio.sleep(2)
            assert owner.words()[-1] == "acked"

    run_virtual(main())


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("welcomes", "no welcome within 10 s"),
        ("acks", "no answer to a subscription within 10 s"),
        ("pongs", "no answer to a ping within 10 s: the connection is dead"),
    ],
)
def test_what_is_not_answered_in_time_is_opened_anew(fault: str, why: str) -> None:
    async def main() -> None:
        server = FeedServer()
        setattr(server, fault, False)
        async with connection_to(server) as (_, owner):
            await asyncio.sleep(11)
            assert owner.words()[-1] == f"lost: {why}"
            setattr(server, fault, True)
            await asyncio.sleep(5)
            assert owner.words()[-1] == "acked"

    run_virtual(main())


def test_an_expired_token_is_replaced_by_a_fresh_one() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server) as (_, owner):
            await asyncio.sleep(1)
            server.sockets[0].say({"id": "1", "type": "error", "code": 401, "data": "token is expired"})
            await asyncio.sleep(3)
            assert owner.words()[2:] == ["lost: the exchange refused the token (token is expired)", "opened", "acked"]
            assert len(server.tickets) == 2

    run_virtual(main())


def test_garbage_is_borne_once_and_thrice_in_a_row_is_too_much() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server) as (connection, owner):
            await asyncio.sleep(1)
            server.sockets[0].raw(b"\x00\xff")
            await asyncio.sleep(30)
            assert owner.words() == ["opened", "acked", "unread"]
            assert connection.view(1).error_rate > 0
            for _ in range(3):
                server.sockets[0].raw(b"<html>")
            await asyncio.sleep(3)
            assert "3 frames in a row could not be read" in owner.words()[6]
            assert owner.words()[-1] == "acked"

    run_virtual(main())


def test_the_wait_doubles_and_starts_anew_after_a_good_life() -> None:
    async def main() -> None:
        server = FeedServer()
        server.refuse_connects = 5
        async with connection_to(server) as (connection, owner):
            await asyncio.sleep(40)
            gaps = [later - earlier for earlier, later in zip(server.connects, server.connects[1:], strict=False)]
            assert gaps == pytest.approx([wait + 2 * server.latency for wait in (1, 2, 4, 8, 16)])
            assert len(owner.lost_at) == 5
            assert owner.words()[0] == "lost: No connection to the feed: refused."
            assert connection.healthy, "a pong makes it healthy again"
            await asyncio.sleep(70)
            server.alive[0].cut()
            lost = now()
            await asyncio.sleep(3)
            assert server.connects[-1] - lost == pytest.approx(1 + server.latency, abs=0.01)

    run_virtual(main())


def test_it_is_unhealthy_after_three_failures() -> None:
    async def main() -> None:
        server = FeedServer()
        server.refuse_connects = 9
        async with connection_to(server) as (connection, owner):
            for failures, moment in enumerate((0.05, 0.5, 2.0, 5.0)):
                await asyncio.sleep(moment - now())
                assert (len(owner.lost_at), connection.healthy) == (failures, failures < 3)
            assert connection.view(0).state == "waiting"

    run_virtual(main())


def test_a_connect_that_hangs_is_given_up() -> None:
    async def main() -> None:
        server = FeedServer()
        server.hang_connects = True
        async with connection_to(server) as (_, owner):
            await asyncio.sleep(10.5)
            assert owner.words() == ["lost: no connection within 10 s"]

    run_virtual(main())


def test_a_rate_limit_is_waited_for_as_long_as_the_exchange_says() -> None:
    async def main() -> None:
        server = FeedServer()
        server.ticket_failure = RateLimited("too many requests", retry_after=25.0)
        async with connection_to(server) as (_, owner):
            await asyncio.sleep(24)
            assert len(owner.lost_at) == 1
            server.ticket_failure = None
            await asyncio.sleep(3)
            assert owner.words()[-1] == "acked"

    run_virtual(main())


def test_a_server_that_drops_everybody_is_not_hammered() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server):
            for _ in range(6_000):
                await asyncio.sleep(0.1)
                for socket in server.alive:
                    if socket.welcomed:
                        socket.cut()
            for start in server.connects:
                assert sum(start <= at < start + 60 for at in server.connects) <= 30
            assert len(server.connects) < 25

    run_virtual(main())


def test_a_fault_of_our_own_is_one_lost_connection_and_not_the_end() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server) as (connection, owner):
            await asyncio.sleep(1)

            def broken(frame: bytes, at: int) -> None:
                raise KeyError("a bug")

            connection.subscribe([(topics.ticker("ETHUSDTM"), broken)])
            await asyncio.sleep(1)
            server.publish("/contractMarket/tickerV2:ETHUSDTM", "tickerV2", {})
            await asyncio.sleep(5)
            assert owner.words()[3:] == ["lost: it broke down (KeyError: 'a bug')", "opened", "acked"]

    run_virtual(main())


def test_a_day_old_connection_is_renewed_without_a_wait_and_without_blame() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server) as (connection, owner):
            await asyncio.sleep(24 * 3600)
            assert owner.words()[2:] == ["renewed: renewed before the exchange ends it after 24 h", "opened", "acked"]
            assert owner.acked_at[1] - owner.lost_at[0] < 1
            view = connection.view(1)
            assert (view.reconnects, view.failures, view.score) == (0, 0, 100.0)

    run_virtual(main())


def test_it_does_not_wake_without_a_reason() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server) as (connection, _):
            await asyncio.sleep(1)
            wakes, session = 0, connection._session
            assert session is not None
            tick = session.tick

            def counted(at: int) -> None:
                nonlocal wakes
                wakes += 1
                tick(at)

            session.tick = counted  # type: ignore[method-assign]
            await asyncio.sleep(1_800)
            assert wakes <= 2 * 1_800 / 18 + 2

    run_virtual(main())


def test_a_socket_that_takes_nothing_more_is_given_up() -> None:
    async def main() -> None:
        server = FeedServer()
        async with connection_to(server, Terms(sending=3.0)) as (_, owner):
            await asyncio.sleep(1)

            async def stuck(text: str) -> None:
                await asyncio.Event().wait()

            server.sockets[0].send = stuck  # type: ignore[method-assign]
            await asyncio.sleep(18 + 3)
            assert owner.words()[2] == "lost: the exchange takes nothing from us any more"

    run_virtual(main())
