"""Topics over several connections (row S10): each goes to the least loaded healthy one, and moves when that one dies.

One pool holds connections of one kind, public or private. It always keeps a second connection open, so that the topics
of a dead one are told again after one round trip and not after a backoff.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import msgspec

from radtui.core.link_view import DEAD
from radtui.exchange.kucoin.feed.connection import Connection, Ports
from radtui.exchange.kucoin.feed.figures import ConnectionView
from radtui.exchange.kucoin.feed.session import Refusal, Route
from radtui.exchange.kucoin.feed.topics import Topic


class PoolLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How many connections are kept open, how many there may be, and how many topics each may carry."""

    least: int = 2
    most: int = 8
    topics: int = 100


PATIENCE: Final = 0.5
"""Seconds that the first topics wait for the other connections, so that the load is spread from the start."""


class TooManyTopics(ValueError):
    """More topics than all connections together may carry."""


class Listener(Protocol):
    """Whoever asked for topics; told what becomes of each."""

    def live(self, topic: Topic) -> None:
        """Hear that the topic is told from now on; what came before must be read over REST."""
        ...

    def lost(self, topic: Topic, why: str) -> None:
        """Hear that the topic is not told for now."""
        ...

    def refused(self, topic: Topic, code: str, why: str) -> None:
        """Hear that the exchange will not tell the topic; it is given up."""
        ...

    def down(self, connection: str, why: str, *, planned: bool) -> None:
        """Hear that a connection is down and is being opened again; `planned` where it was only renewed."""
        ...


class _Placed:
    """A topic, and the connection that carries it."""

    __slots__ = ("connection", "live", "route", "topic")

    def __init__(self, topic: Topic, route: Route) -> None:
        self.topic, self.route = topic, route
        self.connection: Connection | None = None
        self.live = False


class Pool:
    """Connections of one kind and the topics they carry.

    Args:
        name: for people, for example ``public``.
    """

    def __init__(self, name: str, *, private: bool, ports: Ports, limits: PoolLimits, listener: Listener) -> None:
        self._name, self._private = name, private
        self._ports, self._limits, self._listener = ports, limits, listener
        self._placed: dict[str, _Placed] = {}
        self._tasks: dict[Connection, asyncio.Task[None]] = {}
        self._full: set[Connection] = set()
        self._starting = True
        self._patience: asyncio.TimerHandle | None = None

    def add(self, topics: Iterable[tuple[Topic, Route]]) -> None:
        """Ask for topics; one that is asked for already keeps its place.

        Raises:
            TooManyTopics: nothing of it was asked for.
        """
        new = {topic.name: _Placed(topic, route) for topic, route in topics if topic.name not in self._placed}
        most = self._limits.most * self._limits.topics
        if len(self._placed) + len(new) > most:
            raise TooManyTopics(
                f"{len(self._placed) + len(new)} topics are more than the {most} that {self._limits.most} connections "
                f"carry: watch fewer symbols, or raise the limits"
            )
        self._placed.update(new)
        if self._placed and not self._tasks:
            for _ in range(self._limits.least):
                self._open()
        self._place()

    def remove(self, topics: Iterable[Topic]) -> None:
        """Ask for no more of these."""
        gone: dict[Connection, list[Topic]] = {}
        for topic in topics:
            placed = self._placed.pop(topic.name, None)
            if placed is not None and placed.connection is not None:
                gone.setdefault(placed.connection, []).append(topic)
        for connection, dropped in gone.items():
            self._full.discard(connection)
            connection.unsubscribe(dropped)
        self._place()

    async def close(self) -> None:
        """Close every connection."""
        if self._patience is not None:
            self._patience.cancel()
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def views(self) -> tuple[ConnectionView, ...]:
        """Return the figures of every connection."""
        load = self._load()
        return tuple(_shown(connection.view(load[connection]), task) for connection, task in self._tasks.items())

    def opened(self, connection: Connection) -> None:
        """Give the connection what waits for one."""
        if self._starting and self._patience is None:
            self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._start)
        self._place()

    def acked(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Tell the listener which topics speak."""
        for topic in topics:
            placed = self._placed.get(topic.name)
            if placed is not None and placed.connection is connection and not placed.live:
                placed.live = True
                self._listener.live(topic)

    def refused(self, connection: Connection, refusal: Refusal) -> None:
        """Give a topic up, or try another connection where this one is full."""
        placed = self._placed.get(refusal.topic.name)
        if placed is None or placed.connection is not connection:
            return
        placed.connection = None
        if refusal.full and self._load()[connection]:
            self._full.add(connection)
            self._place()
        else:
            del self._placed[refusal.topic.name]
            self._listener.refused(refusal.topic, refusal.code, refusal.why)

    def unread(self, connection: Connection, why: str) -> None:
        """Have asked for what a private frame may have said; public topics are counted, or repeat themselves."""
        for placed in list(self._placed.values()):
            if self._private and placed.connection is connection and placed.live:
                self._listener.lost(placed.topic, why)
                self._listener.live(placed.topic)

    def lost(self, connection: Connection, why: str, *, planned: bool) -> None:
        """Move the connection's topics to others, at once where one is open."""
        self._full.discard(connection)
        self._listener.down(connection.name, why, planned=planned)
        for placed in self._placed.values():
            if placed.connection is connection:
                placed.connection = None
                if placed.live:
                    placed.live = False
                    self._listener.lost(placed.topic, why)
        self._place()

    def _place(self) -> None:
        """Give every topic without a connection to the least loaded healthy one that is open and has room."""
        self._starting = self._starting and not all(connection.tried for connection in self._tasks)
        waiting = [placed for placed in self._placed.values() if placed.connection is None]
        if not waiting or self._starting:
            return
        load = self._load()
        given: dict[Connection, list[tuple[Topic, Route]]] = {}
        for placed in waiting:
            connection = self._least_loaded(load)
            if connection is None:
                break
            placed.connection = connection
            load[connection] += 1
            given.setdefault(connection, []).append((placed.topic, placed.route))
        for connection, topics in given.items():
            connection.subscribe(topics)
        if any(placed.connection is None for placed in waiting):
            self._widen()

    def _start(self) -> None:
        """Wait for no connection any longer."""
        self._starting = False
        self._place()

    def _least_loaded(self, load: Counter[Connection]) -> Connection | None:
        free = [
            connection
            for connection in self._tasks
            if connection.is_open and connection not in self._full and load[connection] < self._limits.topics
        ]
        return min(free, key=lambda connection: (not connection.healthy, load[connection]), default=None)

    def _widen(self) -> None:
        """Open one more connection where the open ones have no room; in an outage, when none is open, it is no help."""
        reachable = any(connection.is_open for connection in self._tasks)
        coming = any(not connection.tried for connection in self._tasks)
        if reachable and not coming and len(self._tasks) < self._limits.most:
            self._open()

    def _open(self) -> None:
        name = f"{self._name} {len(self._tasks) + 1}"
        connection = Connection(name, private=self._private, ports=self._ports, keeper=self)
        self._tasks[connection] = asyncio.create_task(connection.run(), name=f"feed {name}")

    def _load(self) -> Counter[Connection]:
        return Counter(placed.connection for placed in self._placed.values() if placed.connection is not None)


def _shown(view: ConnectionView, task: asyncio.Task[None]) -> ConnectionView:
    """Return `view`, dead where the task that keeps its connection up has ended: nothing opens that one again."""
    return msgspec.structs.replace(view, state=DEAD, healthy=False) if task.done() else view
