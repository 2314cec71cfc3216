"""Rules on the bots beside this one (row A4): one that died can tell nobody, so those that fly on do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.alert_view import Severity
from radtui.core.snapshot import Snapshot
from radtui.health.alerts.rule import Finding, Rule


def _fallen(snapshot: Snapshot) -> Iterator[Finding]:
    for each in snapshot.fallen:
        text = f"{each.bot}, of the same account, has ended ({each.why}); its stops rest on the exchange"
        yield Finding(each.bot, text)


RULES: Final = (
    Rule(
        name="bot-ended",
        severity=Severity.ALARM,
        says="a bot of the same account died while this one flies on",
        todo="`radtui start --bot NAME` takes it up again, `radtui emergency-stop --bot NAME` closes what it holds",
        find=_fallen,
    ),
)
"""All of them."""
