"""Engines elsewhere: how their lines are, who holds control, and a fleet of them."""

from __future__ import annotations

from typing import Final

import scenes
from pieces import NOW
from scripted import ScriptedDoor, ScriptedEngine

from radtui.core.market import MINUTE, SECOND
from radtui.core.snapshot import Snapshot
from radtui.engine.helm import HelmView
from radtui.engine.remote import Line, LineState
from radtui.engine.replica import unheard
from radtui.tui.reach import Reach, Tab

MINE: Final = HelmView(holder="cli:lena/pts-1", since=NOW - MINUTE, yours=True)
THEIRS: Final = HelmView(holder="cli:bob/pts-4", since=NOW - 9 * MINUTE)
LIVE: Final = Line(state=LineState.LIVE, since=60.0)
FAR: Final = Line(state=LineState.LIVE, since=60.0, latency=0.104)
LOST: Final = Line(state=LineState.LOST, since=14.0, why="it answered no ping for 7 s")
CONNECTING: Final = Line(state=LineState.CONNECTING, since=3.0)
REFUSED: Final = Line(state=LineState.REFUSED, since=2.0, why="the token is missing or not accepted there")
TABS: Final = (Tab("alpha", here=True), Tab("beta", mark="‼"), Tab("gamma@server"))

REACHES: Final = {
    "live": Reach("alpha", LIVE, MINE),
    "far": Reach("alpha@server", FAR, MINE, host="server"),
    "free": Reach("alpha", LIVE),
    "watching": Reach("alpha", LIVE, THEIRS),
    "only-looking": Reach("alpha@server", FAR, THEIRS, controls=False, host="server"),
    "late": Reach("alpha@server", FAR, MINE, host="server"),
    "lost": Reach("alpha@server", LOST, MINE, host="server"),
    "connecting": Reach("server:8001", CONNECTING, heard=False, host="server"),
    "refused": Reach("server:8001", REFUSED, heard=False, host="server"),
    "tabs": Reach("alpha", LIVE, MINE, tabs=TABS),
    "taken": Reach("alpha", None, THEIRS),
}
LATE: Final = {"late": 2, "lost": 16}
"""Seconds since the picture was made, where it is not a fresh one."""


def nothing() -> Snapshot:
    """Return what is known of an engine that was never heard."""
    return unheard("server:8001")


def doors() -> list[ScriptedDoor]:
    """Return a fleet: one works, one is in error, one trades real money off the line, one was never heard."""
    away = scenes.changed(scenes.live(), bot="gamma", at=NOW - 16 * SECOND)
    shown = (
        (scenes.running(), Reach("alpha", LIVE, MINE)),
        (scenes.changed(scenes.failed(), bot="beta"), Reach("beta", LIVE, THEIRS)),
        (away, Reach("gamma@server", LOST, MINE, host="server")),
        (nothing(), Reach("server:8001", REFUSED, heard=False, host="server")),
    )
    return [ScriptedDoor(ScriptedEngine(each), lambda: NOW, reach) for each, reach in shown]
