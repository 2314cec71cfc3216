"""Where the time goes: orders by stage, and the engine's own phases (rows H1, H3, H8)."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import Metric

from radtui.core.snapshot import Snapshot
from radtui.core.timing_view import LIMITS
from radtui.health.metrics.families import Families


def time_families(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    """Yield durations."""
    yield families.histograms(
        "order_seconds",
        "Orders: sending (intended to sent), accepting (sent to confirmed), filling (confirmed to filled).",
        ("stage", "purpose"),
        LIMITS,
        [((each.stage, each.purpose), each.counts, each.seconds) for each in snapshot.order_times],
    )
    done = [
        row
        for each in snapshot.phases
        for row in (((each.name, "ok"), each.calls - each.failed), ((each.name, "failed"), each.failed))
    ]
    yield families.counters("phase_runs", "The engine's recurring work by its end.", ("phase", "result"), done)
    spent = [((each.name,), each.seconds) for each in snapshot.phases]
    yield families.counters("phase_seconds", "Time spent in it.", ("phase",), spent)
    slow = [
        ((each.name, which), None if value is None else value / 1000)
        for each in snapshot.phases
        for which, value in (("50", each.p50), ("99", each.p99), ("100", each.worst))
    ]
    yield families.gauges("phase_duration_seconds", "Duration since the start.", ("phase", "percentile"), slow)
