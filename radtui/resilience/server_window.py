"""What a pool of the exchange's budget has been charged: the server's fixed window, seen from here.

The server counts 30 s from the first request it receives, and tells in each answer when that window ends and what is
left. Neither the moment a request arrives nor the window it falls into is known before its answer. So a request is
charged from the moment it is sent

- to the end of the window its own answer names, or
- where the answer names none, to one window after the answer: no window it fell into can last longer, or
- where no answer came, to one window after it was given up, and a grace for its late arrival.

Whatever two requests fall into one window of the server, there is then a moment, that of the later one's sending, at
which both are charged; so charges within the limit are requests within the limit, wherever the windows begin.
What other programs use on the same key shows in the answers as a higher use than ours, and is charged as well.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Final

from pyrate_limiter import Decision, Rate, StateAlgorithm, StateStore

_FITS: Final = Decision()
_MILLISECOND: Final = 1_000_000
_LONG_AGO: Final = -(10**30)

State = tuple[float, ...]


class FitsIn(StateAlgorithm):
    """Admits what fits beside what is charged. The state is ``(charged,)``, a whole number."""

    def initial(self, rates: list[Rate]) -> State:
        """Return the state of a pool that was never used."""
        return (0,)

    def step(self, rates: list[Rate], state: State, now: int, weight: int) -> tuple[State, Decision]:
        """Charge `weight` if it fits. How long it would have to wait is not known here: answers decide it."""
        if state[0] + weight > rates[0].limit:
            return state, Decision(failing_rate=rates[0])
        return (state[0] + weight,), _FITS


class Charges(StateStore):
    """The charges of one pool, in weight; times are monotonic nanoseconds.

    Args:
        window: nanoseconds of the server's window.
        grace: nanoseconds after which a request that was given up no longer arrives.
    """

    def __init__(self, window: int, grace: int) -> None:
        self.window, self._grace = window, grace
        self.total = 0
        self._counted = 0
        """What the server has counted in the window that ends at `_ends`: ours by answers, and what others used."""
        self._ends = _LONG_AGO
        self._lingering: list[tuple[int, int]] = []

    def check(self, algorithm: StateAlgorithm, rates: list[Rate], now: int, weight: int) -> Decision:
        """Charge `weight` if it fits; see `StateStore`."""
        self.expire(now)
        state, decision = algorithm.step(rates, (self.total,), now, weight)
        self.total = int(state[0])
        return decision

    def read(self, algorithm: StateAlgorithm, rates: list[Rate]) -> State:
        """Return the state; see `StateStore`."""
        return (self.total,)

    def reset(self) -> None:
        """Forget everything."""
        self.total = self._counted = 0
        self._ends = _LONG_AGO
        self._lingering.clear()

    def expire(self, now: int) -> None:
        """Free what no window of the server holds any more."""
        if self._counted and now >= self._ends:
            self.total -= self._counted
            self._counted = 0
        while self._lingering and self._lingering[0][0] <= now:
            self.total -= heappop(self._lingering)[1]

    def next_expiry(self) -> int | None:
        """Return when something is freed by itself."""
        times = [self._ends] if self._counted else []
        if self._lingering:
            times.append(self._lingering[0][0])
        return min(times, default=None)

    def ends(self, now: int) -> int | None:
        """Return when the server's present window ends, where an answer told."""
        return self._ends if self._ends > now else None

    def unsent(self, weight: int) -> None:
        """Take back the charge of a request that never left."""
        self.total -= weight

    def answered(self, weight: int, now: int) -> None:
        """Note an answer that named no window."""
        self._linger(weight, now + self.window + _MILLISECOND)

    def abandoned(self, weight: int, now: int) -> None:
        """Note a request that was given up without an answer."""
        self._linger(weight, now + self.window + self._grace)

    def told(self, weight: int, limit: int, remaining: int, ends: int, now: int) -> None:
        """Note an answer that named its window.

        Args:
            weight: of the request that is answered, charged until now as under way; 0 for none of ours.
            limit, remaining: the pool's, as the answer has them.
            ends: when the window ends at the latest. Two windows end a whole window apart, and what two answers say of
                one differs by how long they travelled: half a window tells the two cases apart.
        """
        self.expire(now)
        half = self.window // 2
        if ends > self._ends + half:
            self.total -= self._counted
            self._counted, self._ends = 0, ends
        elif ends < self._ends - half or now >= self._ends:
            self.total -= weight  # an old window's answer, late: it says nothing of the present one
            return
        self._ends = min(self._ends, ends)
        others = max(0, limit - remaining - self.total)
        self._counted += weight + others
        self.total += others

    def _linger(self, weight: int, until: int) -> None:
        heappush(self._lingering, (until, weight))
