"""The network of an explored world: requests that left arrive, whoever died meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from math import log
from typing import Final, Protocol

import msgspec

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed.socket import Socket
from radtui.exchange.kucoin.rest.transport import Request, Response, Unanswered, Unsent
from radtui.resilience.failures import Transient
from radtui.simserver.exchange import SimExchange
from radtui.simserver.explore.chances import ORDER, REQUEST, Chances
from radtui.simserver.explore.kinds import Kind
from radtui.simserver.http import Request as Asked
from radtui.simserver.http import Response as Answer
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import AnswerPlan, WireFault, WireFaults
from radtui.venue.chance import stream, uniform

TURN: Final = 1.0
"""Seconds between two looks at the world."""
_LATE: Final = (2.0, 8.0)
"""Seconds of a late request or answer: at least, and on average."""
_STORM: Final = 5
"""Requests in a row that a storm refuses."""
_JSON: Final = {"content-type": "application/json"}
_BROKEN: Final = Answer(502, b'{"code":"500000","msg":"Bad gateway"}', _JSON)
_TOO_MANY: Final = Answer(
    429,
    b'{"code":"429000","msg":"Too many requests in a short period of time, please retry later"}',
    {**_JSON, "gw-ratelimit-limit": "2000", "gw-ratelimit-remaining": "0", "gw-ratelimit-reset": "800"},
)
_STRUCK: Final = {
    Kind.LOST: AnswerPlan(times=0, lost=True),
    Kind.LOST_AFTER: AnswerPlan(lost=True),
    Kind.TWICE: AnswerPlan(times=2),
    Kind.ERROR: AnswerPlan(times=0, instead=_BROKEN),
    Kind.ERROR_AFTER: AnswerPlan(instead=_BROKEN),
    Kind.HTML: AnswerPlan(times=0, instead=Answer(200, b"<html>cloudflare</html>", {"content-type": "text/html"})),
    Kind.TORN_ANSWER: AnswerPlan(instead=Answer(200, b'{"code":"200000","data":{"orderId":"3', _JSON)),
}
_KIND_OF: Final = {fault: Kind(fault.value) for fault in WireFault if fault.value in {kind.value for kind in Kind}}


class Hands(Protocol):
    """Who takes what arrives at the exchange, and lets the world turn."""

    def arrive(self, request: Asked) -> Answer:
        """Return the exchange's answer."""
        ...

    def turn(self) -> None:
        """A second has passed."""
        ...


class ExploredFaults(WireFaults):
    """The wire's faults, drawn from the world's chances."""

    def __init__(self, chances: Chances) -> None:
        super().__init__(chances.seed)
        self._chances = chances
        self._asked = {ORDER: 0, REQUEST: 0}

    def strikes(self, seam: str, fault: WireFault, ordinal: int) -> bool:
        """Return whether a fault strikes at one place."""
        return self._chances.strikes(_KIND_OF[fault], seam, ordinal)

    def plan(self, *, changes: bool) -> AnswerPlan:
        """Return what befalls the next request: at most one fault, and its delay."""
        seam = ORDER if changes else REQUEST
        ordinal = self._asked[seam]
        self._asked[seam] += 1
        delay = self.delay(seam, ordinal)
        if self._chances.strikes(Kind.RATE_LIMIT, seam, ordinal // _STORM):
            return AnswerPlan(delay, times=0, instead=_TOO_MANY)
        for kind, struck in _STRUCK.items():
            if self._chances.strikes(kind, seam, ordinal):
                return msgspec.structs.replace(struck, delay=delay)
        if self._chances.strikes(Kind.LATE, seam, ordinal):
            return AnswerPlan(round(self._chances.length(*_LATE, f"late {seam}", ordinal) * SECOND))
        return AnswerPlan(delay)

    def delay(self, seam: str, ordinal: int) -> int:
        """Return nanoseconds of delay at one place."""
        mean = self._chances.figure(Kind.SLOW)
        if not mean:
            return 0
        return round(-mean * log(uniform(stream(self.seed, seam, Kind.SLOW), ordinal)) * 1_000_000)


class Parcel:
    """One request on its way. `answer` is None where it was struck down before the exchange, or never will be read."""

    def __init__(self, due: int, request: Asked, plan: AnswerPlan, arrived: asyncio.Future[Answer | None]) -> None:
        self.due, self.request, self.plan, self.arrived = due, request, plan, arrived


class Post:
    """What is on its way to the exchange; it outlives whoever sent it."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._under_way: list[tuple[int, int, Parcel]] = []
        self._sent = 0

    def send(self, parcel: Parcel) -> None:
        """Take a parcel."""
        self._sent += 1
        heappush(self._under_way, (parcel.due, self._sent, parcel))

    def deliver(self, until: int) -> None:
        """Bring what is due at or before `until`, in order."""
        while self._under_way and self._under_way[0][0] <= until:
            parcel = heappop(self._under_way)[2]
            answer = parcel.plan.instead
            for _ in range(parcel.plan.times):
                answered = self._hands.arrive(parcel.request)
                answer = parcel.plan.instead or answered
            if not parcel.plan.lost and not parcel.arrived.done() and not parcel.arrived.get_loop().is_closed():
                parcel.arrived.set_result(answer)

    @property
    def next_due(self) -> int | None:
        """When the next parcel arrives."""
        return self._under_way[0][0] if self._under_way else None


class Wire(Loopback):
    """The network as one life of the engine knows it.

    Attributes:
        dead: whoever used it is gone: nothing is carried any more.
    """

    def __init__(
        self, exchange: SimExchange, faults: ExploredFaults, post: Post, hands: Hands, now: Callable[[], int]
    ) -> None:
        super().__init__(exchange, turn=TURN)
        self._faults = faults
        self.dead = False
        self._post, self._hands, self._world_now = post, hands, now

    async def send(self, request: Request, deadline: float) -> Response:
        """Carry a request."""
        if self.dead or self.down:
            raise Unsent("the network is down")
        plan = self._faults.plan(changes=request.method != "GET")
        try:
            async with asyncio.timeout(deadline):
                return await self._carry(request, plan)
        except TimeoutError:
            raise Unanswered(f"no answer within {deadline:g} s") from None

    async def connect(self, url: str) -> Socket:
        """Open a connection."""
        if self.dead:
            raise Transient("No connection: the process is gone.")
        return await super().connect(url)

    def kill(self) -> None:
        """End every port of a life."""
        for socket in list(self.sockets):
            socket.cut("the process is gone")
        self.dead = True

    def _bring(self, due: int) -> None:
        if not self.dead:
            self._post.deliver(due)

    async def _move(self) -> None:
        while True:
            self._hands.turn()
            await asyncio.sleep(TURN)

    async def _carry(self, request: Request, plan: AnswerPlan) -> Response:
        loop, way = asyncio.get_running_loop(), self.trip + plan.delay / SECOND / 2
        asked = Asked(
            method=request.method,
            target=request.target,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body,
            at=self._world_now(),
        )
        due = self._world_now() + round(way * SECOND)
        parcel = Parcel(due, asked, plan, loop.create_future())
        self._post.send(parcel)
        loop.call_later(way + 1e-9, self._bring, due)
        answer = await parcel.arrived
        if answer is None:
            raise Unanswered("it was lost on its way")
        await asyncio.sleep(way)
        if self.down:
            raise Unanswered("the network went down")
        return Response(answer.status, answer.body, dict(answer.headers))
