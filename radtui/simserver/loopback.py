"""The simulated exchange behind the client's own ports, in memory: for tests and simulation under virtual time.

It plugs in where the network is: below the client's `Transport` and `Connector`. What goes wrong on the wire is what
`WireFaults` says, as on the port.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final, NoReturn
from urllib.parse import parse_qs, urlsplit

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed.socket import Socket, SocketLost
from radtui.exchange.kucoin.rest.transport import Request, Response, Unanswered, Unsent
from radtui.resilience.failures import Transient
from radtui.simserver.exchange import SimExchange
from radtui.simserver.http import Request as Asked
from radtui.simserver.session import Session
from radtui.simserver.wirefaults import AnswerPlan
from radtui.venue.venue import Venue

TURN: Final = 0.05
"""Seconds between two looks at the market."""
TRIP: Final = 0.004
"""Seconds to the exchange, and the same back."""
_KEPT: Final = 10_000
_IN_FLIGHT: Final = 64
"""Frames that are on their way to a reader; what more there is waits at the exchange, which drops slow readers."""


class Loopback:
    """A network with one exchange on it. Implements the client's `Transport` and `Connector`.

    Run it as a context: inside, the market moves.

    Attributes:
        down: nothing can be reached: requests are not sent, connections not opened, open ones are cut.
        trip: seconds a message takes one way.
        requests: what was asked last, in order: method and target.
    """

    def __init__(self, exchange: SimExchange, *, turn: float = TURN, trip: float = TRIP) -> None:
        self.exchange = exchange
        self.trip = trip
        self.requests: deque[tuple[str, str]] = deque(maxlen=_KEPT)
        self.sockets: list[LoopSocket] = []
        self._down = False
        self._turn = turn
        self._mover: asyncio.Task[None] | None = None

    @property
    def venue(self) -> Venue:
        """The venue behind it."""
        return self.exchange.floor.venue

    @property
    def down(self) -> bool:
        """Whether nothing can be reached."""
        return self._down

    @down.setter
    def down(self, down: bool) -> None:
        self._down = down
        if down:
            for socket in list(self.sockets):
                socket.cut("the network is down")

    async def __aenter__(self) -> Loopback:
        """Set the market going."""
        self._mover = asyncio.create_task(self._move())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop it."""
        if self._mover is not None:
            self._mover.cancel()
            with suppress(asyncio.CancelledError):
                await self._mover

    async def send(self, request: Request, deadline: float) -> Response:
        """Carry a request; see `radtui.exchange.kucoin.rest.transport.Transport`."""
        if self._down:
            raise Unsent("the network is down")
        plan = self.exchange.faults.answer()
        try:
            async with asyncio.timeout(deadline):
                return await self._carry(request, plan)
        except TimeoutError:
            raise Unanswered(f"no answer within {deadline:g} s") from None

    async def connect(self, url: str) -> Socket:
        """Open a connection; see `radtui.exchange.kucoin.feed.socket.Connector`."""
        await asyncio.sleep(2 * self.trip)
        if self._down:
            raise Transient("No connection to the feed: the network is down. It is tried again.")
        query = parse_qs(urlsplit(url).query)
        token, connect_id = (query.get(name, [""])[0] for name in ("token", "connectId"))
        return LoopSocket(self, self.exchange.connect(token, connect_id))

    async def close(self) -> None:
        """There is nothing to let go."""

    async def _move(self) -> None:
        while True:
            self.exchange.look()
            await asyncio.sleep(self._turn)

    async def _carry(self, request: Request, plan: AnswerPlan) -> Response:
        slow = plan.delay / SECOND / 2
        await asyncio.sleep(self.trip + slow)
        self.requests.append((request.method, request.target))
        answer = plan.instead
        for _ in range(plan.times):
            answered = self.exchange.handle(_asked(request, self.exchange.now()))
            answer = plan.instead or answered
        if plan.lost or answer is None:
            await _never()
        await asyncio.sleep(self.trip + slow)
        if self._down:
            raise Unanswered("the network went down")
        return Response(answer.status, answer.body, dict(answer.headers))


class LoopSocket:
    """The client's end of one connection. Implements `radtui.exchange.kucoin.feed.socket.Socket`."""

    def __init__(self, network: Loopback, session: Session) -> None:
        self._network = network
        self._session = session
        self._faults = network.exchange.faults.socket()
        self._arrived: deque[tuple[float, str]] = deque()
        self._ended: str | None = None
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        network.sockets.append(self)
        session.woken = self._news.set

    @property
    def silent(self) -> bool:
        """Whether it has fallen silent for good, and stays open."""
        return self._faults.silent

    async def send(self, text: str) -> None:
        """Send one text frame."""
        await asyncio.sleep(self._network.trip)
        if self._ended is not None:
            raise SocketLost(self._ended)
        if not self._faults.silent:
            self._session.receive(text, self._network.exchange.now())

    async def receive(self) -> bytes:
        """Return the next frame."""
        while True:
            self._news.clear()
            self._pull()
            if self._arrived:
                await self._until(self._arrived[0][0])
                if self._arrived:
                    return self._arrived.popleft()[1].encode()
            elif self._ended is not None:
                raise SocketLost(self._ended)
            else:
                await self._news.wait()

    async def close(self) -> None:
        """Close it."""
        self.cut("we closed the connection")

    def cut(self, why: str) -> None:
        """End it without a word to the other side."""
        if self._ended is None:
            self._ended = why
            self._network.sockets.remove(self)
            self._network.exchange.sessions.closed(self._session)
            self._news.set()

    def _pull(self) -> None:
        """Take what the exchange has said onto its way."""
        if self._ended is not None or len(self._arrived) >= _IN_FLIGHT:
            return
        due = self._loop.time() + self._network.trip + self._faults.delay() / SECOND
        if self._arrived:
            due = max(due, self._arrived[-1][0])
        closing = self._session.closing
        self._arrived.extend((due, frame) for frame in self._faults.through(self._session.take()))
        if self._faults.cut:
            self.cut("the connection broke without a word")
        elif closing is not None and not self._faults.silent:
            self.cut(f"the exchange closed the connection ({closing.code} {closing.why})")

    async def _until(self, due: float) -> None:
        late = due - self._loop.time()
        if late > 0:
            await asyncio.sleep(late)


async def _never() -> NoReturn:
    """Wait for an answer that does not come: whoever waits gives up."""
    await asyncio.Event().wait()
    raise Unanswered("nobody answers")


def _asked(request: Request, at: int) -> Asked:
    return Asked(
        method=request.method,
        target=request.target,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
        at=at,
    )
