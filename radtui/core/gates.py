"""The gates before an entry (row S5): small functions of one proposal, each with its value, limit and verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.exposure import Elsewhere
from radtui.core.groups import most_of
from radtui.core.leverage import room
from radtui.core.market import SECOND
from radtui.core.market_gates import MARKET_GATES
from radtui.core.money import HUNDRED, ratio
from radtui.core.proposal import Proposal, verdict
from radtui.core.skew import LIMIT, beyond
from radtui.core.why_view import GateView
from radtui.core.words import counted

Gate = Callable[[Proposal], GateView]


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
    return verdict("confidence", f"{p.signal.confidence:.2f}", f"≥ {limit:.2f}", p.signal.confidence >= limit)


def market_gate(p: Proposal) -> GateView:
    """The price is fresh."""
    passed = p.silence is not None and p.silence <= p.stale
    return verdict("market data", _seconds(p.silence), f"≤ {_seconds(p.stale)}", passed)


def signal_gate(p: Proposal) -> GateView:
    """The candle it was drawn from has just closed."""
    return verdict("signal age", _seconds(p.age), f"≤ {_seconds(p.fresh)}", 0 <= p.age <= p.fresh)


def account_gate(p: Proposal) -> GateView:
    """The equity is a figure that was read, and lately."""
    passed = p.account_age is not None and p.account_age <= p.stale
    return verdict("account", _seconds(p.account_age), f"≤ {_seconds(p.stale)}", passed)


def skew_gate(p: Proposal) -> GateView:
    """Our clock and the exchange's agree: ages and funding are reckoned by them."""
    value = "one clock" if p.skew is None else f"{p.skew / SECOND:+.1f} s"
    return verdict("clock skew", value, f"≤ {_seconds(LIMIT)}", not beyond(p.skew))


def single_gate(p: Proposal) -> GateView:
    """One position a symbol, and nothing left of the one before."""
    return verdict("symbol free", "taken" if p.taken else "free", "free", not p.taken)


def positions_gate(p: Proposal) -> GateView:
    """Not too many at once."""
    return verdict("positions", str(p.held), f"< {p.limits.positions}", p.held < p.limits.positions)


def size_gate(p: Proposal) -> GateView:
    """At least one lot, within the share of equity."""
    return verdict("size", counted(p.lots, "lot"), "≥ 1 lot", p.lots >= 1)


def leverage_gate(p: Proposal) -> GateView:
    """The contract admits the leverage, and so do the limits."""
    limit = min(p.instrument.max_leverage, p.limits.leverage)
    return verdict("leverage", f"{p.leverage}×", f"≤ {limit}×", p.leverage <= limit)


def margin_gate(p: Proposal) -> GateView:
    """The account can hold it."""
    margin = p.margin
    return verdict("margin", f"{margin:,.2f}", f"≤ {p.available:,.2f} USDT", margin <= p.available)


def exposure_gate(p: Proposal) -> GateView:
    """All positions together stay within equity × leverage × share."""
    limit = p.equity * p.limits.leverage * p.limits.exposure_share
    return verdict("exposure", f"{p.exposure:,.2f}", f"≤ {limit:,.2f} USDT", p.exposure <= limit)


def stop_gate(p: Proposal) -> GateView:
    """The stop is on the losing side, near enough, and triggers before liquidation (row W5)."""
    distance = ratio((p.price - p.stop) * p.side.sign, p.price)
    limit = min(p.limits.stop_share, room(p.instrument, p.leverage))
    return verdict("stop", f"{distance * HUNDRED:.2f} %", f"0–{limit * HUNDRED:.2f} %", 0 < distance <= limit)


def target_gate(p: Proposal) -> GateView:
    """A target is on the winning side: else the position would close as soon as it is open, for its fees."""
    target = p.signal.target
    if target is None:
        return verdict("target", "none", "> 0 %", True)
    distance = ratio((target - p.price) * p.side.sign, p.price)
    return verdict("target", f"{distance * HUNDRED:.2f} %", "> 0 %", distance > 0)


def shared_exposure_gate(p: Proposal, elsewhere: Elsewhere) -> GateView:
    """All bots together stay within the account's limit, netted by coin; what makes them hold less may pass."""
    before = p.own.beside(elsewhere.held)
    after, limit = before.plus(p.instrument.base, p.notional * p.side.sign).gross, elsewhere.exposure_limit
    return verdict("account exposure", f"{after:,.2f}", f"≤ {limit:,.2f} USDT", after <= limit or after < before.gross)


def shared_margin_gate(p: Proposal, elsewhere: Elsewhere) -> GateView:
    """The margin of all bots of the account stays within its limit."""
    margin, limit = p.own.margin + elsewhere.held.margin + p.margin, elsewhere.margin_limit
    return verdict("account margin", f"{margin:,.2f}", f"≤ {limit:,.2f} USDT", margin <= limit)


def enabled_gate(p: Proposal) -> GateView:
    """Entries are wanted at all."""
    return verdict("enabled", "yes" if p.limits.enabled else "no", "yes", p.limits.enabled)


def group_gate(p: Proposal) -> GateView:
    """Contracts that move together are held a few at a time."""
    share = p.limits.group_share
    if share is None:
        return verdict("group", f"{p.in_group} in {p.group}", "no limit", True)
    limit = most_of(p.group, p.limits.positions, share)
    return verdict("group", f"{p.in_group} in {p.group}", f"< {limit}", p.in_group < limit)


GATES: Final[tuple[Gate, ...]] = (
    enabled_gate,
    state_gate,
    ready_gate,
    confidence_gate,
    market_gate,
    signal_gate,
    account_gate,
    skew_gate,
    single_gate,
    positions_gate,
    group_gate,
    *MARKET_GATES,
    size_gate,
    leverage_gate,
    stop_gate,
    target_gate,
    margin_gate,
    exposure_gate,
)


def evaluate(proposal: Proposal) -> tuple[GateView, ...]:
    """Return every gate's verdict, so that a refusal names all its reasons and not only the first."""
    return (*(gate(proposal) for gate in GATES), *_shared(proposal), *proposal.extra, *map(_breaker, proposal.breakers))


def _shared(p: Proposal) -> tuple[GateView, ...]:
    if p.elsewhere is None:
        return ()
    return shared_exposure_gate(p, p.elsewhere), shared_margin_gate(p, p.elsewhere)


def _stands(p: Proposal, gate: str, limit: str) -> GateView:
    why = p.standing.why(gate)
    return verdict(gate, why or limit, limit, not why)


def _breaker(breaker: TradingBreakerView) -> GateView:
    return verdict(breaker.name, breaker.value, f"< {breaker.limit}", not breaker.tripped)
