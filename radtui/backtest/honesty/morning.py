"""How the bot stood before a day, so that the replay of the day begins as it did: its money, breakers and counts.

A replay cannot take over an open position with its stop, but what a flat bot is made of is little. So it begins at the
last decision before the day's first one at which the bot was flat, be it on the evening before.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from radtui.core.core import Core
from radtui.core.events import Restored, SignalGiven
from radtui.core.market import DAY
from radtui.core.memory import Memory, pack
from radtui.resilience.redaction import named
from radtui.store.checkpoint import NoCheckpoint, restore
from radtui.store.recording import Segment, opened


class CoreBreaks(Exception):
    """Core as it is now cannot take what was recorded; the message says on what it breaks."""


class Morning(msgspec.Struct, frozen=True):
    """A flat bot before a decision.

    Attributes:
        closed_at: close of the candle of that decision, market clock. equity: that it had, USDT.
        past: what it remembered, as a start is told.
    """

    closed_at: int
    equity: Decimal
    past: Restored


def morning(paths: Sequence[Path], symbol: str, first: int) -> Morning | None:
    """Return how the bot stood at its last flat decision on a symbol's candles that closed at `first` or before.

    Args:
        paths: segments of one start of the bot, oldest first.

    Returns:
        None where it held that symbol all the day before, or core as it is now cannot take the recording up.

    Raises:
        NotARecording: one cannot be read.
        CoreBreaks: core was changed since.
    """
    for path in reversed(paths):
        segment = opened(path)
        core = _core(segment)
        found = None if core is None else _latest(core, segment, symbol, first)
        if found is not None or core is None or 0 < core.desk.market_at < first - DAY:
            return found
    return None


def _core(segment: Segment) -> Core | None:
    """Return core as it was before a segment; None where that is not known."""
    core = Core(segment.head.config)
    if not segment.head.alone:
        return None
    try:
        if segment.head.state:
            restore(core, segment.head.state)
    except NoCheckpoint:
        return None
    return core


def _latest(core: Core, segment: Segment, symbol: str, first: int) -> Morning | None:
    found = None
    for record in segment.records():
        event = record.event
        if isinstance(event, SignalGiven) and event.symbol == symbol:
            if event.closed_at > first:
                break
            found = _flat(core, symbol, event.closed_at) or found
        try:
            core.handle(event)
        except Exception as error:  # supervision point: core was changed since, and breaks on what it once took
            raise CoreBreaks(f"core as it is now breaks on what the bot was told then: {named(error)}") from error
    return found


def _flat(core: Core, symbol: str, closed_at: int) -> Morning | None:
    """Return how core stands before it is told of a candle; None while the symbol is held or an order on its way."""
    trading = core.trading
    sums = trading.purse.sums
    if symbol in trading.positions.open or trading.orders.live(symbol=symbol) or sums.wallet is None:
        return None
    memory = Memory(sums=sums, breakers=trading.breakers.kept, window=trading.window.kept)
    past = Restored(closed_at, memory=pack(memory), equity=tuple(trading.purse.curve), hours=tuple(trading.purse.hours))
    return Morning(closed_at, sums.wallet, past)
