"""Where the time goes (row H8): each phase of the engine and each endpoint, the slowest named, and what to do.

What is slow is judged against what it should take, not against the others: 40 ms are nothing for a call to an exchange
and far too much for a decision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from radtui.core.health_view import EndpointView
from radtui.core.snapshot import Snapshot
from radtui.core.timing_view import PhaseView
from radtui.health import phases

CALL: Final = 1000.0
"""Milliseconds that the 99th percentile of a call may take."""
LAG: Final = 100.0
"""Milliseconds that the event loop may be late."""
NOTHING: Final = "nothing is slow"
LIMITS: Final = {
    phases.ACCOUNT: 1500.0,
    phases.DECISION: 5.0,
    phases.STRATEGY: 50.0,
    phases.READING: 3000.0,
    phases.NOTING: 250.0,
    phases.SNAPSHOT: 50.0,
}
"""The same of the phases."""
_REMEDIES: Final = {
    phases.ACCOUNT: "the exchange answers late: see its endpoints, and fly nearer to it",
    phases.DECISION: "the gates hold up everything else: fewer contracts, or a machine with less to do",
    phases.STRATEGY: "other signals wait for the strategy: have it go on from its last result, not count all anew",
    phases.READING: "positions are seen late: raise engine.position_update_interval, or fly nearer to the exchange",
    phases.NOTING: "entries wait for the disk: keep paths.state on a local, faster one",
    phases.SNAPSHOT: "the picture is dear: fewer contracts, or fewer cockpits and scrapers",
}


class Slow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that takes longer than it should.

    Attributes:
        name: of the phase or endpoint. p99, limit: milliseconds. times: how far beyond the limit it is.
    """

    name: str
    p99: float
    limit: float
    times: float
    todo: str


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time goes. Seconds for cycles, milliseconds for the rest.

    Attributes:
        phases, endpoints: those that took most time of all first.
        slowest: the endpoint or phase that is farthest beyond what it should take, or nearest to it; empty before
            anything was timed. suggestion: what to do about it.
        slow: all that are beyond their limit, the worst first.
    """

    average_cycle: float | None
    last_cycle: float | None
    lag_p99: float | None
    phases: tuple[PhaseView, ...] = ()
    endpoints: tuple[EndpointView, ...] = ()
    slowest: str = ""
    suggestion: str = ""
    slow: tuple[Slow, ...] = ()

    @property
    def more(self) -> str:
        """The suggestion, where `slow` does not say it already."""
        return "" if self.slow and self.suggestion.endswith(self.slow[0].todo) else self.suggestion


def profile(snapshot: Snapshot) -> Profile:
    """Return where the time goes."""
    judged = sorted(_judged(snapshot), key=lambda each: -each.times)
    slow = tuple(each for each in judged if each.times >= 1)
    limited = [each for each in snapshot.api.endpoints if each.rate_limited]
    return Profile(
        average_cycle=snapshot.status.average_cycle,
        last_cycle=snapshot.status.last_cycle,
        lag_p99=snapshot.process.lag_p99,
        phases=tuple(sorted(snapshot.phases, key=lambda each: -each.seconds)),
        endpoints=tuple(sorted(snapshot.api.endpoints, key=lambda each: (-each.seconds, -(each.p99 or 0.0)))),
        slowest=judged[0].name if judged else "",
        suggestion=_suggestion(judged, limited),
        slow=slow,
    )


def _judged(snapshot: Snapshot) -> Iterator[Slow]:
    for phase in snapshot.phases:
        if phase.p99 is not None and phase.name in LIMITS:  # an engine of another version may have others
            yield _slow(phase.name, phase.p99, LIMITS[phase.name], _REMEDIES[phase.name])
    for each in snapshot.api.endpoints:
        if each.p99 is not None:
            yield _slow(each.name, each.p99, CALL, "the exchange answers late: fly nearer to it, or ask for less")
    if snapshot.process.lag_p99 is not None:
        todo = "the machine is too busy, or something above holds the loop up"
        yield _slow("event loop", snapshot.process.lag_p99, LAG, todo)


def _slow(name: str, p99: float, limit: float, todo: str) -> Slow:
    return Slow(name=name, p99=p99, limit=limit, times=p99 / limit, todo=todo)


def _suggestion(judged: list[Slow], limited: list[EndpointView]) -> str:
    if limited:
        most = max(limited, key=lambda each: each.rate_limited)
        return f"{most.name} was rate-limited {most.rate_limited} times: fewer symbols, or longer intervals"
    if not judged:
        return ""
    worst = judged[0]
    if worst.times < 1:
        return NOTHING
    return f"{worst.name} needs {worst.p99:.0f} ms at its slowest, {worst.limit:.0f} would do: {worst.todo}"
