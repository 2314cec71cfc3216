"""Where the venue's prices come from: a seeded model or recorded candles, one step at a time."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Protocol

from radtui.core.instrument import Instrument
from radtui.core.market import Candle


class Market(Protocol):
    """A deterministic stream of bars, all symbols in step. Pure: it moves only when it is told to."""

    source: str
    """Names the stream, for example ``seed:7``: a saved venue continues only on the stream it was saved from."""

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The contracts, in the order of the bars of a step."""
        ...

    @property
    def now(self) -> int:
        """Market clock, nanoseconds UTC: the end of the last step."""
        ...

    @property
    def step_span(self) -> int:
        """Nanoseconds of one step."""
        ...

    @property
    def ended(self) -> bool:
        """Whether there are no more steps (recorded candles run out; a model never does)."""
        ...

    def warm(self, span: int, count: int) -> Sequence[Candle]:
        """Return bars of before the first step, oldest first, all symbols: enough for `count` candles of `span` ns.

        Their own span divides `span`, and they end where the first step begins, so that folding them leaves a candle
        that is still open where the first step falls inside one. Recorded candles may hold fewer.
        """
        ...

    def warm_all(self, spans: Sequence[int], count: int) -> Sequence[Candle]:
        """Return bars of before the first step, oldest first, all symbols: enough for `count` candles of each span.

        They are one past, so that candles of different spans agree: a candle's are those whose span divides its own.
        """
        ...

    def step(self) -> Sequence[Candle]:
        """Advance by one step and return one bar of `step_span` for each symbol, on its tick."""
        ...

    def pack(self) -> bytes:
        """Return the position in the stream, for `restore`."""
        ...

    def restore(self, state: bytes) -> None:
        """Continue from a packed position."""
        ...


def nested_widths(now: int, spans: Sequence[int], count: int) -> list[int]:
    """Return the widths of bars before `now`, the latest first, that hold `count` candles of each span.

    A width grows to the next span once there are candles enough of the one before, where it divides all that are
    longer; it only grows at a multiple of what it grows to.
    """
    spans = sorted(set(spans))
    fine = gcd(*spans, now)
    steps = [span for n, span in enumerate(spans) if all(longer % span == 0 for longer in spans[n:])]
    widths, at = [], now
    for n, span in enumerate(spans):
        edge = now - now % span - count * span
        width = max([step for step in steps if step <= span and at % step == 0], default=fine)
        coarser = next((step for step in steps if step > span), width)
        while at > edge or at % (coarser if n + 1 < len(spans) else width):
            width = max([step for step in steps if step <= span and at % step == 0], default=fine)
            widths.append(width)
            at -= width
    return widths
