"""How the REST client is put together: door, guards and breakers for one key at one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.exchange.kucoin.rest.client import Rest, guards
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.rest.transport import Hosts, HttpTransport, Transport
from radtui.resilience.backoff import Backoff
from radtui.resilience.breaker import Breaker, BreakerChange
from radtui.resilience.clock import Clock
from radtui.resilience.observe import CallObserver
from radtui.resilience.retry import RetryPlan, full_draw

PATIENCE: Final = Backoff(base=0.25, maximum=4.0, retries=3)
"""Of one call: whoever asked has a deadline of seconds and asks again by itself."""
DEADLINE: Final = 4.0
"""Seconds for one try: a stop whose placing is lost must be noticed before its position is bare for too long."""


def rest_at(
    hosts: Hosts,
    credentials: Credentials | None,
    *,
    clock: Clock,
    observer: CallObserver,
    draw: Callable[[], float] = full_draw,
    transport: Transport | None = None,
    tripped: Callable[[BreakerChange], None] | None = None,
) -> Rest:
    """Return a client of the exchange at `hosts`. Whoever made it closes it.

    Args:
        credentials: None where only what is public is asked.
        draw: random numbers in [-1, 1], for the jitter of retries.
        transport: None for HTTP.
        tripped: told of every change of a breaker.
    """
    listeners = (tripped,) if tripped else ()
    pools = guards(
        clock,
        Breaker("futures REST", clock, listeners=listeners),
        Breaker("unified account REST", clock, listeners=listeners),
        RetryPlan(backoff=PATIENCE, draw=draw),
    )
    door = Door(
        transport or HttpTransport(),
        pools,
        clock=clock,
        observer=observer,
        credentials=credentials,
        hosts=hosts,
        deadline=DEADLINE,
    )
    return Rest(door)
