"""Rules on the alerting itself: channels that are dead, a loop that stood still, a rule that cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.alert_view import Severity
from radtui.core.snapshot import Snapshot
from radtui.health.alerts.rule import Finding, Judgement, Rule

LONGEST_SILENCE: Final = 30.0
"""Seconds that the engine's loop may stand still."""


def _dead(snapshot: Snapshot) -> Iterator[Finding]:
    for channel in snapshot.alerts.channels:
        if channel.state == "dead":
            text = f"the channel {channel.name} ({channel.kind}) is dead: {channel.why}; nobody is told through it"
            yield Finding(channel.name, text)


RULES: Final = (
    Rule(
        name="channel-dead",
        severity=Severity.WARNING,
        says="a channel of the alerts does not deliver",
        todo="mend alerts.channels, then `radtui alerts test`",
        find=_dead,
    ),
)
"""Those that are judged of a snapshot."""

SILENT: Final = Rule(
    name="engine-silent",
    severity=Severity.ALARM,
    says=f"the engine's loop stood still for more than {LONGEST_SILENCE:g} s",
    todo="see what held it up: `radtui report health`; stops rest on the exchange meanwhile",
    find=lambda _: (),
)
"""Not judged of a snapshot: a loop that stands still makes none. See `hanging` and `silence`."""

BROKEN: Final = Rule(
    name="rule-broken",
    severity=Severity.ERROR,
    says="a rule cannot be judged",
    todo="report it as a bug of radtui; the other rules are judged",
    find=lambda _: (),
)
"""About the other rules; see `radtui.health.alerts.rules.judge`."""


def hanging(seconds: float) -> Finding:
    """Return what is to be said while the engine's loop stands still, by who looks from outside."""
    text = (
        f"the engine's loop has stood still for {seconds:.0f} s, limit {LONGEST_SILENCE:g} s: no cycles, no new stops, "
        "no exits but those that rest on the exchange"
    )
    return Finding("engine", text)


def silence(seconds: float) -> list[Judgement]:
    """Return that the engine's loop stood still for so long, where that is too long."""
    if seconds <= LONGEST_SILENCE:
        return []
    text = f"the engine's loop stood still for {seconds:.0f} s, limit {LONGEST_SILENCE:g} s; it works again"
    return [Judgement(SILENT, Finding("engine", text))]
