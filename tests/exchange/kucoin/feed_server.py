"""The exchange's side of a feed, in memory and under virtual time, with everything that can go wrong on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed.connection import Ports
from radtui.exchange.kucoin.feed.feed import Feed
from radtui.exchange.kucoin.feed.pace import CONNECTS, Pace
from radtui.exchange.kucoin.feed.pool import PoolLimits
from radtui.exchange.kucoin.feed.session import Terms, Ticket
from radtui.exchange.kucoin.feed.socket import SocketLost
from radtui.exchange.kucoin.wire.market import Book
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import ExchangeFailure, Transient

EPOCH = 1_700_000_000 * SECOND
PING = 18.0
PONG = 10.0


def now() -> float:
    return asyncio.get_running_loop().time()


class Served:
    """The server's end of one socket; the client's end is its `send`, `receive` and `close`."""

    def __init__(self, server: FeedServer, token: str, connect_id: str) -> None:
        self.server, self.token, self.connect_id = server, token, connect_id
        self.opened_at = now()
        self.closed_at: float | None = None
        self.sent: list[tuple[float, dict[str, Any]]] = []
        self.topics: list[str] = []
        self.silent = False
        self.welcomed = False
        self.reads = 0
        self._frames: asyncio.Queue[bytes | SocketLost] = asyncio.Queue()

    @property
    def private(self) -> bool:
        return self.token.startswith("private")

    @property
    def alive(self) -> bool:
        return self.closed_at is None

    def requests(self, kind: str) -> list[dict[str, Any]]:
        return [message for _, message in self.sent if message["type"] == kind]

    async def send(self, text: str) -> None:
        if not self.alive:
            raise SocketLost("closed")
        message = json.loads(text)
        assert self.welcomed, f"sent before the welcome: {message}"
        self.sent.append((now(), message))
        if not self.silent:
            self._answer(message)

    async def receive(self) -> bytes:
        frame = await self._frames.get()
        self.reads += 1
        if isinstance(frame, SocketLost):
            self._frames.put_nowait(frame)
            raise frame
        return frame

    async def close(self) -> None:
        if self.alive:
            self.closed_at = now()

    def raw(self, frame: bytes, delay: float = 0.0) -> None:
        if self.silent or not self.alive:
            return
        if delay:
            asyncio.get_running_loop().call_later(delay, self._frames.put_nowait, frame)
        else:
            self._frames.put_nowait(frame)

    def say(self, message: dict[str, Any], delay: float = 0.0) -> None:
        self.raw(json.dumps(message, separators=(",", ":")).encode(), delay)

    def cut(self, why: str = "cut") -> None:
        self.closed_at = now()
        self._frames.put_nowait(SocketLost(why))

    def welcome(self) -> None:
        self.welcomed = True
        self.say({"id": self.connect_id, "type": "welcome"})

    def _answer(self, message: dict[str, Any]) -> None:
        server, kind, number = self.server, message["type"], message["id"]
        if kind == "ping" and server.pongs:
            self.say({"id": number, "type": "pong"}, server.latency)
        elif kind == "subscribe":
            self._subscribe(message)
        elif kind == "unsubscribe":
            for name in names(message["topic"]):
                self.topics.remove(name)
            self.say({"id": number, "type": "ack"}, server.latency)

    def _subscribe(self, message: dict[str, Any]) -> None:
        server, number = self.server, message["id"]
        wanted = names(message["topic"])
        assert message["privateChannel"] is False or self.private
        code = next((code for name in wanted if (code := server.errors.get(name))), 0)
        if len(self.topics) + len(wanted) > server.room:
            code = 509
        if code:
            self.say({"id": number, "type": "error", "code": code, "data": f"error {code}"}, server.latency)
        elif server.acks:
            self.topics += [name for name in wanted if name not in self.topics]
            self.say({"id": number, "type": "ack"}, server.latency)


def names(topic: str) -> list[str]:
    base, _, suffixes = topic.partition(":")
    return [f"{base}:{suffix}" for suffix in suffixes.split(",")] if suffixes else [base]


class FeedServer:
    """Tickets, sockets and books of an exchange. Implements `Tickets` and `Connector`."""

    def __init__(self) -> None:
        self.sockets: list[Served] = []
        self.tickets: list[str] = []
        self.connects: list[float] = []
        self.latency = 0.05
        self.welcomes = self.acks = self.pongs = True
        self.errors: dict[str, int] = {}
        self.room = 100
        self.refuse_connects = 0
        self.hang_connects = False
        self.hang_after: int | None = None
        self.ticket_failure: ExchangeFailure | None = None
        self.books: dict[str, Book | ExchangeFailure] = {}
        self.loads: list[str] = []
        self.load_time = 0.1
        self.loading = self.most_loading = 0

    @property
    def alive(self) -> list[Served]:
        return [socket for socket in self.sockets if socket.alive]

    def carrier(self, topic: str) -> Served:
        """Return the one socket that carries a topic."""
        (socket,) = [socket for socket in self.alive if topic in socket.topics]
        return socket

    async def ticket(self, private: bool) -> Ticket:
        await asyncio.sleep(self.latency)
        if self.ticket_failure is not None:
            raise self.ticket_failure
        self.tickets.append(f"{'private' if private else 'public'}-token-{len(self.tickets)}")
        return Ticket(endpoint="wss://feed/", token=self.tickets[-1], ping_interval=PING, ping_timeout=PONG)

    async def connect(self, url: str) -> Served:
        query = parse_qs(urlsplit(url).query)
        (token,) = query["token"]
        assert token == self.tickets[-1] or token in self.tickets
        assert token not in {socket.token for socket in self.sockets}, "a token was used twice"
        self.connects.append(now())
        await asyncio.sleep(self.latency)
        if self.hang_connects or (self.hang_after is not None and len(self.sockets) >= self.hang_after):
            await asyncio.Event().wait()
        if self.refuse_connects:
            self.refuse_connects -= 1
            raise Transient("No connection to the feed: refused.")
        socket = Served(self, token, query["connectId"][0])
        self.sockets.append(socket)
        if self.welcomes:
            asyncio.get_running_loop().call_later(self.latency, socket.welcome)
        return socket

    async def load(self, symbol: str) -> Book:
        self.loads.append(symbol)
        self.loading += 1
        self.most_loading = max(self.most_loading, self.loading)
        try:
            await asyncio.sleep(self.load_time)
        finally:
            self.loading -= 1
        book = self.books[symbol]
        if isinstance(book, ExchangeFailure):
            raise book
        return book

    def publish(self, topic: str, subject: str, data: Any, **more: Any) -> None:
        for socket in self.alive:
            if topic in socket.topics:
                socket.say({"topic": topic, "type": "message", "subject": subject, "data": data, **more})


class Watcher:
    """Implements `FeedObserver`, and notes alerts."""

    def __init__(self) -> None:
        self.topics: dict[str, int] = {}
        self.reconnects: list[str] = []
        self.alerts: list[Any] = []

    def topic(self, name: str, at: int) -> None:
        self.topics[name] = at

    def reconnect(self, at: int, why: str) -> None:
        self.reconnects.append(why)


def ports(server: FeedServer, terms: Terms | None = None, draw: Callable[[], float] = lambda: 0.0) -> Ports:
    return Ports(
        connector=server,
        tickets=server,
        clock=LoopClock(asyncio.get_running_loop(), EPOCH),
        draw=draw,
        pace=Pace(*CONNECTS),
        terms=terms or Terms(),
        backoff=Backoff(),
    )


@asynccontextmanager
async def feed_on(
    server: FeedServer, watcher: Watcher | None = None, limits: PoolLimits | None = None, terms: Terms | None = None
) -> AsyncIterator[Feed]:
    watcher = watcher or Watcher()
    feed = Feed(ports(server, terms), load=server.load, observer=watcher, alert=watcher.alerts.append, limits=limits)
    feed.open()
    try:
        yield feed
    finally:
        await feed.close()
