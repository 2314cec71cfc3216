"""Where a strategy's idea is wrong and where it is done: a stop so far away, a target so many times that."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from radtui.core.instrument import Instrument
from radtui.core.money import to_tick
from radtui.core.signal import Signal
from radtui.strategies.base import Parameters
from radtui.strategies.leaning import hold, lean


class StopParameters(Parameters):
    """What a strategy with a stop can be told about it."""

    stop_atrs: Decimal = Field(Decimal(2), gt=0, le=20, description="distance of the stop in ATRs")
    stop_least: Decimal = Field(Decimal("0.006"), gt=0, le=Decimal("0.2"), description="least distance, share of price")
    stop_most: Decimal = Field(
        Decimal("0.05"), gt=0, le=Decimal("0.2"), description="greatest distance, share of price"
    )
    reward: Decimal = Field(Decimal(2), gt=0, le=4, description="distance of the target in distances of the stop")

    @model_validator(mode="after")
    def _between(self) -> Self:
        if self.stop_least > self.stop_most:
            raise ValueError(f"stop_least ({self.stop_least}) must not be above stop_most ({self.stop_most})")
        return self


class Stops:
    """Stop and target of one contract, on its grid."""

    def __init__(self, instrument: Instrument, told: StopParameters) -> None:
        self._instrument = instrument
        self._told = told

    def around(self, close: Decimal, side: int, atr: float, *, least: Decimal | None = None) -> tuple[Decimal, Decimal]:
        """Return stop and target of an entry at `close`.

        The stop is `stop_atrs` average true ranges away, at least `least` where the idea has a price of its own, and in
        any case between `stop_least` and `stop_most` of the price.

        Args:
            side: +1 for a long, −1 for a short. atr, least: in units of the price.
        """
        wanted = self._told.stop_atrs * Decimal(repr(atr))
        distance = self._within(close, wanted if least is None else max(wanted, least))
        return self._on_tick(close - side * distance), self._on_tick(close + side * distance * self._told.reward)

    def lean(
        self, side: int, confidence: float, reason: str, *, close: Decimal, atr: float, least: Decimal | None = None
    ) -> Signal:
        """Return a signal for one side with its stop and target; one that holds where the price has no room for them.

        Args:
            side, confidence, reason: as `radtui.strategies.leaning.lean` has them. close, atr, least: as `around` has.
        """
        stop, target = self.around(close, side, atr, least=least)
        if min(stop, target) <= 0:
            return hold(f"{close:f} has too few ticks for a stop and a target")
        return lean(side, confidence, reason, stop=stop, target=target)

    def _within(self, close: Decimal, wanted: Decimal) -> Decimal:
        least, most = close * self._told.stop_least, close * self._told.stop_most
        return max(self._instrument.above(least), min(self._instrument.below(most), self._on_tick(wanted)))

    def _on_tick(self, price: Decimal) -> Decimal:
        return to_tick(price, self._instrument.tick)
