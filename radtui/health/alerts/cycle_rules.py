"""Rules on the bot and its cycles (rows M3, H6): success, failures in a row, duration, error, workers, calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.alert_view import Severity
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.health.alerts.rule import Finding, Rule
from radtui.health.report import API_SUCCESS

LEAST_SUCCESS: Final = 90.0
"""Percent of cycles below which it fires, once there were enough."""
ENOUGH_CYCLES: Final = 10
FAILURES: Final = 2
"""In a row, from which on it fires."""
LONGEST_CYCLE: Final = 120.0
"""Seconds an average cycle may take."""
LONGEST_START: Final = 120.0
"""Seconds from the start until everything is compared with the exchange."""
GUARDIAN: Final = "guardian"
"""The worker of which `radtui.health.alerts.safety_rules` tells."""


def _success(snapshot: Snapshot) -> Iterator[Finding]:
    status = snapshot.status
    if status.cycles >= ENOUGH_CYCLES and status.success_rate < LEAST_SUCCESS:
        text = f"{status.success_rate:.2f} % of {status.cycles} cycles succeed, {LEAST_SUCCESS:g} % should at least"
        yield Finding("cycles", text)


def _failures(snapshot: Snapshot) -> Iterator[Finding]:
    status = snapshot.status
    if status.failures_in_a_row >= FAILURES:
        text = f"{status.failures_in_a_row} cycles failed in a row; {status.max_retries} stop the bot"
        yield Finding("cycles", text)


def _duration(snapshot: Snapshot) -> Iterator[Finding]:
    average = snapshot.status.average_cycle
    if average is not None and average > LONGEST_CYCLE:
        yield Finding("cycles", f"a cycle takes {average:.1f} s on average, {LONGEST_CYCLE:g} s at most should be")


def _error(snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.status.state is State.ERROR:
        why = snapshot.status.error or "it stopped on an error"
        yield Finding("bot", f"{why}; no cycles and no entries, positions keep their stops on the exchange")


def _start(snapshot: Snapshot) -> Iterator[Finding]:
    status = snapshot.status
    waited = (snapshot.at - status.started_at) / SECOND
    if not status.recovered and waited > LONGEST_START:
        yield Finding("start", f"the exchange could not be compared for {waited:.0f} s; no entries, old stops stay")


def _workers(snapshot: Snapshot) -> Iterator[Finding]:
    for worker in snapshot.workers:
        # The fault of one that beats is told by the rule on what is at fault.
        silent = not worker.healthy and (worker.age is None or worker.age > worker.limit)
        if silent and worker.name != GUARDIAN:
            age = "never beat" if worker.age is None else f"is silent for {worker.age:.0f} s"
            note = f" ({worker.note})" if worker.note else ""
            yield Finding(f"worker {worker.name}", f"worker {worker.name} {age}, limit {worker.limit:g} s{note}")


def _calls(snapshot: Snapshot) -> Iterator[Finding]:
    success = snapshot.api.success
    if success <= API_SUCCESS:
        text = f"{success:.2f} % of the calls to the exchange succeed, more than {API_SUCCESS:g} % must"
        yield Finding("exchange calls", text)


RULES: Final = (
    Rule(
        name="success-rate",
        severity=Severity.ERROR,
        says=f"less than {LEAST_SUCCESS:g} % of at least {ENOUGH_CYCLES} cycles succeed",
        todo="see why they fail: `radtui report health`, or the pane Errors",
        find=_success,
    ),
    Rule(
        name="failures-in-a-row",
        severity=Severity.ERROR,
        says=f"{FAILURES} or more cycles failed in a row",
        todo="see why they fail before the bot stops itself: `radtui report health`",
        find=_failures,
    ),
    Rule(
        name="slow-cycles",
        severity=Severity.WARNING,
        says=f"a cycle takes more than {LONGEST_CYCLE:g} s on average",
        todo="see where the time goes: `radtui report profile`",
        find=_duration,
    ),
    Rule(
        name="bot-error",
        severity=Severity.ALARM,
        says="the bot is in its error state",
        todo="see what was wrong, then start again: `radtui start`",
        find=_error,
    ),
    Rule(
        name="start-stuck",
        severity=Severity.ALARM,
        says=f"a start is not done after {LONGEST_START:g} s",
        todo="see whether the exchange can be reached: `radtui doctor`; positions of the last run may lack a stop",
        find=_start,
    ),
    Rule(
        name="worker-silent",
        severity=Severity.ERROR,
        says="a worker gives no sign of life within its limit",
        todo="it is started again by itself; where that does not help, restart radtui: stops stay on the exchange",
        find=_workers,
    ),
    Rule(
        name="exchange-calls",
        severity=Severity.ERROR,
        says=f"{API_SUCCESS:g} % or less of the calls to the exchange succeed",
        todo="see which: `radtui report profile`; check the line, the key and the exchange's own status page",
        find=_calls,
        persists=10.0,
    ),
)
"""All of them."""
