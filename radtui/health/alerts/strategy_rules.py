"""Rules on the strategies (row W2): a bot that decides nothing must not look well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.alert_view import Severity
from radtui.core.snapshot import Snapshot
from radtui.health.alerts.rule import Finding, Rule
from radtui.health.strategies import CANDLES, FAILURES, LEAST_SILENCE, strategy_fault


def _failing(snapshot: Snapshot) -> Iterator[Finding]:
    if text := strategy_fault(snapshot):
        yield Finding("strategy", text)


RULES: Final = (
    Rule(
        name="strategy-failing",
        severity=Severity.ERROR,
        says=f"a strategy fails at {FAILURES} candles in a row, does not return, or judged none for {CANDLES} candles "
        f"(and {LEAST_SILENCE:g} s)",
        todo="correct it and restart radtui: the log says where it fails; `radtui stop` keeps its positions, and "
        "`radtui emergency-stop` closes them",
        find=_failing,
    ),
)
"""All of them."""
