"""What the API says of the portfolio (row S6). Shares are of the equity and signed: negative is short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from radtui.api.views import View
from radtui.core.allocation import Rebalance, Stance, allocation, share_of
from radtui.core.combining import Voice
from radtui.core.money import HUNDRED, ZERO, ratio
from radtui.core.portfolio_view import WeightView
from radtui.core.position_view import PositionView
from radtui.core.risk import RiskAssessment
from radtui.core.signal import Action, Signal
from radtui.core.snapshot import Snapshot
from radtui.core.window_view import WindowView
from radtui.engine.inquiries import Weighed

_DIGITS: Final = 6


class PortfolioStatus(View, frozen=True, kw_only=True):
    """The portfolio in a few figures.

    Attributes:
        total_value: the equity; None before it was read. total_pnl: open profit of what is ours.
        pnl_percentage: that over the equity, percent. active_strategies: with weight and least confidence.
        stance, share: how much of the equity is allocated. moves: what would bring it there; proposals only.
    """

    total_value: Decimal | None
    currency: str
    positions: tuple[PositionView, ...]
    position_count: int
    total_pnl: Decimal
    pnl_percentage: Decimal | None
    risk_summary: RiskAssessment
    active_strategies: tuple[WeightView, ...]
    stance: str
    share: Decimal | None
    moves: tuple[Rebalance, ...]
    window: WindowView


class Allotted(View, frozen=True, kw_only=True):
    """What one contract may have. `value`: notional, in settlement currency; None while the equity is not known."""

    symbol: str
    share: Decimal
    value: Decimal | None


class Allocation(View, frozen=True, kw_only=True):
    """How the equity would be shared out. `share`: of the equity, for all of them together."""

    stance: str
    share: Decimal
    allocations: tuple[Allotted, ...]


class Rebalancing(View, frozen=True, kw_only=True):
    """What would bring the account to its allocation; proposals, never orders.

    Attributes:
        least_change: difference below which a contract is left as it is; None: as it is configured.
    """

    portfolio_value: Decimal | None
    least_change: Decimal | None
    actions: tuple[Rebalance, ...]


class Decision(View, frozen=True, kw_only=True):
    """What several strategies' signals about one contract come to.

    Attributes:
        should_execute: it wants to trade, and every gate would let it through now. refused_by: the gates that do not.
        order: what would be asked for; None where nothing is wanted.
    """

    symbol: str
    action: str
    buy: float
    sell: float
    hold: float
    confidence: float
    reason: str
    should_execute: bool
    refused_by: tuple[str, ...]
    order: Weighed | None


class Decisions(View, frozen=True, kw_only=True):
    """All of them. `left_out`: strategies that are none of this bot's, and so do not count."""

    decisions: tuple[Decision, ...]
    left_out: tuple[str, ...]


class LivePrice(View, frozen=True, kw_only=True):
    """What is heard of a contract. `age`: wall seconds since; `why`: there is no price, where there is none."""

    symbol: str
    price: Decimal | None
    age: float | None
    why: str = ""


class LiveSnapshot(View, frozen=True, kw_only=True):
    """Account, positions and prices at one moment. `at`: wall clock, nanoseconds UTC."""

    at: int
    equity: Decimal | None
    available: Decimal | None
    currency: str
    positions: tuple[PositionView, ...]
    prices: tuple[LivePrice, ...]


class TradeCheck(View, frozen=True, kw_only=True):
    """Whether a trade could be made now; nothing is sent.

    Attributes:
        message: why not, or that it could. required_balance: margin of what is asked for; None where nothing of that
            contract can be entered, so that there is no figure. max_trade_size: whole lots that would be taken.
        at: wall clock, nanoseconds UTC.
    """

    is_valid: bool
    message: str
    available_balance: Decimal | None
    required_balance: Decimal | None
    max_trade_size: int
    at: int
    order: Weighed


def status(snapshot: Snapshot, risk: RiskAssessment) -> PortfolioStatus:
    """Return the portfolio in a few figures."""
    seen, equity = snapshot.portfolio, snapshot.money.equity
    pnl = sum((each.pnl for each in snapshot.positions if each.own and each.pnl is not None), ZERO)
    return PortfolioStatus(
        total_value=equity,
        currency=snapshot.money.currency,
        positions=snapshot.positions,
        position_count=len(snapshot.positions),
        total_pnl=pnl,
        pnl_percentage=round(ratio(pnl, equity) * HUNDRED, 4) if equity else None,
        risk_summary=risk,
        active_strategies=seen.strategies,
        stance=seen.stance,
        share=seen.share,
        moves=seen.moves,
        window=snapshot.window,
    )


def allocated(wanted: Mapping[str, Decimal], stance: Stance, equity: Decimal | None) -> Allocation:
    """Return how the equity would be shared out by confidence; `wanted` is signed, see `core.allocation`."""
    shares = allocation(wanted, stance)
    return Allocation(
        stance=stance.value,
        share=share_of(stance),
        allocations=tuple(
            Allotted(
                symbol=symbol,
                share=round(share, _DIGITS),
                value=None if equity is None else round(share * equity, _DIGITS),
            )
            for symbol, share in shares.items()
        ),
    )


def voices(weights: Iterable[WeightView], said: Mapping[str, Signal]) -> Iterator[Voice]:
    """Yield the voices of the strategies that count, of what each said."""
    for each in weights:
        if each.name in said:
            yield Voice(name=each.name, weight=each.weight, least=each.least, signal=said[each.name])


def decision(symbol: str, signal: Signal, order: Weighed | None) -> Decision:
    """Return what comes of a signal, with the gates' word."""
    refused = tuple(gate.gate for gate in order.gates if not gate.passed) if order else ()
    return Decision(
        symbol=symbol,
        action=signal.action.value,
        buy=signal.buy,
        sell=signal.sell,
        hold=signal.hold,
        confidence=signal.confidence,
        reason=signal.reason,
        should_execute=signal.action is not Action.HOLD and order is not None and not refused,
        refused_by=refused,
        order=order,
    )


def checked(lots: int | None, order: Weighed, snapshot: Snapshot) -> TradeCheck:
    """Return whether `lots` (None: as many as would be taken) could be traded now."""
    asked = order.lots if lots is None else lots
    reasons = [f"{gate.gate}: {gate.value}, allowed {gate.limit}" for gate in order.gates if not gate.passed]
    if asked > order.lots:
        reasons.append(f"{asked} lots were asked for, and at most {order.lots} would be taken")
    return TradeCheck(
        is_valid=not reasons,
        message="; ".join(reasons) or f"{asked} lots could be entered now",
        available_balance=snapshot.money.available,
        required_balance=round(ratio(order.margin * asked, Decimal(order.lots)), _DIGITS) if order.lots else None,
        max_trade_size=order.lots,
        at=snapshot.at,
        order=order,
    )
