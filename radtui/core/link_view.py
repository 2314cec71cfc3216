"""The line to a real exchange as it is shown: budgets of requests, connections, breakers, clock."""

from __future__ import annotations

from typing import Final

import msgspec

DEAD: Final = "dead"
"""State of a connection that nothing in this process opens again."""


class PoolView(msgspec.Struct, frozen=True, kw_only=True):
    """One budget of requests, in weight.

    Attributes:
        remaining: what is free, the reserve included. reserve: what only cancels, closes and status may use.
        resets_in: seconds until the budget is whole again; None while no answer has told.
        waiting: calls in line.
    """

    name: str
    limit: int
    remaining: int
    reserve: int = 0
    resets_in: float | None = None
    waiting: int = 0


class ConnectionView(msgspec.Struct, frozen=True, kw_only=True):
    """One connection of the feeds (row S10).

    Attributes:
        state: ``open``, or in one word what it does instead: ``connecting``, ``waiting``, ``dead``.
        age: seconds since it was opened; None while it is not.
        rate: messages a second. latency: seconds from a ping to its answer; None before the first.
        errors: percent of messages. reconnects: within the last hour. score: 0–100.
        why: why it was lost last.
    """

    name: str
    state: str
    topics: int = 0
    age: float | None = None
    rate: float = 0.0
    latency: float | None = None
    errors: float = 0.0
    reconnects: int = 0
    score: float = 100.0
    healthy: bool = True
    why: str = ""


class BreakerView(msgspec.Struct, frozen=True, kw_only=True):
    """One circuit breaker (row E3): ``closed``, ``open``, ``half-open`` or ``forced open``.

    Attributes:
        opens_again_in: seconds until one call is let through as a probe; None where nothing is due.
    """

    name: str
    state: str
    opens_again_in: float | None = None


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """The line to a real exchange; the simulated one has none, and all of it is empty.

    Attributes:
        skew: seconds by which the exchange's clock is ahead of ours; None until it was read.
        round_trip: seconds that reading took.
    """

    pools: tuple[PoolView, ...] = ()
    connections: tuple[ConnectionView, ...] = ()
    skew: float | None = None
    round_trip: float | None = None
    breakers: tuple[BreakerView, ...] = ()
