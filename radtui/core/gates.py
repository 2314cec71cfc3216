"""The gates before an entry (row S5): small functions of one proposal, each with its value, limit and verdict."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.config import Limits
from radtui.core.exposure import Elsewhere, Exposure
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND
from radtui.core.money import HUNDRED, ratio
from radtui.core.order import Side
from radtui.core.signal import Signal
from radtui.core.skew import LIMIT, beyond
from radtui.core.standing import Standing
from radtui.core.why_view import GateView
from radtui.core.words import counted


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that wants to happen, and the state of everything that may forbid it.

    Attributes:
        stop: where its stop would trigger. lots: 0 where not even one can be afforded.
        standing: the trading mode with its reasons. breakers: as they stand at this moment.
        taken: a position or an order of ours is live in the symbol; an old stop would close the new position.
        silence: wall nanoseconds since the symbol last traded; None before its first price.
        age: nanoseconds since the candle closed, on the clock of the market or of its candles, whichever is ahead,
            against `fresh`; one from the future is not fresh either.
        account_age: wall nanoseconds since the account was read, against `stale`.
        skew: nanoseconds by which the exchange's clock is ahead of ours; None where there is but one clock.
        held: positions and entries on their way. exposure: their notional with this one.
        own: exposure of this bot without it. elsewhere: that of the account's other bots; None where there are none.
    """

    symbol: str
    side: Side
    signal: Signal
    price: Decimal
    stop: Decimal
    lots: int
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
    equity: Decimal
    available: Decimal
    exposure: Decimal
    own: Exposure = Exposure()
    elsewhere: Elsewhere | None = None

    @property
    def notional(self) -> Decimal:
        """Value of the entry at the present price."""
        return self.instrument.notional(self.price, self.lots)

    @property
    def margin(self) -> Decimal:
        """What it would hold: value / leverage, and the taker fee both ways."""
        notional = self.notional
        return ratio(notional, Decimal(self.limits.leverage)) + notional * self.instrument.taker_fee * 2


Gate = Callable[[Proposal], GateView]


def _view(gate: str, value: str, limit: str, passed: bool) -> GateView:
    return GateView(gate=gate, value=value, limit=limit, passed=passed)


def _seconds(nanoseconds: int | None) -> str:
    return "never" if nanoseconds is None else f"{nanoseconds / SECOND:.1f} s"


def state_gate(p: Proposal) -> GateView:
    """Entries only while running."""
    return _stands(p, "state", "running")


def ready_gate(p: Proposal) -> GateView:
    """Recovered, exchange open, feeds heard, journal writable, no emergency stop on its way."""
    return _stands(p, "ready", "ready")


def confidence_gate(p: Proposal) -> GateView:
    """The signal trusts itself enough."""
    limit = p.limits.confidence
    return _view("confidence", f"{p.signal.confidence:.2f}", f"≥ {limit:.2f}", p.signal.confidence >= limit)


def market_gate(p: Proposal) -> GateView:
    """The price is fresh."""
    passed = p.silence is not None and p.silence <= p.stale
    return _view("market data", _seconds(p.silence), f"≤ {_seconds(p.stale)}", passed)


def signal_gate(p: Proposal) -> GateView:
    """The candle it was drawn from has just closed."""
    return _view("signal age", _seconds(p.age), f"≤ {_seconds(p.fresh)}", 0 <= p.age <= p.fresh)


def account_gate(p: Proposal) -> GateView:
    """The equity is a figure that was read, and lately."""
    passed = p.account_age is not None and p.account_age <= p.stale
    return _view("account", _seconds(p.account_age), f"≤ {_seconds(p.stale)}", passed)


def skew_gate(p: Proposal) -> GateView:
    """Our clock and the exchange's agree: ages and funding are reckoned by them."""
    value = "one clock" if p.skew is None else f"{p.skew / SECOND:+.1f} s"
    return _view("clock skew", value, f"≤ {_seconds(LIMIT)}", not beyond(p.skew))


