"""What a strategy is: the port that the engine and the backtest both feed (row W2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Protocol

import msgspec
from pydantic import AfterValidator, BaseModel, Field

from radtui.core.instrument import Instrument
from radtui.core.market import TIMEFRAMES, Candle
from radtui.core.signal import Signal


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy may see beside the candle: read only.

    Attributes:
        lots: our position in the symbol, signed; negative is short, 0 is flat.
        entry: its average entry price; None while flat.
        recent: the latest closed candles, oldest first, the one that just closed included.
        higher: the latest closed candles of each further timeframe that the strategy named, oldest first.
        just_closed: those of them that closed with this candle: mostly none, sometimes one, more only after a gap.
    """

    symbol: str
    lots: int = 0
    entry: Decimal | None = None
    recent: Sequence[Candle] = ()
    higher: Mapping[str, Sequence[Candle]] = {}
    just_closed: Mapping[str, Sequence[Candle]] = {}

    def closes(self, count: int) -> list[Decimal]:
        """Return the last `count` closes, oldest first; fewer where there are not so many."""
        return [candle.close for candle in self.recent[max(0, len(self.recent) - count) :]]


def _known(timeframe: str) -> str:
    if timeframe not in TIMEFRAMES:
        raise ValueError(f"no timeframe {timeframe!r}; possible: {', '.join(TIMEFRAMES)}")
    return timeframe


Timeframe = Annotated[
    str,
    AfterValidator(_known),
    Field(description="candles at whose close it decides", json_schema_extra={"enum": list(TIMEFRAMES)}),
]


class Parameters(BaseModel, extra="forbid", frozen=True):
    """What every strategy can be told; a strategy adds its own by inheriting."""

    timeframe: Timeframe = "5m"


def names_of(model: type[Parameters]) -> list[str]:
    """Return what can be told, as a person looks for it: the timeframe, the strategy's own, what it inherited."""
    own = (name for each in model.__mro__ for name in vars(each).get("__annotations__", ()))
    return list(dict.fromkeys(["timeframe", *(name for name in own if name in model.model_fields)]))


class Strategy(Protocol):
    """One strategy on one symbol: deterministic, without I/O, without a clock of its own."""

    @property
    def name(self) -> str:
        """What it is called in settings, logs and the cockpit."""
        ...

    @property
    def timeframe(self) -> str:
        """A key of `radtui.core.market.TIMEFRAMES`: whose candles it is fed."""
        ...

    @property
    def warmup(self) -> int:
        """How many candles it needs before its first word."""
        ...

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take one closed candle and return what it makes of it; `HOLD` where that is nothing."""
        ...


class Framed(Strategy, Protocol):
    """A strategy that looks at further timeframes, built from the candles it is fed."""

    @property
    def frames(self) -> Sequence[str]:
        """Keys of `radtui.core.market.TIMEFRAMES`, each a multiple of its own `timeframe`."""
        ...


class Factory(Protocol):
    """Makes a strategy for one symbol."""

    @property
    def name(self) -> str:
        """The strategy's name."""
        ...

    def __call__(self, instrument: Instrument, settings: Mapping[str, object] | None = None) -> Strategy:
        """Return a new instance.

        Raises:
            StrategyRefused: the settings do not fit, or the class is not a strategy.
        """
        ...


class StrategyRefused(Exception):
    """A strategy that cannot be used; the message says why and what to do."""
