"""Rules on the connections of the feeds (row S10), and on the breakers of the line (row E3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from radtui.core.alert_view import Severity
from radtui.core.link_view import DEAD, ConnectionView
from radtui.core.snapshot import Snapshot
from radtui.health.alerts.rule import Finding, Rule

SLOWEST: Final = 1.0
"""Seconds from a ping to its answer."""
MOST_ERRORS: Final = 5.0
"""Percent of messages."""
MOST_RECONNECTS: Final = 3
"""Within an hour."""
LEAST_SCORE: Final = 50.0
_OPEN: Final = "open"


def _each(judge: Callable[[ConnectionView], str]) -> Callable[[Snapshot], Iterator[Finding]]:
    """Return a finder of the connections of which `judge` has something to say."""

    def find(snapshot: Snapshot) -> Iterator[Finding]:
        for connection in snapshot.link.connections:
            said = judge(connection)
            if said:
                yield Finding(connection.name, f"connection {connection.name} {said}")

    return find


def _down(connection: ConnectionView) -> str:
    # One that is renewed as planned, or opened for the first time, was not lost: it has no reconnect to its name.
    if connection.state == _OPEN or (connection.state != DEAD and not connection.reconnects):
        return ""
    why = f": {connection.why}" if connection.why else ""
    return f"is down{why}; its topics move to others, no entries on old prices"


def _slow(connection: ConnectionView) -> str:
    slow = connection.latency is not None and connection.latency > SLOWEST
    return f"answers after {(connection.latency or 0.0) * 1000:.0f} ms, limit {SLOWEST * 1000:.0f} ms" if slow else ""


def _faulty(connection: ConnectionView) -> str:
    faulty = connection.errors > MOST_ERRORS
    return f"has {connection.errors:.1f} % of errors in its messages, limit {MOST_ERRORS:g} %" if faulty else ""


def _restless(connection: ConnectionView) -> str:
    restless = connection.reconnects > MOST_RECONNECTS
    return f"was lost {connection.reconnects} times within an hour, limit {MOST_RECONNECTS}" if restless else ""


def _poor(connection: ConnectionView) -> str:
    return f"scores {connection.score:.0f} of 100, least {LEAST_SCORE:g}" if connection.score < LEAST_SCORE else ""


def _lost(snapshot: Snapshot) -> Iterator[Finding]:
    for feed in snapshot.feeds_lost:
        yield Finding(feed, f"the {feed} is not heard: no entries; positions keep their stops on the exchange")


def _breakers(snapshot: Snapshot) -> Iterator[Finding]:
    for breaker in snapshot.link.breakers:
        if breaker.state in {"open", "forced open"}:
            text = f"the breaker of {breaker.name} is {breaker.state}: such calls are not made; cancels and closes are"
            yield Finding(breaker.name, text)


_LINE: Final = "check the line of this machine; where it is well, the exchange's own status page"


def _rule(name: str, severity: Severity, says: str, find: Callable[[Snapshot], Iterator[Finding]]) -> Rule:
    return Rule(name=name, severity=severity, says=says, todo=_LINE, find=find)


RULES: Final = (
    _rule("feed-disconnect", Severity.ERROR, "a connection of the feeds was lost", _each(_down)),
    _rule("feed-latency", Severity.WARNING, f"a connection answers after more than {SLOWEST:g} s", _each(_slow)),
    _rule("feed-errors", Severity.ERROR, f"more than {MOST_ERRORS:g} % of its messages are errors", _each(_faulty)),
    _rule("feed-reconnects", Severity.WARNING, f"lost more than {MOST_RECONNECTS} times an hour", _each(_restless)),
    _rule("feed-score", Severity.ERROR, f"a connection scores below {LEAST_SCORE:g} of 100", _each(_poor)),
    Rule(
        name="feed-lost",
        severity=Severity.ERROR,
        says="the market or the account is not heard for 5 s",
        todo=_LINE,
        find=_lost,
        persists=5.0,
    ),
    _rule("line-breaker", Severity.ERROR, "a breaker of the line to the exchange is open", _breakers),
)
"""All of them."""
