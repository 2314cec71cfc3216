"""The line to the exchange, for a screen: budgets, connections, clock, breakers."""

from __future__ import annotations

from collections.abc import Iterable

from radtui.core.link_view import BreakerView, ConnectionView, LinkView, PoolView
from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed import figures
from radtui.exchange.kucoin.rest.server_time import ServerTime
from radtui.resilience import breaker
from radtui.resilience.limiter import RateView


def view(
    now: int,
    time: ServerTime,
    rates: Iterable[RateView],
    breakers: Iterable[breaker.BreakerView],
    connections: Iterable[figures.ConnectionView],
) -> LinkView:
    """Return all of it as of `now`, wall clock in nanoseconds UTC."""
    return LinkView(
        pools=tuple(_pool(rate, now) for rate in rates),
        connections=tuple(_connection(found) for found in connections),
        skew=time.skew,
        round_trip=time.round_trip,
        breakers=tuple(_breaker(found, now) for found in breakers),
    )


def _pool(rate: RateView, now: int) -> PoolView:
    return PoolView(
        name=rate.pool,
        limit=rate.limit,
        remaining=rate.remaining,
        reserve=rate.reserve,
        resets_in=_ahead(rate.reset_at, now),
        waiting=rate.waiting,
    )


def _connection(found: figures.ConnectionView) -> ConnectionView:
    return ConnectionView(
        name=found.name,
        state=found.state,
        topics=found.topics,
        age=found.age,
        rate=found.rate,
        latency=found.latency,
        errors=found.error_rate * 100,
        reconnects=found.reconnects,
        score=found.score,
        healthy=found.healthy,
        why=found.why,
    )


def _breaker(found: breaker.BreakerView, now: int) -> BreakerView:
    return BreakerView(name=found.name, state=found.state.value, opens_again_in=_ahead(found.opens_again_at, now))


def _ahead(at: int | None, now: int) -> float | None:
    return None if at is None else max(0, at - now) / SECOND
