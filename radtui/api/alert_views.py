"""What the API answers of the alerts. Shared with the commands, free of any server."""

from __future__ import annotations

from radtui.api.views import View
from radtui.core.alert_view import AlertView, ChannelView
from radtui.core.snapshot import Snapshot


class Alerts(View, frozen=True, kw_only=True):
    """What fires, what did, and who is told (rows M3, S11). Moments are nanoseconds UTC.

    Attributes:
        firing: how many nobody has acknowledged.
        open: firing and acknowledged ones, the worst first. history: those that are over, the newest first.
        quiet_until: the end of the quiet hours; None outside them.
    """

    bot: str
    firing: int
    open: tuple[AlertView, ...]
    history: tuple[AlertView, ...]
    channels: tuple[ChannelView, ...]
    quiet_until: int | None


def alerts(snapshot: Snapshot) -> Alerts:
    """Return the alerts of an engine."""
    seen = snapshot.alerts
    return Alerts(
        bot=snapshot.bot,
        firing=len(seen.firing),
        open=seen.open,
        history=snapshot.alert_history,
        channels=seen.channels,
        quiet_until=seen.quiet_until,
    )