def single_gate(p: Proposal) -> GateView:
    """One position a symbol, and nothing left of the one before."""
    return _view("symbol free", "taken" if p.taken else "free", "free", not p.taken)


def positions_gate(p: Proposal) -> GateView:
    """Not too many at once."""
    return _view("positions", str(p.held), f"< {p.limits.positions}", p.held < p.limits.positions)


def size_gate(p: Proposal) -> GateView:
    """At least one lot, within the share of equity."""
    return _view("size", counted(p.lots, "lot"), "≥ 1 lot", p.lots >= 1)


def leverage_gate(p: Proposal) -> GateView:
    """The contract admits the leverage."""
    limit = p.instrument.max_leverage
    return _view("leverage", f"{p.limits.leverage}×", f"≤ {limit}×", p.limits.leverage <= limit)


def margin_gate(p: Proposal) -> GateView:
    """The account can hold it."""
    margin = p.margin
    return _view("margin", f"{margin:,.2f}", f"≤ {p.available:,.2f} USDT", margin <= p.available)


def exposure_gate(p: Proposal) -> GateView:
    """All positions together stay within equity × leverage × share."""
    limit = p.equity * p.limits.leverage * p.limits.exposure_share
    return _view("exposure", f"{p.exposure:,.2f}", f"≤ {limit:,.2f} USDT", p.exposure <= limit)


def stop_gate(p: Proposal) -> GateView:
    """The stop is on the losing side, near enough, and triggers before liquidation (row W5)."""
    distance = ratio((p.price - p.stop) * p.side.sign, p.price)
    # Liquidation is about 1/leverage away, less maintenance; half a percent is kept for slippage.
    room = ratio(Decimal(1), Decimal(p.limits.leverage)) - p.instrument.maintenance_margin - Decimal("0.005")
    limit = min(p.limits.stop_share, room)
    return _view("stop", f"{distance * HUNDRED:.2f} %", f"0–{limit * HUNDRED:.2f} %", 0 < distance <= limit)


def shared_exposure_gate(p: Proposal, elsewhere: Elsewhere) -> GateView:
    """All bots together stay within the account's limit, netted by coin; what makes them hold less may pass."""
    before = p.own.beside(elsewhere.held)
    after, limit = before.plus(p.instrument.base, p.notional * p.side.sign).gross, elsewhere.exposure_limit
    return _view("account exposure", f"{after:,.2f}", f"≤ {limit:,.2f} USDT", after <= limit or after < before.gross)


def shared_margin_gate(p: Proposal, elsewhere: Elsewhere) -> GateView:
    """The margin of all bots of the account stays within its limit."""
    margin, limit = p.own.margin + elsewhere.held.margin + p.margin, elsewhere.margin_limit
    return _view("account margin", f"{margin:,.2f}", f"≤ {limit:,.2f} USDT", margin <= limit)


GATES: Final[tuple[Gate, ...]] = (
    state_gate,
    ready_gate,
    confidence_gate,
    market_gate,
    signal_gate,
    account_gate,
    skew_gate,
    single_gate,
    positions_gate,
    size_gate,
    leverage_gate,
    stop_gate,
    margin_gate,
    exposure_gate,
)


def evaluate(proposal: Proposal) -> tuple[GateView, ...]:
    """Return every gate's verdict, so that a refusal names all its reasons and not only the first."""
    return (*(gate(proposal) for gate in GATES), *_shared(proposal), *map(_breaker, proposal.breakers))


def _shared(p: Proposal) -> tuple[GateView, ...]:
    if p.elsewhere is None:
        return ()
    return shared_exposure_gate(p, p.elsewhere), shared_margin_gate(p, p.elsewhere)


def _stands(p: Proposal, gate: str, limit: str) -> GateView:
    why = p.standing.why(gate)
    return _view(gate, why or limit, limit, not why)


def _breaker(breaker: TradingBreakerView) -> GateView:
    return _view(breaker.name, breaker.value, f"< {breaker.limit}", not breaker.tripped)
