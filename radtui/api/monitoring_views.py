"""What the API says of the engine's own doings: calls, budgets, feeds, breakers, and what it may not do."""

from __future__ import annotations

from typing import Final

from radtui.api.views import View
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.health_view import WorkerView
from radtui.core.link_view import BreakerView, ConnectionView, PoolView
from radtui.core.snapshot import Snapshot

FEEDS: Final = ("market feed", "account feed")


class Limits(View, frozen=True, kw_only=True):
    """The budgets of requests; none on the simulated exchange.

    Attributes:
        skew, round_trip: seconds, of the exchange's clock; None until it was read.
        rate_limited: calls that the exchange turned away for coming too fast.
    """

    pools: tuple[PoolView, ...]
    skew: float | None
    round_trip: float | None
    rate_limited: int


class Feeds(View, frozen=True, kw_only=True):
    """The feeds: who listens to them, and the connections they come by; none on the simulated exchange.

    Attributes:
        oldest_topic: seconds since the stalest market topic spoke.
    """

    workers: tuple[WorkerView, ...]
    connections: tuple[ConnectionView, ...]
    oldest_topic: float | None
    reconnects: int


class AllBreakers(View, frozen=True, kw_only=True):
    """What stands between us and harm: breakers of calls to the exchange, and of trading."""

    calls: tuple[BreakerView, ...]
    trading: tuple[TradingBreakerView, ...]


class Limitations(View, frozen=True, kw_only=True):
    """What this engine does and does not do.

    Attributes:
        supported_order_types: what it sends by itself. `by_hand`: what a caller may do to orders.
        limitations: for people, a line each, with what keeps it from entries now.
    """

    is_paper_trading: bool
    exchange: str
    mode: str
    margin_trading_available: bool
    supported_order_types: tuple[str, ...]
    by_hand: tuple[str, ...]
    symbols: tuple[str, ...]
    max_positions: int
    limitations: tuple[str, ...]


def limits(snapshot: Snapshot) -> Limits:
    """Return the budgets."""
    link = snapshot.link
    return Limits(pools=link.pools, skew=link.skew, round_trip=link.round_trip, rate_limited=snapshot.api.rate_limited)


def feeds(snapshot: Snapshot) -> Feeds:
    """Return the feeds."""
    return Feeds(
        workers=tuple(each for each in snapshot.workers if each.name in FEEDS),
        connections=snapshot.link.connections,
        oldest_topic=snapshot.api.oldest_topic,
        reconnects=snapshot.api.reconnects,
    )


def all_breakers(snapshot: Snapshot) -> AllBreakers:
    """Return all breakers."""
    return AllBreakers(calls=snapshot.link.breakers, trading=snapshot.breakers)


def limitations(snapshot: Snapshot) -> Limitations:
    """Return what this engine does and does not do."""
    status = snapshot.status
    paper = status.mode != "live"
    return Limitations(
        is_paper_trading=paper,
        exchange=snapshot.exchange,
        mode=status.mode,
        margin_trading_available=True,
        supported_order_types=("market", "stop market"),
        by_hand=("place a market, limit or stop order", "cancel an order that waits"),
        symbols=status.symbols,
        max_positions=snapshot.positions_limit,
        limitations=(
            *(("no real money moves: this is a simulated exchange or a rehearsal",) if paper else ()),
            "entries come from the strategies, or by hand; each passes the same gates",
            "one position a contract, and every one has a stop resting on the exchange",
            *(f"no entries now: {why}" for why in status.reasons),
        ),
    )
