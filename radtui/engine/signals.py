"""Running the strategies: one a symbol, fed every closed candle in order. Their faults stay theirs (row W2)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from radtui.core.events import SignalGiven
from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.positions import Positions
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import Strategy, View

_RECENT: Final = 500


class Signals:
    """The strategies of one bot and the candles they have seen.

    Attributes:
        faults: how often one of them failed.
    """

    def __init__(
        self, factory: Callable[[Instrument], Strategy], positions: Positions, alarm: Callable[[str, str], None]
    ) -> None:
        self._factory = factory
        self._positions = positions
        self._alarm = alarm
        self._strategies: dict[str, Strategy] = {}
        self._recent: dict[str, deque[Candle]] = {}
        self._due: list[tuple[Candle, Signal]] = []
        self.faults = 0

    def equip(self, instruments: Sequence[Instrument]) -> None:
        """Make a strategy for each contract, all new: they are fed from history again."""
        self._strategies = {instrument.symbol: self._factory(instrument) for instrument in instruments}
        self._recent = {instrument.symbol: deque(maxlen=_RECENT) for instrument in instruments}

    def warm(self, candles: Sequence[Candle]) -> None:
        """Feed history of one symbol, oldest first; what is said about the past is not acted on."""
        for candle in candles:
            self._ask(candle)

    def closed(self, candle: Candle) -> None:
        """Feed a candle that has just closed; what is said waits for the cycle."""
        if not self._newer(candle):
            return
        signal = self._ask(candle)
        self._due.append((candle, signal))

    def due(self, at: int) -> list[SignalGiven]:
        """Take what the strategies said since the last call."""
        due, self._due = self._due, []
        return [
            SignalGiven(at, candle.symbol, signal, candle.close, candle.closed_at, self._newest(candle))
            for candle, signal in due
        ]

    @property
    def waiting(self) -> bool:
        """Whether a candle closed that no cycle has taken up yet."""
        return bool(self._due)

    def _newest(self, candle: Candle) -> int:
        """Return when the newest candle of the same symbol closed."""
        recent = self._recent.get(candle.symbol)
        return recent[-1].closed_at if recent else candle.closed_at

    def _newer(self, candle: Candle) -> bool:
        recent = self._recent.get(candle.symbol)
        return recent is not None and (not recent or candle.opened_at > recent[-1].opened_at)

    def _ask(self, candle: Candle) -> Signal:
        symbol = candle.symbol
        self._recent[symbol].append(candle)
        held = self._positions.open.get(symbol)
        view = View(
            symbol=symbol,
            lots=held.lots if held else 0,
            entry=held.holding.entry(held.instrument) if held else None,
            recent=tuple(self._recent[symbol]),
        )
        try:
            return _usable(self._strategies[symbol].on_candle(candle, view))
        except Exception as error:  # supervision point: a strategy's fault costs its signal, nothing else
            self.faults += 1
            self._alarm("strategy", f"{symbol}: {type(error).__name__}: {error}")
            return HOLD


def _usable(signal: object) -> Signal:
    """Return what a strategy said, checked: it may be anybody's code."""
    if not isinstance(signal, Signal):
        raise TypeError(f"a strategy returns a Signal, not {type(signal).__name__}")
    if fault := signal.fault():
        raise ValueError(f"unusable signal: {fault}")
    return signal
