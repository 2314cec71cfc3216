"""How the strategies of a bot fare: whether they answer, and which of them fail (row W2)."""

from __future__ import annotations

import msgspec


class StrategyFault(msgspec.Struct, frozen=True, kw_only=True):
    """The strategy of one symbol, whose latest answers came to nothing.

    Attributes:
        in_a_row: candles without a usable answer, up to the latest. why: what was wrong with the latest.
    """

    symbol: str
    in_a_row: int
    why: str


class StrategyView(msgspec.Struct, frozen=True, kw_only=True):
    """All of them.

    Attributes:
        answers, faults: usable answers and others, since the start, history included.
        failing: those that fail now, the longest first.
        answered_at: wall clock of the latest usable answer to a candle that had just closed; None before the first.
        since: wall clock of when they were last made anew and began to wait for such a candle; None before.
        every: wall seconds between two candles of one symbol.
        hangs: whole seconds for which one has been at a candle beyond its deadline; 0 where none is.
        hanging: its symbol.
    """

    answers: int = 0
    faults: int = 0
    failing: tuple[StrategyFault, ...] = ()
    answered_at: int | None = None
    since: int | None = None
    every: float = 0.0
    hangs: int = 0
    hanging: str = ""
