"""An entry that wants to happen, as the gates see it (row S5)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.config import Limits
from radtui.core.exit_terms import ExitTerms
from radtui.core.exposure import Elsewhere, Exposure
from radtui.core.groups import OTHER
from radtui.core.instrument import Instrument
from radtui.core.measures import Measures
from radtui.core.money import ratio
from radtui.core.order import Side
from radtui.core.signal import Signal
from radtui.core.standing import Standing
from radtui.core.why_view import GateView


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that wants to happen, and the state of everything that may forbid it.

    Attributes:
        stop, target: where they would lie; None where it has no target. lots: 0 where not even one can be afforded.
        leverage: what it would have, within the limits.
        standing: the trading mode with its reasons. breakers: as they stand at this moment.
        taken: a position or an order of ours is live in the symbol; an old stop would close the new position.
        silence: wall nanoseconds since the symbol last traded; None before its first price.
        age: nanoseconds since the candle closed, on the clock of the market or of its candles, whichever is ahead,
            against `fresh`; one from the future is not fresh either.
        account_age: wall nanoseconds since the account was read, against `stale`.
        skew: nanoseconds by which the exchange's clock is ahead of ours; None where there is but one clock.
        held: positions and entries on their way. in_group: those of them in contracts of the same `group`.
        exposure: the notional of all of them with this one.
        quoted: the exchange tells bid and ask. spread: between them, a share of the ask; None where it is not known.
        measures: how the contract moves; None where that was not measured yet. measured: nanoseconds since then.
        terms: of the rules that would look after the position.
        own: exposure of this bot without it. elsewhere: that of the account's other bots; None where there are none.
        extra: what the trading window and the scan say.
    """

    symbol: str
    side: Side
    signal: Signal
    price: Decimal
    stop: Decimal
    lots: int
    leverage: int
    instrument: Instrument
    limits: Limits
    standing: Standing
    breakers: tuple[TradingBreakerView, ...]
    silence: int | None
    stale: int
    age: int
    fresh: int
    account_age: int | None
    skew: int | None
    taken: bool
    held: int
    target: Decimal | None = None
    group: str = OTHER
    in_group: int = 0
    quoted: bool = False
    spread: Decimal | None = None
    measures: Measures | None = None
    measured: int = 0
    terms: ExitTerms = ExitTerms()
    equity: Decimal
    available: Decimal
    exposure: Decimal
    own: Exposure = Exposure()
    elsewhere: Elsewhere | None = None
    extra: tuple[GateView, ...] = ()

    @property
    def notional(self) -> Decimal:
        """Value of the entry at the present price."""
        return self.instrument.notional(self.price, self.lots)

    @property
    def margin(self) -> Decimal:
        """What it would hold: value / leverage, and the taker fee both ways."""
        notional = self.notional
        return ratio(notional, Decimal(self.leverage)) + notional * self.instrument.taker_fee * 2


def verdict(gate: str, value: str, limit: str, passed: bool) -> GateView:
    """Return what a gate found."""
    return GateView(gate=gate, value=value, limit=limit, passed=passed)
