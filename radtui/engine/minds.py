"""The strategies themselves, one a symbol, and asking them: it is anybody's code, and its faults stay its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from threading import current_thread, main_thread
from typing import Final, NamedTuple

from msgspec.structs import replace

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.signal import HOLD, Signal
from radtui.resilience.clock import Clock
from radtui.resilience.redaction import redact
from radtui.strategies.base import Strategy, View
from radtui.strategies.hearing import plain, told

RECENT: Final = 500
"""Candles of each symbol that a strategy may look back on."""


class Verdict(NamedTuple):
    """What a strategy made of a candle.

    Attributes:
        fault: why that is unusable, and the signal one that holds; empty where it is not.
        took: nanoseconds.
    """

    candle: Candle
    signal: Signal
    fault: str = ""
    took: int = 0


class Rehearsal(NamedTuple):
    """What a strategy made of its history.

    Attributes:
        in_a_row: how many of the latest answers were unusable. fault: why, of the latest that was.
    """

    symbol: str
    answers: int = 0
    faults: int = 0
    in_a_row: int = 0
    fault: str = ""


class At(NamedTuple):
    """What a strategy is at: a candle of this symbol, since so many nanoseconds of the monotonic clock."""

    symbol: str
    since: int


class Minds:
    """All strategies of one bot. One thread at a time asks them; `at` may be read by any.

    Attributes:
        factory: makes them at the next `renew`.
        at: what one of them is doing now; None where none is.
    """

    def __init__(self, factory: Callable[[Instrument], Strategy], clock: Clock) -> None:
        self.factory = factory
        self._clock = clock
        self._strategies: dict[str, Strategy] = {}
        self._unmade: dict[str, str] = {}
        self.at: At | None = None

    def renew(self, instruments: Sequence[Instrument]) -> None:
        """Make a strategy for each contract, all new; one that cannot be made fails at every candle."""
        self._strategies, self._unmade = {}, {}
        for instrument in instruments:
            self.at = At(instrument.symbol, self._clock.monotonic())
            try:
                self._strategies[instrument.symbol] = self.factory(instrument)
            except BaseException as error:  # supervision point: one that cannot be made costs its signals
                self._unmade[instrument.symbol] = f"it cannot be made: {_fault(error)}"
        self.at = None

    def judge(self, candle: Candle, view: View) -> Verdict:
        """Ask about a candle that has just closed."""
        signal, fault, took = self._ask(candle, view)
        return Verdict(candle, signal, fault, took)

    def rehearse(
        self, candles: Sequence[Candle], lots: int, entry: Decimal | None, go_on: Callable[[], bool]
    ) -> Rehearsal:
        """Feed history of one symbol, oldest first, for as long as it may `go_on`; nobody acts on what is said."""
        done = Rehearsal(candles[0].symbol if candles else "")
        recent: deque[Candle] = deque(maxlen=RECENT)
        for candle in candles:
            if not go_on():
                break
            recent.append(candle)
            view = View(symbol=candle.symbol, lots=lots, entry=entry, recent=tuple(recent))
            done = _after(done, self._ask(candle, view)[1])
        return done

    def _ask(self, candle: Candle, view: View) -> tuple[Signal, str, int]:
        began = self._clock.monotonic()
        self.at = At(candle.symbol, began)
        signal, fault = HOLD, self._unmade.get(candle.symbol, "")
        try:
            if not fault:
                signal = plain(self._strategies[candle.symbol].on_candle(candle, view), candle.close)
        except BaseException as error:  # supervision point: a strategy's fault costs its signal, nothing else
            fault = _fault(error)
        self.at = None
        return withheld(f"the strategy failed: {fault}") if fault else signal, fault, self._clock.monotonic() - began


def withheld(why: str) -> Signal:
    """Return the signal of a strategy that gave none."""
    return replace(HOLD, reason=why)


def _fault(error: BaseException) -> str:
    """Return what a strategy raised, for people; whatever it is, it must not end the thread that asks the next one.

    Raises:
        KeyboardInterrupt: it is the person's, who is heard in the main thread alone.
    """
    if isinstance(error, KeyboardInterrupt) and current_thread() is main_thread():
        raise error
    return redact(told(error))


def _after(done: Rehearsal, fault: str) -> Rehearsal:
    if not fault:
        return done._replace(answers=done.answers + 1, in_a_row=0)
    return done._replace(faults=done.faults + 1, in_a_row=done.in_a_row + 1, fault=fault)
