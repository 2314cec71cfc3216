"""When somebody is told of an alert."""

from __future__ import annotations

import msgspec

from radtui.core.alert_view import AlertView, Severity
from radtui.core.market import HOUR, MINUTE
from radtui.health.alerts.quiet import Quiet


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The operator's choices. Spans in nanoseconds.

    Attributes:
        cooldown: a rule tells of the same subject once in so long.
        repeat: what nobody has acknowledged is told again after so long; 0: never.
        calm: so long nothing may be found before an alert is over.
        least: the least severity that is sent.
        muted: rules that are not judged.
    """

    cooldown: int = 15 * MINUTE
    repeat: int = HOUR
    calm: int = MINUTE
    least: Severity = Severity.WARNING
    muted: tuple[str, ...] = ()
    quiet: Quiet | None = None

    def quiet_until(self, at: int) -> int | None:
        """Return when the quiet hours end in which `at` lies; None outside them."""
        return self.quiet.until(at) if self.quiet else None

    def fires(self, alert: AlertView, at: int) -> bool:
        """Return whether its firing is to be told now: once, again after a while, or again where it came back."""
        if not alert.firing or not self._may(alert, at):
            return False
        if alert.sent_at is None:
            return True
        silent = at - alert.sent_at
        return (alert.fired_at > alert.sent_at and silent >= self.cooldown) or 0 < self.repeat <= silent

    def clears(self, alert: AlertView, at: int) -> bool:
        """Return whether its end is to be told now: only of what was told, and not while it may come back unsaid."""
        told = alert.sent_at is not None and alert.cleared_at is None and not alert.open
        return told and at - alert.since >= self.cooldown and self._may(alert, at)

    def _may(self, alert: AlertView, at: int) -> bool:
        held = self.quiet is not None and self.quiet.holds(alert.severity, at)
        return alert.severity.rank >= self.least.rank and not held
