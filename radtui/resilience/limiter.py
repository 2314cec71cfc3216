"""The rate limiter of one pool (row E4): driven by the server, in three lanes, with a reserve.

Cancels, closes and status reads go by the essential lane: it goes first, and the reserve is its alone, so that nothing
that waits in the normal lane, however heavy, holds it up. Within a lane it is first come, first served. pyrate-limiter
decides what fits, one bucket a lane over the same charges; its own waiting holds a lock that a heavy call would keep
from all others, so the waiting is ours.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from enum import Enum
from typing import Final

import msgspec
from pyrate_limiter import Rate, RateItem, StateBucket

from radtui.core.market import SECOND
from radtui.resilience.clock import Clock
from radtui.resilience.permit import READING, Permit
from radtui.resilience.server_window import Charges, FitsIn

_MILLISECOND: Final = SECOND // 1000
_SHORTEST: Final = 1e-6
"""Seconds of the shortest timer: less may be nothing at all to a loop that counts float seconds."""
GRACE: Final = 5.0
"""Seconds after which a given-up request arrives in vain: the exchange refuses an older timestamp."""


class Lane(Enum):
    """Who may use what of the pool."""

    NORMAL = "normal"
    ESSENTIAL = "essential"
    """Cancels, closes and the reads that resolve an order, a stop or a flatten."""
    PATIENT = "patient"
    """Whoever is in no hurry: it goes after all others, and leaves them a tenth of what they share."""


class RateView(msgspec.Struct, frozen=True, kw_only=True):
    """A pool for the screen, in weight.

    Attributes:
        remaining: what is free, the reserve included.
        reset_at: when the server's window ends, wall clock in nanoseconds UTC; None while no answer has told.
        waiting: calls in line.
        reserve: the part of the limit that only the essential lane may use.
    """

    pool: str
    limit: int
    remaining: int
    reset_at: int | None
    waiting: int
    reserve: int


class _Lane:
    """One lane: what may be charged in it, and who waits."""

    __slots__ = ("bucket", "rate", "waiting")

    def __init__(self, limit: int, charges: Charges) -> None:
        self.rate = Rate(limit, charges.window // _MILLISECOND)
        self.bucket = StateBucket([self.rate], algorithm=FitsIn(), store=charges)
        self.waiting: OrderedDict[asyncio.Future[Permit], int] = OrderedDict()

    def charge(self, weight: int, now: int) -> bool:
        return self.bucket.put(RateItem("", now, weight)) is True


class Limiter:
    """Keeps the requests of one pool within what the server counts. For one event loop.

    Args:
        pool: its name for people, for example ``futures``.
        limit: weight in a window, until an answer says otherwise.
        window: seconds.
        reserve: the share of the limit that only the essential lane may use.
    """

    def __init__(
        self, pool: str, clock: Clock, *, limit: int = 2000, window: float = 30.0, reserve: float = 0.1
    ) -> None:
        if limit < 1 or window <= 0 or not 0 <= reserve < 1:
            raise ValueError(f"a pool needs a limit, a window and a share, not {limit}, {window} and {reserve}")
        self.pool = pool
        self._clock, self._share, self._limit = clock, reserve, limit
        self._charges = Charges(round(window * SECOND), round(GRACE * SECOND))
        self._essential = _Lane(limit, self._charges)
        self._normal = _Lane(limit - int(limit * reserve), self._charges)
        self._patient = _Lane(_left(self._normal.rate.limit), self._charges)
        self._by_name = {Lane.ESSENTIAL: self._essential, Lane.NORMAL: self._normal, Lane.PATIENT: self._patient}
        self._blocked_until = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0

    def view(self) -> RateView:
        """Return its figures for the screen."""
        now = self._clock.monotonic()
        self._charges.expire(now)
        ends = self._charges.ends(now)
        return RateView(
            pool=self.pool,
            limit=self._limit,
            remaining=max(0, self._limit - self._charges.total),
            reset_at=None if ends is None else self._clock.now() + ends - now,
            waiting=sum(len(lane.waiting) for lane in self._lanes),
            reserve=self._limit - self._normal.rate.limit,
        )

    def take(self, weight: int, lane: Lane = Lane.NORMAL) -> Permit | None:
        """Return leave to send at once, or None where the call must wait its turn.

        Raises:
            ValueError: so much can never be sent in this lane.
        """
        taking, now = self._lane(lane), self._clock.monotonic()
        if not 0 <= weight <= taking.rate.limit:
            raise ValueError(_never(self.pool, weight, taking.rate.limit))
        if taking.waiting or not self._may_go(taking, now):
            return None
        return Permit(self, weight) if taking.charge(weight, now) else None

    async def acquire(self, weight: int, lane: Lane = Lane.NORMAL) -> Permit:
        """Return leave to send, when it is this call's turn. Cancelled, it takes nothing.

        The permit must be used as a context around the sending, or given back.

        Raises:
            ValueError: so much can never be sent in this lane, or no longer, since the exchange lowered the limit.
        """
        return self.take(weight, lane) or await self._wait(weight, self._lane(lane))

    def give_back(self, permit: Permit) -> None:
        """Take back a permit with which nothing was sent."""
        if permit.belongs_to(self):
            self._charges.unsent(permit.settle())
            self._serve()

    def ended(self, permit: Permit, *, was_answered: bool) -> None:
        """Note that a request is over without an answer that `saw` was told of; the permit's context does it."""
        now = self._clock.monotonic()
        settle = self._charges.answered if was_answered else self._charges.abandoned
        settle(permit.settle(), now)
        self._arm(now)

    def saw(self, limit: int, remaining: int, reset_ms: int) -> None:
        """Follow the headers ``gw-ratelimit-limit``, ``-remaining`` and ``-reset`` of an answer.

        Called while the permit's context is open, they settle that permit. Headers that make no sense are passed over.
        """
        if limit < 1:
            return
        permit, now = READING.get(), self._clock.monotonic()
        weight = permit.settle() if permit is not None and permit.belongs_to(self) else 0
        self._follow(limit)
        left = min(max(reset_ms, 0) * _MILLISECOND, self._charges.window)
        self._charges.told(weight, limit, min(max(remaining, 0), limit), now + left + _MILLISECOND, now)
        self._serve()

    def blocked(self, seconds: float) -> None:
        """Hold the normal lane back for so long, after a refusal for too many requests.

        The essential lane may go on: where the pool is empty the headers have said so, and where the exchange was
        merely overloaded a cancel is worth the try.
        """
        now = self._clock.monotonic()
        self._blocked_until = max(self._blocked_until, now + round(max(seconds, 0.0) * SECOND))
        self._arm(now)

    def _lane(self, lane: Lane) -> _Lane:
        return self._by_name[lane]

    @property
    def _lanes(self) -> tuple[_Lane, _Lane, _Lane]:
        """All lanes, the first to go first."""
        return self._essential, self._normal, self._patient

    def _may_go(self, lane: _Lane, now: int) -> bool:
        """Return whether it is a lane's turn: nobody waits in one before it, and no refusal holds it back."""
        if lane is self._essential:
            return True
        ahead = self._essential.waiting or (lane is self._patient and self._normal.waiting)
        return now >= self._blocked_until and not ahead

    def _follow(self, limit: int) -> None:
        if limit != self._limit:
            self._limit = self._essential.rate.limit = limit
            self._normal.rate.limit = limit - int(limit * self._share)
            self._patient.rate.limit = _left(self._normal.rate.limit)

    async def _wait(self, weight: int, lane: _Lane) -> Permit:
        turn: asyncio.Future[Permit] = asyncio.get_running_loop().create_future()
        lane.waiting[turn] = weight
        self._arm(self._clock.monotonic())
        try:
            return await turn
        except asyncio.CancelledError:
            lane.waiting.pop(turn, None)
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.give_back(turn.result())  # the turn came together with the cancellation
            self._serve()  # it may have stood before others that fit
            raise

    def _serve(self) -> None:
        """Let go who may go now."""
        if self._somebody_waits or self._timer is not None:
            now = self._clock.monotonic()
            for lane in self._lanes:
                if self._may_go(lane, now):
                    self._pass(lane, now)
            self._arm(now)

    def _pass(self, lane: _Lane, now: int) -> None:
        while lane.waiting:
            turn, weight = next(iter(lane.waiting.items()))
            if turn.done():
                pass  # cancelled, and about to leave the line
            elif weight > lane.rate.limit:
                turn.set_exception(ValueError(_never(self.pool, weight, lane.rate.limit)))
            elif lane.charge(weight, now):
                turn.set_result(Permit(self, weight))
            else:
                return
            del lane.waiting[turn]

    def _arm(self, now: int) -> None:
        """Have the line looked at when something is freed by itself; other events look at it themselves."""
        at = self._next_look(now) if self._somebody_waits else None
        if self._timer is not None:
            if at == self._timer_at:
                return
            self._timer.cancel()
            self._timer = None
        if at is not None:
            self._timer_at = at
            wait = max((at - now) / SECOND, _SHORTEST)
            self._timer = asyncio.get_running_loop().call_later(wait, self._look)

    def _next_look(self, now: int) -> int | None:
        self._charges.expire(now)
        times = [self._charges.next_expiry()]
        if self._blocked_until > now and (self._normal.waiting or self._patient.waiting):
            times.append(self._blocked_until)
        return min((at for at in times if at is not None), default=None)

    @property
    def _somebody_waits(self) -> bool:
        return bool(self._essential.waiting or self._normal.waiting or self._patient.waiting)

    def _look(self) -> None:
        self._timer = None
        self._serve()


def _left(normal: int) -> int:
    """Return what the patient lane may use of the normal lane's part."""
    return normal - normal // 10


def _never(pool: str, weight: int, limit: int) -> str:
    return f"a call of weight {weight} never fits into the {pool} pool: {limit} is the most for its lane"
