"""One connection to the feed, kept up until cancelled: the rim round `Session`.

Each socket gets a token of its own. Whatever ends one (silence, a cut, garbage, a refused token, a fault of our own)
is told to the keeper at once, and after a backoff the next one is opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final, Protocol

import msgspec

from radtui.core.market import MINUTE, SECOND
from radtui.exchange.kucoin.feed.figures import ConnectionView, Figures
from radtui.exchange.kucoin.feed.pace import Pace
from radtui.exchange.kucoin.feed.session import Acked, Refusal, Route, Session, Terms, Ticket, Unread, Welcomed
from radtui.exchange.kucoin.feed.socket import Connector, Socket, SocketLost
from radtui.exchange.kucoin.feed.topics import Topic
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import Clock
from radtui.resilience.failures import BadCredentials, ExchangeFailure, RateLimited
from radtui.resilience.redaction import named

SETTLED: Final = MINUTE
"""A connection that lived this long was a good one: the next wait starts anew."""
_SHORTEST: Final = 1_000


class Tickets(Protocol):
    """Where tokens come from."""

    async def ticket(self, private: bool) -> Ticket:
        """Return a fresh one.

        Raises:
            ExchangeFailure: there is none to be had.
        """
        ...


class Ports(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection needs of the world.

    Attributes:
        draw: random numbers in [-1, 1], for the jitter.
        pace: of new connections; shared by all that count against one limit of the exchange.
    """

    connector: Connector
    tickets: Tickets
    clock: Clock
    draw: Callable[[], float]
    pace: Pace
    terms: Terms = Terms()
    backoff: Backoff = Backoff()


class Keeper(Protocol):
    """Whoever owns connections; told of what happens to them, at once."""

    def opened(self, connection: Connection) -> None:
        """Hear that topics may be asked for."""
        ...

    def acked(self, connection: Connection, topics: Sequence[Topic]) -> None:
        """Hear that topics are told from now on."""
        ...

    def refused(self, connection: Connection, refusal: Refusal) -> None:
        """Hear that a topic will not be told on this connection."""
        ...

    def unread(self, connection: Connection, why: str) -> None:
        """Hear that a frame could not be read: whatever the connection carries may have said something."""
        ...

    def lost(self, connection: Connection, why: str, *, planned: bool) -> None:
        """Hear that the connection is down, or could not be opened: it carries no topic any more."""
        ...


