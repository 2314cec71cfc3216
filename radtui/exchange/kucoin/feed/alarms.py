"""When a connection's figures are worth a person's attention (row S10). Thresholds are data; each alarm has a rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from radtui.core.market import MINUTE, SECOND
from radtui.exchange.kucoin.feed.figures import ConnectionView


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """Past which an alarm is raised, and how long the same one then rests.

    Attributes:
        latency: seconds.
        error_rate: share of frames.
        reconnects: within an hour.
        score: below it.
        cooldown: seconds.
    """

    latency: float = 1.0
    error_rate: float = 0.05
    reconnects: int = 3
    score: float = 50.0
    cooldown: float = 15.0 * MINUTE / SECOND


class LineAlert(msgspec.Struct, frozen=True):
    """Something about a connection, or about a breaker, that a person should know.

    Attributes:
        connection: its name, or the breaker's.
        kind: ``disconnect``, ``latency``, ``errors``, ``reconnects``, ``score`` or ``breaker``.
        at: monotonic nanoseconds.
    """

    connection: str
    kind: str
    text: str
    at: int


class Alarms:
    """Compares figures with thresholds; the same alarm of the same connection is raised once in a cooldown."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._raised: dict[tuple[str, str], int] = {}

    def disconnected(self, connection: str, why: str, now: int) -> list[LineAlert]:
        """Return the alarm of a lost connection, unless one rests."""
        return list(self._rested([LineAlert(connection, "disconnect", f"{connection}: {why}", now)]))

    def check(self, views: Iterable[ConnectionView], now: int) -> list[LineAlert]:
        """Return the alarms of `views` that do not rest."""
        return list(self._rested(alert for view in views for alert in self._of(view, now)))

    def _of(self, view: ConnectionView, now: int) -> Iterator[LineAlert]:
        limits, name = self._thresholds, view.name
        if view.latency is not None and view.latency > limits.latency:
            yield LineAlert(name, "latency", f"{name} answers after {view.latency * 1000:.0f} ms", now)
        if view.error_rate > limits.error_rate:
            yield LineAlert(name, "errors", f"{name}: {view.error_rate:.0%} of its frames are errors", now)
        if view.reconnects > limits.reconnects:
            yield LineAlert(name, "reconnects", f"{name} was lost {view.reconnects} times within an hour", now)
        if view.score < limits.score:
            yield LineAlert(name, "score", f"{name} scores {view.score:.0f} of 100", now)

    def _rested(self, alerts: Iterable[LineAlert]) -> Iterator[LineAlert]:
        cooldown = round(self._thresholds.cooldown * SECOND)
        for alert in alerts:
            raised = self._raised.get((alert.connection, alert.kind))
            if raised is None or alert.at - raised >= cooldown:
                self._raised[alert.connection, alert.kind] = alert.at
                yield alert
