"""From the settings of the alerts to the channels that tell people."""

from __future__ import annotations

from functools import partial

from radtui.health.alerts.own_rules import LONGEST_SILENCE
from radtui.health.channels.by_apprise import AppriseCarrier
from radtui.health.channels.channel import Channel
from radtui.health.channels.message import of_silence
from radtui.health.channels.outlet import Outlet
from radtui.resilience.redaction import redact
from radtui.settings.alerting import Alerts


def outlet(alerts: Alerts, bot: str, mode: str) -> Outlet:
    """Return the channels that are set, not opened yet; what leaves through them is without secrets."""
    return Outlet(
        [Channel(name, AppriseCarrier(url.get_secret_value())) for name, url in alerts.channels.items()],
        longest=LONGEST_SILENCE,
        silent=partial(of_silence, bot, mode),
        redact=redact,
    )
