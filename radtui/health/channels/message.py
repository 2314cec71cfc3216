"""What is sent to people: one alert or several as a title and a text (row S11)."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from radtui.core.alert_view import AlertView, Severity
from radtui.core.market import SECOND

MOST_LINES: Final = 20
"""Alerts that one message spells out."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message.

    Attributes:
        severity: None where it tells that something is over, or only tests the way.
    """

    title: str
    body: str
    severity: Severity | None = None


def of_alert(alert: AlertView, bot: str, mode: str) -> Message:
    """Return what is sent of an alert: that it fires, or that it is over."""
    name = f"{alert.rule} {alert.subject}"
    if not alert.open:
        over = f"no longer so since {_moment(alert.resolved_at)}; it began {_moment(alert.since)}"
        return Message(title=f"{_who(bot, mode)}: over: {name}", body=f"{alert.text}\n{over}")
    times = f", {alert.times} times" if alert.times > 1 else ""
    body = (
        f"{alert.text}\nWhat to do: {alert.todo}\nsince {_moment(alert.since)}{times}; `radtui alerts ack {alert.id}`"
    )
    return Message(title=f"{_who(bot, mode)}: {alert.severity.upper()}: {name}", body=body, severity=alert.severity)


def of_silence(bot: str, mode: str, seconds: float) -> Message:
    """Return what is sent while the engine's own loop stands still."""
    body = (
        f"the engine's loop has stood still for {seconds:.0f} s: no cycles, no new stops; stops rest on the exchange\n"
        f"What to do: `radtui emergency-stop` ends it and closes everything; or `kill -9 {os.getpid()}` on "
        f"{platform.node()}, and start radtui again"
    )
    return Message(
        title=f"{_who(bot, mode)}: {Severity.ALARM.upper()}: engine-silent", body=body, severity=Severity.ALARM
    )


def of_test(bot: str, mode: str, who: str) -> Message:
    """Return what is sent to see whether a channel works."""
    return Message(title=f"{_who(bot, mode)}: test", body=f"This channel works. {who} asked for it; nothing is wrong.")


def merged(messages: Sequence[Message]) -> Message:
    """Return several messages as one: what waited for a dead channel comes as one letter, not as a hundred."""
    if len(messages) == 1:
        return messages[0]
    worst = max((each.severity for each in messages if each.severity), key=lambda each: each.rank, default=None)
    shown = messages[-MOST_LINES:]
    left = [f"… and {len(messages) - len(shown)} older ones: `radtui alerts history`"] * (len(shown) < len(messages))
    body = "\n\n".join([f"{each.title}\n{each.body}" for each in reversed(shown)] + left)
    return Message(title=f"{messages[-1].title} (and {len(messages) - 1} more)", body=body, severity=worst)


def _who(bot: str, mode: str) -> str:
    return f"radtui {bot} {mode.upper()}"


def _moment(at: int | None) -> str:
    return f"{datetime.fromtimestamp((at or 0) // SECOND, UTC):%Y-%m-%d %H:%M:%S} UTC"