class Connection:
    """One connection; `run` keeps it up.

    Attributes:
        name: for people, for example ``public 1``.
        tried: whether its first try is over.
    """

    def __init__(self, name: str, *, private: bool, ports: Ports, keeper: Keeper) -> None:
        self.name = name
        self.tried = False
        self._private, self._ports, self._keeper = private, ports, keeper
        self._figures = Figures()
        self._session: Session | None = None
        self._socket: Socket | None = None
        self._woken = asyncio.Event()
        self._attempt = self._opened = 0
        self._waits = False

    @property
    def is_open(self) -> bool:
        """Whether topics may be asked for."""
        return self._session is not None and self._session.welcomed and not self._session.ended

    @property
    def healthy(self) -> bool:
        """Whether it did not fail three times in a row."""
        return self._figures.healthy

    def view(self, topics: int) -> ConnectionView:
        """Return its figures; whoever keeps it knows how many topics it carries."""
        state = "open" if self.is_open else "waiting" if self._waits else "connecting"
        return self._figures.view(self.name, state, topics, self._ports.clock.monotonic())

    def subscribe(self, topics: Iterable[tuple[Topic, Route]]) -> None:
        """Ask for topics; only while it is open."""
        if self._session is not None:
            self._session.subscribe(topics)
            self._woken.set()

    def unsubscribe(self, topics: Sequence[Topic]) -> None:
        """Ask for no more of these."""
        if self._session is not None:
            self._session.unsubscribe(topics)
            self._woken.set()

    async def run(self) -> None:
        """Keep the connection up until cancelled."""
        while True:
            try:
                wait = await self._once()
            finally:
                socket, self._socket = self._socket, None
                if socket is not None:
                    await socket.close()
            await self._rest(wait)

    async def _once(self) -> float:
        """Live through one socket, tell the keeper of its end, and return how long to wait for the next."""
        least = 0.0
        try:
            why, planned = await self._live(), True
        except BadCredentials as failure:  # a person must act; hammering with a bad key gets it blocked
            why, planned, least = str(failure), False, self._ports.backoff.maximum
        except RateLimited as failure:
            why, planned, least = str(failure), False, failure.retry_after
        except (SocketLost, ExchangeFailure) as failure:
            why, planned = str(failure), False
        except Exception as failure:  # supervised here: one connection's fault ends no other
            why, planned = f"it broke down ({named(failure)})", False
        if self._figures.age(self._ports.clock.monotonic()) >= SETTLED:
            self._attempt = 0
        self._down(why, planned=planned)
        return 0.0 if planned else max(least, self._next_wait())

    def _next_wait(self) -> float:
        self._attempt += 1
        return self._ports.backoff.wait(self._attempt - 1, self._ports.draw())

    async def _live(self) -> str:
        """Open one socket and converse on it to its end; returns why, and only where that end was planned."""
        await self._rest((self._claim() - self._ports.clock.monotonic()) / SECOND)
        try:
            async with asyncio.timeout(self._ports.terms.opening):
                ticket = await self._ports.tickets.ticket(self._private)
                self._socket = socket = await self._ports.connector.connect(ticket.url(self._connect_id()))
        except TimeoutError:
            raise SocketLost(f"no connection within {self._ports.terms.opening:g} s") from None
        session = Session(ticket, self._ports.clock.monotonic(), self._figures, self._ports.terms)
        self._session = session
        try:
            await self._converse(socket, session)
        finally:
            self._session = None
        return session.ended

    def _connect_id(self) -> str:
        self._opened += 1
        return f"{self.name}-{self._opened}".replace(" ", "-")

    async def _converse(self, socket: Socket, session: Session) -> None:
        both = (
            asyncio.create_task(self._read(socket, session), name=f"{self.name}, reading"),
            asyncio.create_task(self._write(socket, session), name=f"{self.name}, writing"),
        )
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        for task in done:
            task.result()

    async def _read(self, socket: Socket, session: Session) -> None:
        receive, heed, now = socket.receive, session.receive, self._ports.clock.monotonic
        while not session.ended:
            if heed(await receive(), now()):
                self._tell(session)
                self._woken.set()
        self._finish(session)

    async def _write(self, socket: Socket, session: Session) -> None:
        clock = self._ports.clock
        while not session.ended:
            self._woken.clear()
            session.tick(clock.monotonic())
            for text in session.outgoing(clock.monotonic()):
                await self._send(socket, text)
            await self._until(session.deadline(clock.monotonic()))
        self._finish(session)

    async def _send(self, socket: Socket, text: str) -> None:
        try:
            async with asyncio.timeout(self._ports.terms.sending):
                await socket.send(text)
        except TimeoutError:
            raise SocketLost("the exchange takes nothing from us any more") from None

    async def _until(self, deadline: int) -> None:
        """Wait until `deadline` or until something is to be sent."""
        left = max(deadline - self._ports.clock.monotonic(), _SHORTEST)
        with suppress(TimeoutError):
            async with asyncio.timeout(left / SECOND):
                await self._woken.wait()

    def _finish(self, session: Session) -> None:
        if not session.renewal:
            raise SocketLost(session.ended)

    def _tell(self, session: Session) -> None:
        happenings, session.happenings = session.happenings, []
        for happening in happenings:
            if isinstance(happening, Welcomed):
                self.tried = True
                self._keeper.opened(self)
            elif isinstance(happening, Acked):
                self._keeper.acked(self, happening.topics)
            elif isinstance(happening, Unread):
                self._keeper.unread(self, happening.why)
            else:
                self._keeper.refused(self, happening)

    def _down(self, why: str, *, planned: bool) -> None:
        now = self._ports.clock.monotonic()
        (self._figures.renewed if planned else self._figures.failed)(now, why)
        self.tried = True
        self._keeper.lost(self, why, planned=planned)

    def _claim(self) -> int:
        """Return when the exchange's limit admits another connection, and take that place in the row."""
        at = self._ports.pace.ready_at(self._ports.clock.monotonic())
        self._ports.pace.take(at)
        return at

    async def _rest(self, seconds: float) -> None:
        if seconds > 0:
            self._waits = True
            try:
                await asyncio.sleep(seconds)
            finally:
                self._waits = False
