"""The engine itself: workers, process, journal, guardian, errors and alerts (rows H4, H5, M3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import Metric

from radtui.core.alert_view import Severity
from radtui.core.snapshot import Snapshot
from radtui.health.metrics.families import Families


def worker_families(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    """Yield how the engine itself fares."""
    yield from _workers(snapshot, families)
    yield from _process(snapshot, families)
    yield from _errors(snapshot, families)
    yield from _alerts(snapshot, families)


def _workers(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    workers = snapshot.workers
    ages = [((each.name,), each.age) for each in workers]
    yield families.gauges("worker_age_seconds", "Since its last sign of life.", ("worker",), ages)
    limits = [((each.name,), each.limit) for each in workers]
    yield families.gauges("worker_limit_seconds", "After so many it is unhealthy.", ("worker",), limits)
    healthy = [((each.name,), int(each.healthy)) for each in workers]
    yield families.gauges("worker_healthy", "1 while it lives.", ("worker",), healthy)
    restarts = [((each.name,), each.restarts) for each in workers]
    yield families.counters("worker_restarts", "Times it fell and was started again.", ("worker",), restarts)


def _process(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    process, guardian = snapshot.process, snapshot.guardian
    lag = None if process.lag_p99 is None else process.lag_p99 / 1000
    yield families.gauge("loop_lag_p99_seconds", "Lateness of the event loop within the last minute.", lag)
    memory = None if process.rss is None else process.rss * 1_000_000
    yield families.gauge("resident_memory_bytes", "Memory of the process.", memory)
    yield families.gauge("journal_failing", "1 while nothing can be written.", int(bool(snapshot.journal)))
    yield families.gauge("guardian_wanted", "1 where this bot is to have one.", int(guardian.wanted))
    yield families.gauge(
        "guardian_missing", "1 while it should have one and none answers.", int(bool(guardian.missing))
    )


def _errors(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    yield families.gauge("errors_today", "Errors since midnight UTC, repeats counted.", snapshot.errors_today)
    kept: Counter[str] = Counter()
    for error in snapshot.errors:
        kept[error.severity] += error.count
    rows = [((each.value,), kept[each.value]) for each in Severity]
    yield families.gauges("errors_kept", "Of the last hundred kinds, repeats counted.", ("severity",), rows)
    yield families.gauge("notices", "Things that need an operator's eye.", len(snapshot.notices))


def _alerts(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    alerts = snapshot.alerts
    firing = Counter(each.severity for each in alerts.firing)
    rows = [((each.value,), firing[each]) for each in Severity]
    yield families.gauges("alerts_firing", "Alerts that nobody has seen.", ("severity",), rows)
    yield families.gauge("alerts_open", "Alerts that go on, seen ones included.", len(alerts.open))
    dead = [((each.name,), int(each.state == "dead")) for each in alerts.channels]
    yield families.gauges("alert_channel_dead", "1 while a channel to people does not work.", ("channel",), dead)
    waiting = [((each.name,), each.waiting) for each in alerts.channels]
    yield families.gauges("alert_channel_waiting", "Messages that wait for it.", ("channel",), waiting)
    delivered = [((each.name,), each.delivered) for each in alerts.channels]
    yield families.counters("alert_channel_delivered", "Messages that got through.", ("channel",), delivered)
    dropped = [((each.name,), each.dropped) for each in alerts.channels]
    yield families.counters("alert_channel_dropped", "Messages that were given up.", ("channel",), dropped)
