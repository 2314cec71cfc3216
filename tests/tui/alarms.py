"""Snapshots of bots of which there is something to tell."""

from __future__ import annotations

import scenes
from msgspec.structs import replace
from pieces import NOW

from radtui.core.alert_view import AlertsView, AlertView, ChannelView, Phase, Severity
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.snapshot import Snapshot

BARE = AlertView(
    id="14",
    rule="position-bare",
    subject="XBTUSDTM",
    severity=Severity.ALARM,
    text="XBTUSDTM has had no confirmed stop for 9 s, limit 5 s; it is being closed, and closing is tried again until "
    "it is done",
    todo="look at the exchange; `radtui emergency-stop` closes everything",
    since=NOW - 4 * SECOND,
    fired_at=NOW - 4 * SECOND,
    sent_at=NOW - 3 * SECOND,
)
SLOW = AlertView(
    id="12",
    rule="feed-latency",
    subject="public 1",
    severity=Severity.WARNING,
    text="connection public 1 answers after 1240 ms, limit 1000 ms",
    todo="check the line of this machine; where it is well, the exchange's own status page",
    since=NOW - 42 * MINUTE,
    fired_at=NOW - 20 * MINUTE,
    times=3,
)
SEEN = replace(
    BARE,
    id="11",
    rule="guardian-missing",
    subject="guardian",
    severity=Severity.ERROR,
    text="no guardian (no answer on its socket): if this engine died, nobody would look after its orders",
    todo="start one: `radtui guard`; its log says why it ended",
    since=NOW - 2 * HOUR,
    phase=Phase.ACKNOWLEDGED,
    by="cli:bob",
    acknowledged_at=NOW - HOUR,
)
OVER = replace(
    SLOW,
    id="9",
    rule="journal-failing",
    subject="journal",
    severity=Severity.ALARM,
    text="The journal cannot be written: the disk is full. No new entries; stops stay on the exchange.",
    since=NOW - 30 * HOUR,
    times=1,
    phase=Phase.RESOLVED,
    resolved_at=NOW - 29 * HOUR,
)
CHANNELS = (
    ChannelView(name="phone", kind="tgram", state="works", since=NOW - HOUR, delivered=4),
    ChannelView(
        name="mail",
        kind="mailto",
        state="dead",
        why="no answer within 10 s",
        since=NOW - 2 * HOUR,
        waiting=3,
        dropped=1,
    ),
    ChannelView(name="desk", kind="dbus"),
)


def alarmed() -> Snapshot:
    """Return a bot with an alarm, a warning, one that was seen, one that is over, and a dead channel."""
    alerts = AlertsView(open=(BARE, SEEN, SLOW), channels=CHANNELS, quiet_until=NOW + 5 * HOUR)
    return scenes.changed(scenes.running(), alerts=alerts, alert_history=(OVER,))


def warned() -> Snapshot:
    """Return a bot with one warning, and nobody but its log to tell."""
    return scenes.changed(scenes.running(), alerts=AlertsView(open=(SLOW,)))
