"""An old picture of an engine as it is to be seen now: ages go on, and a loop that hangs is said to.

The engine's own loop makes the pictures and judges the alerts. Where it hangs, both stand still and show a bot that
is well; so whoever answers for it counts on from when the last picture was made. Pure.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from radtui.core.alert_view import AlertView
from radtui.core.health_view import WorkerView
from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.core.status_view import StatusView
from radtui.health.alerts.own_rules import LONGEST_SILENCE, SILENT, hanging

FRESH: Final = 3.0
"""Seconds for which a picture is shown as it is: one is made every second, a little later under load."""
UNNUMBERED: Final = "0"
"""The id of an alert that is in no book: the loop that keeps the book hangs."""


def aged(picture: Snapshot, age: int, hangs: int) -> Snapshot:
    """Return `picture` as of now. Its `at` stays: that is when its figures were read.

    Args:
        age: whole seconds since it was made. hangs: whole seconds for which the loop has stood still; 0: it turns.
    """
    older = replace(picture, workers=tuple(_older(each, age) for each in picture.workers))
    return _hung(older, age, hangs) if hangs else older


def what_to_do(pid: int) -> str:
    """Return the way out of a hang, for people."""
    return f"`radtui emergency-stop` ends it and closes everything; or `kill -9 {pid}`, and start radtui again"


def what_hangs(hangs: int) -> str:
    """Return that an engine hangs, and what that means for the money."""
    return (
        f"the engine hangs: its loop has stood still for {hangs} s; no cycles, no new stops, no exits but those that "
        "rest on the exchange; what is shown is as old"
    )


def _hung(picture: Snapshot, age: int, hangs: int) -> Snapshot:
    notice = f"{what_hangs(hangs)}{_bare(picture)}; {what_to_do(picture.process.pid)}"
    return replace(
        picture,
        hangs=hangs,
        status=_halted(picture.status, f"the engine hangs for {hangs} s"),
        notices=(notice, *picture.notices),
        alerts=replace(picture.alerts, open=(*_silent(picture, age, hangs), *picture.alerts.open)),
    )


def _older(worker: WorkerView, age: int) -> WorkerView:
    if worker.age is None:
        return worker
    now = worker.age + age
    return replace(worker, age=now, healthy=worker.healthy and now <= worker.limit)


def _halted(status: StatusView, why: str) -> StatusView:
    return replace(status, trading=Mode.HALTED, reasons=(why, *status.reasons))


def _bare(picture: Snapshot) -> str:
    bare = [each.symbol for each in picture.positions if each.own and not each.stop_resting]
    return f"; NO CONFIRMED STOP when it was last seen: {', '.join(bare)}" if bare else ""


def _silent(picture: Snapshot, age: int, hangs: int) -> tuple[AlertView, ...]:
    """Return the alert that the engine cannot raise any more."""
    if hangs <= LONGEST_SILENCE or any(each.rule == SILENT.name for each in picture.alerts.open):
        return ()
    since = picture.at + (age - hangs) * SECOND
    finding = hanging(hangs)
    alert = AlertView(
        id=UNNUMBERED,
        rule=SILENT.name,
        subject=finding.subject,
        severity=SILENT.severity,
        text=finding.text,
        todo=what_to_do(picture.process.pid),
        since=since,
        fired_at=since,
    )
    return (alert,)
