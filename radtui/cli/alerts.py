"""``radtui alerts [list|ack|history|test]``: what fires, that it was seen, what did, and whether the channels work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from cyclopts import Parameter

from radtui.api.alert_views import Alerts
from radtui.cli.answers import document, finish, moment, table
from radtui.cli.engines import NOTHING_DONE, RunningEngine, Silent, chosen, no_answer
from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.cli.telling import AsJson, Bot, Timeout, patient
from radtui.core.alert_view import AlertView, ChannelView
from radtui.core.instruction import Ask

PATIENCE: Final = 20.0
"""Seconds that a test of the channels may take, and more."""
_OPEN: Final = ("ID", "SEVERITY", "SINCE (UTC)", "STATE", "RULE", "SUBJECT", "WHAT")
_OVER: Final = ("ID", "SEVERITY", "SINCE (UTC)", "OVER (UTC)", "TIMES", "RULE", "SUBJECT", "WHAT")
_CHANNELS: Final = ("CHANNEL", "KIND", "STATE", "DELIVERED", "WAITING", "DROPPED", "")
Doing = Literal["list", "ack", "history", "test"]


def alerts(
    doing: Annotated[Doing, Parameter(help="What to do.")] = "list",
    subject: Annotated[str, Parameter(help="ID of the alert to acknowledge, or name of the channel to test.")] = "",
    /,
    *,
    every: Annotated[bool, Parameter(name="--all", help="Acknowledge all that fire.", negative="")] = False,
    bot: Bot = None,
    timeout: Timeout = PATIENCE,
    as_json: AsJson = False,
) -> int:
    """List what fires; `ack ID` or `ack --all` says that you have seen it; `history` lists what is over.

    `test [CHANNEL]` sends a message through each channel, and exits 1 naming those that are dead.
    """
    _check(doing, subject, every=every)
    engine = chosen(bot)
    try:
        if doing == "ack":
            return _tell(engine, Ask.ACKNOWLEDGE, f"api/alerts{subject and f'/{subject}'}/ack", {}, timeout, as_json)
        if doing == "test":
            return _tell(engine, Ask.TEST_ALERTS, "api/alerts/test", {"channel": subject}, timeout, as_json)
        found = engine.get("/api/alerts").read(Alerts)
    except Silent as silent:
        raise no_answer(engine, silent) from None
    if as_json:
        say(document(found))
    else:
        say(_history(found.history) if doing == "history" else _page(found))
    return Exit.DONE


def _check(doing: Doing, subject: str, *, every: bool) -> None:
    wrong = ""
    if doing == "ack" and bool(subject) is every:
        wrong = "ack needs an ID, or --all"
    elif doing != "ack" and every:
        wrong = f"--all belongs to ack, not to {doing}"
    elif doing in {"list", "history"} and subject:
        wrong = f"{doing} takes no {subject}"
    elif doing == "ack" and not every and not subject.isdecimal():
        wrong = f"{subject!r} is no ID of an alert"
    if wrong:
        raise Failure(wrong, means=NOTHING_DONE, todo="`radtui alerts` lists them with their IDs", code=Exit.USAGE)


def _tell(
    engine: RunningEngine, ask: Ask, route: str, particulars: dict[str, str], timeout: float, as_json: bool
) -> int:
    answer = engine.tell(ask, patient(timeout), particulars, route=route)
    return finish(ask, answer, as_json=as_json)


def _page(found: Alerts) -> str:
    lines = [table(_OPEN, map(_open, found.open)) if found.open else "nothing fires"]
    lines += [f"{each.id}: what to do: {each.todo}" for each in found.open if each.firing]
    if found.quiet_until is not None:
        lines.append(f"quiet hours until {moment(found.quiet_until)} UTC: only what must wake somebody is sent")
    if found.channels:
        lines += ["", table(_CHANNELS, map(_channel, found.channels))]
    else:
        lines.append("no channel is set: alerts reach only the log and the cockpit; see alerts.channels")
    return "\n".join(lines)


def _history(over: Sequence[AlertView]) -> str:
    return table(_OVER, map(_over, over)) if over else "no alert is over yet"


def _open(each: AlertView) -> tuple[str, ...]:
    state = f"seen by {each.by}" if each.by else each.phase.upper()
    return (each.id, each.severity, moment(each.since), state, each.rule, each.subject, each.text)


def _over(each: AlertView) -> tuple[str, ...]:
    moments = moment(each.since), moment(each.resolved_at)
    return (each.id, each.severity, *moments, str(each.times), each.rule, each.subject, each.text)


def _channel(each: ChannelView) -> tuple[str, ...]:
    state = each.state.upper() if each.state == "dead" else each.state
    return (each.name, each.kind, state, str(each.delivered), str(each.waiting), str(each.dropped), each.why)
