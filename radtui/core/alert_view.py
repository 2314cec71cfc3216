"""Alerts as they are shown, published and kept: what fires, since when, who has seen it (rows M3, S11)."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How much an alert wants a hand; later ones want it more."""

    WARNING = "warning"
    ERROR = "error"
    ALARM = "alarm"
    """Money may be in danger: somebody should be woken."""

    @property
    def rank(self) -> int:
        """Its place among them, for comparing."""
        return list(Severity).index(self)


class Phase(StrEnum):
    """Where an alert stands."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    """Somebody has seen it; what it is about goes on."""
    RESOLVED = "resolved"


class AlertView(msgspec.Struct, frozen=True, kw_only=True):
    """One alert about one subject. Moments are wall clock, nanoseconds UTC.

    Attributes:
        id: short, and unique for this bot for ever.
        rule: the name of what was judged. subject: what it was judged of, for example a symbol or a connection.
        text: what is, and what it means. todo: what to do.
        since: of its first firing. fired_at: of its latest, where it came back within its cooldown.
        times: how often it fired.
        sent_at: when it was last sent to the channels; None while it was not, for example in quiet hours.
        cleared_at: when they were told that it is over; None where they were not.
        by: who acknowledged it; empty while nobody has.
    """

    id: str
    rule: str
    subject: str
    severity: Severity
    text: str
    todo: str
    since: int
    fired_at: int
    phase: Phase = Phase.FIRING
    times: int = 1
    sent_at: int | None = None
    cleared_at: int | None = None
    by: str = ""
    acknowledged_at: int | None = None
    resolved_at: int | None = None

    @property
    def open(self) -> bool:
        """Whether what it is about goes on."""
        return self.phase is not Phase.RESOLVED

    @property
    def firing(self) -> bool:
        """Whether it goes on and nobody has seen it."""
        return self.phase is Phase.FIRING


class ChannelView(msgspec.Struct, frozen=True, kw_only=True):
    """One way to people. Its address is a secret and is not here.

    Attributes:
        kind: of its address, for example ``mailto`` or ``tgram``.
        state: ``works``, ``dead`` or ``unused``.
        why: why the last try failed; empty where it did not.
        since: wall clock of the last change of state; None while it is unused.
        waiting: messages that wait. dropped: messages that were given up. delivered: messages that got through.
    """

    name: str
    kind: str
    state: str = "unused"
    why: str = ""
    since: int | None = None
    waiting: int = 0
    dropped: int = 0
    delivered: int = 0


class AlertsView(msgspec.Struct, frozen=True, kw_only=True):
    """What goes on, and who would be told of it.

    Attributes:
        open: firing and acknowledged ones, the worst first, then the newest.
        quiet_until: wall clock of the end of the quiet hours; None outside them.
    """

    open: tuple[AlertView, ...] = ()
    channels: tuple[ChannelView, ...] = ()
    quiet_until: int | None = None

    @property
    def firing(self) -> tuple[AlertView, ...]:
        """Those that nobody has seen yet."""
        return tuple(alert for alert in self.open if alert.firing)
