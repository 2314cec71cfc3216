"""Asking the strategies about every closed candle, in order, and waiting for none of them (row W2).

On the wall clock they run in a thread of their own, one a bot: one that does not come back costs its bot's signals, and
neither the loop nor protection nor another bot. Whatever was asked then holds, nothing more is asked until it is back,
and then all of them are made anew and fed from history, for they missed candles.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from radtui.core.events import SignalGiven
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND, Candle
from radtui.core.positions import Positions
from radtui.core.signal import Signal
from radtui.core.strategy_view import StrategyView
from radtui.engine.apart import Inline, Runner
from radtui.engine.minds import RECENT, At, Minds, Rehearsal, Verdict, withheld
from radtui.engine.track_record import TrackRecord
from radtui.resilience.clock import Clock
from radtui.strategies.base import Strategy, View

T = TypeVar("T")
DEADLINE: Final = 5.0
"""Seconds for one candle: ours take 20 µs, and what is said later is about a price that has moved on."""
_BEHIND: Final = 20
"""Unanswered candles of one symbol from which on its strategy is taken not to keep up."""
_STRATEGY: Final = "strategy"


class Signals:
    """The strategies of one bot, the candles they have seen, and what they said.

    Args:
        alarm: told where, and what is wrong.
        every: wall seconds between two candles of one symbol.
        awake: called when a signal waits.
        timed: told the nanoseconds of each candle, and whether it failed.
        deadline: seconds for one candle.
    """

    def __init__(
        self,
        factory: Callable[[Instrument], Strategy],
        positions: Positions,
        alarm: Callable[[str, str], None],
        *,
        clock: Clock,
        runner: Runner | None = None,
        every: float = 0.0,
        awake: Callable[[], None] = lambda: None,
        timed: Callable[[int, bool], None] = lambda took, failed: None,
        deadline: float = DEADLINE,
    ) -> None:
        self._minds, self._runner = Minds(factory, clock), runner or Inline()
        self._positions, self._alarm, self._clock = positions, alarm, clock
        self._awake, self._timed, self._deadline = awake, timed, deadline
        self._record = TrackRecord(every)
        self._instruments: tuple[Instrument, ...] = ()
        self._recent: dict[str, deque[Candle]] = {}
        self._due: list[tuple[Candle, Signal]] = []
        self._asked: list[Candle] = []
        self._doing = 0
        self._generation = 0
        self._stuck: At | None = None
        self._watch: asyncio.TimerHandle | None = None

    @property
    def view(self) -> StrategyView:
        """How they fare."""
        stuck = self._stuck
        seconds = (self._clock.monotonic() - stuck.since) // SECOND if stuck else 0
        return self._record.view(seconds, stuck.symbol if stuck else "")

    @property
    def waiting(self) -> bool:
        """Whether something was said that no cycle has taken up yet."""
        return bool(self._due)

    def equip(self, instruments: Sequence[Instrument]) -> None:
        """Make a strategy for each contract, all new: they are fed from history again."""
        self._instruments = tuple(instruments)
        self._recent = {instrument.symbol: deque(maxlen=RECENT) for instrument in instruments}
        self._renew()

    def follow(self, factory: Callable[[Instrument], Strategy]) -> None:
        """Have them made anew by `factory`; they are fed the candles that are kept, and then go on."""
        self._minds.factory = factory
        if self._stuck is None:
            self._begin_anew()

    def warm(self, candles: Sequence[Candle]) -> None:
        """Feed history of one symbol, oldest first; what is said about the past is not acted on."""
        if candles:
            self._recent[candles[0].symbol].extend(candles)
            self._rehearse(tuple(candles))

    def closed(self, candle: Candle) -> None:
        """Ask about a candle that has just closed; what is said waits for the cycle."""
        if not self._newer(candle):
            return
        self._recent[candle.symbol].append(candle)
        if self._stuck is not None:
            self._withhold([candle], f"the strategy has not come back from a candle of {self._stuck.symbol}")
            return
        if Counter(each.symbol for each in self._asked)[candle.symbol] >= _BEHIND:
            self._asked.append(candle)
            now = At(candle.symbol, self._clock.monotonic())
            self._give_up(self._minds.at or now, f"does not keep up: {_BEHIND} candles wait for it")
            return
        self._ask(candle)

    def due(self, at: int) -> list[SignalGiven]:
        """Take what the strategies said since the last call."""
        due, self._due = self._due, []
        return [
            SignalGiven(at, candle.symbol, signal, candle.close, candle.closed_at, self._newest(candle))
            for candle, signal in due
        ]

    def close(self) -> None:
        """Ask nothing more, and wait for nobody."""
        self._generation += 1
        self._stuck = None
        self._runner.close()
        if self._watch is not None:
            self._watch.cancel()

    def _ask(self, candle: Candle) -> None:
        self._asked.append(candle)
        held = self._positions.open.get(candle.symbol)
        view = View(
            symbol=candle.symbol,
            lots=held.lots if held else 0,
            entry=held.holding.entry(held.instrument) if held else None,
            recent=tuple(self._recent[candle.symbol]),
        )
        self._do(partial(self._minds.judge, candle, view), self._judged)

    def _judged(self, verdict: Verdict) -> None:
        self._asked.remove(verdict.candle)
        self._timed(verdict.took, bool(verdict.fault))
        self._record.judged(verdict.candle.symbol, verdict.fault, self._clock.now())
        if verdict.fault:
            self._alarm(_STRATEGY, f"{verdict.candle.symbol}: {verdict.fault}")
        self._due.append((verdict.candle, verdict.signal))
        self._awake()

    def _renew(self) -> None:
        """Have them made anew; what the old ones were asked is answered for them."""
        self._generation += 1
        self._withhold(self._asked, "the strategies are made anew")
        self._record.begin(self._clock.now())
        self._do(partial(self._minds.renew, self._instruments), lambda _: None)

    def _rehearse(self, candles: tuple[Candle, ...]) -> None:
        held, asked_in = self._positions.open.get(candles[0].symbol), self._generation
        lots, entry = (held.lots, held.holding.entry(held.instrument)) if held else (0, None)
        work = partial(self._minds.rehearse, candles, lots, entry, lambda: self._generation == asked_in)
        self._do(work, self._rehearsed)

    def _rehearsed(self, done: Rehearsal) -> None:
        self._record.rehearsed(done)
        if done.faults:
            of = f"{done.faults} of {done.answers + done.faults} candles of its history"
            self._alarm(_STRATEGY, f"{done.symbol}: {done.fault} (at {of})")

    def _do(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Have `work` done unless it is out of date by then, and look after it."""
        if self._stuck is not None:
            return
        asked_in = self._generation

        def in_time() -> tuple[T] | None:
            return (work(),) if self._generation == asked_in else None

        def hear(done: tuple[T] | None) -> None:
            self._doing -= 1
            if done is not None and self._generation == asked_in:
                then(done[0])
            elif self._stuck is not None and self._minds.at is None:
                self._come_back(self._stuck)

        self._doing += 1
        self._runner.do(in_time, hear)
        if self._runner.apart and self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(self._deadline, self._look)

    def _look(self) -> None:
        """See whether one has been at a candle for too long; as long as anything is being done."""
        self._watch, at = None, self._minds.at
        if not self._doing or self._stuck is not None:
            return
        left = self._deadline - (0 if at is None else self._clock.monotonic() - at.since) / SECOND
        if at is not None and left <= 0:
            self._give_up(at, f"has not come back from a candle within {self._deadline:g} s")
        else:
            self._watch = asyncio.get_running_loop().call_later(left, self._look)

    def _give_up(self, at: At, why: str) -> None:
        self._generation += 1
        self._stuck = at
        self._record.overdue(at.symbol, f"it {why}")
        self._alarm(_STRATEGY, f"{at.symbol}: the strategy {why}; none of this bot is asked until it has")
        self._withhold(self._asked, f"the strategy of {at.symbol} {why}")

    def _come_back(self, from_: At) -> None:
        """All have missed candles: they start again from history."""
        self._stuck = None
        seconds = (self._clock.monotonic() - from_.since) / SECOND
        self._alarm(_STRATEGY, f"{from_.symbol}: the strategy came back after {seconds:.0f} s; all are made anew")
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._renew()
        for recent in self._recent.values():
            if recent:
                self._rehearse(tuple(recent))

    def _withhold(self, candles: Sequence[Candle], why: str) -> None:
        """Hold at these candles: a bot's cycles go on."""
        self._due += [(candle, withheld(why)) for candle in candles]
        self._asked = [candle for candle in self._asked if candle not in candles]
        if candles:
            self._awake()

    def _newest(self, candle: Candle) -> int:
        """Return when the newest candle of the same symbol closed."""
        recent = self._recent.get(candle.symbol)
        return recent[-1].closed_at if recent else candle.closed_at

    def _newer(self, candle: Candle) -> bool:
        recent = self._recent.get(candle.symbol)
        return recent is not None and (not recent or candle.opened_at > recent[-1].opened_at)
