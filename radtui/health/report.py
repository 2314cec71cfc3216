"""The health report (row H6): as data for JSON, and as text for people.

In virtual time every figure of the wall clock or of the machine is left out, so that the same seed gives the same
report to the byte.
"""

from __future__ import annotations

from typing import Any, Final

from radtui.core.snapshot import Snapshot
from radtui.health import sections
from radtui.health.sections import Section
from radtui.health.strategies import strategy_fault
from radtui.health.text import as_text

__all__ = ["API_SUCCESS", "as_text", "problems", "report"]

API_SUCCESS: Final = 90.0
"""Percent of the calls that must be exceeded for overall health."""

_WALL_CLOCK: Final = frozenset(
    {
        "uptime",
        "last_update",
        "last_cycle_time",
        "average_cycle_time",
        "last_cycle_duration",
        "calls_per_minute",
        "p50_ms",
        "p99_ms",
        "last_call",
        "oldest_topic_s",
        "bare_s",
        "worst_bare_s",
        "total_bare_s",
        "age_s",
        "process",
        "last_answer",
        "mean_scan_s",
        "last_scan",
        "hangs_s",
        "at",
        "first_at",
    }
)


def report(snapshot: Snapshot, *, virtual: bool) -> Section:
    """Return the health report of a snapshot, ready for JSON.

    Args:
        virtual: leave out what may differ between two runs of one seed.
    """
    status = snapshot.status
    wrong = problems(snapshot)
    document = {
        "version": snapshot.version,
        "bot": snapshot.bot,
        "healthy": not wrong,
        "problems": wrong,
        **sections.status(snapshot),
        "performance": sections.performance(status),
        "targets": sections.targets(status),
        "configuration": sections.configuration(status),
        "api": sections.api(snapshot.api),
        "money": sections.money(snapshot.money),
        "positions": [sections.position(position) for position in snapshot.positions],
        "protection": sections.protection(snapshot.protection),
        "trades": sections.trades(snapshot),
        "workers": [sections.worker(worker) for worker in snapshot.workers],
        "process": sections.process(snapshot.process),
        "alerts": sections.alerts(snapshot),
        "strategies": sections.strategies(snapshot.strategy),
        "scans": sections.scans(snapshot),
        "errors": sections.errors(snapshot),
    }
    return _without_wall_clock(document) if virtual else document


def problems(snapshot: Snapshot) -> list[str]:
    """Return what keeps the bot from being healthy, a line each; none means overall healthy."""
    hangs = [f"the engine hangs: its loop has stood still for {snapshot.hangs} s"] if snapshot.hangs else []
    fault = strategy_fault(snapshot)
    return [*hangs, *_unwell(snapshot), *([fault] if fault else []), *_calls(snapshot)]


def _unwell(snapshot: Snapshot) -> list[str]:
    return [
        f"worker {worker.name}: {worker.fault or f'no sign of life within its limit of {worker.limit:g} s'}"
        for worker in snapshot.workers
        if not worker.healthy
    ]


def _calls(snapshot: Snapshot) -> list[str]:
    success = snapshot.api.success
    if success > API_SUCCESS:
        return []
    return [f"exchange calls: {success:.2f} % succeed, more than {API_SUCCESS:g} % must"]


def _without_wall_clock(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_wall_clock(inner) for key, inner in value.items() if key not in _WALL_CLOCK}
    return [_without_wall_clock(inner) for inner in value] if isinstance(value, list) else value
