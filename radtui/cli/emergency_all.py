"""``radtui emergency-stop --all``: every bot flat, those whose engine runs and those whose engine is no more.

Engines that run are told at the same moment, and each flattens by itself. A bot without one, of the settings that this
command was given, is flattened afterwards by an engine of this command's own, one after the other: they share a lock.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from radtui.api.views import GOING_ON
from radtui.cli.account import control_socket, journal_file
from radtui.cli.answers import shortfall
from radtui.cli.emergency import AGAIN, have_it_typed, previewed, user
from radtui.cli.engines import RunningEngine, listening, no_engine
from radtui.cli.failures import Exit, Failure
from radtui.cli.opening import opened
from radtui.cli.streams import complain
from radtui.cli.together import Outcome, at_once, both_named, concluded, said, told
from radtui.cli.where import Where
from radtui.core.instruction import Ask
from radtui.core.memory import MemoryRefused
from radtui.settings.places import places
from radtui.settings.squad import of_bot
from radtui.settings.tree import Settings
from radtui.store.faults import BackupRefused
from radtui.store.last_known import last_known

_ASK: Final = Ask.EMERGENCY_STOP
_NOBODY: Final = "not done within the timeout, and nobody goes on trying"


def stop_all(where: Where, seconds: float, particulars: Mapping[str, Any], *, yes: bool, as_json: bool) -> int:
    """Stop them; each gets its receipt.

    Raises:
        Failure: there is nobody to stop (exit code 3), or one is not flat (4, with its name).
    """
    if where.bot is not None:
        raise both_named()
    engines, orphans = _found(where)
    if not engines and not orphans:
        raise no_engine(None)
    _confirm(engines, orphans, particulars, yes=yes)
    until = time.monotonic() + seconds
    heard = said(as_json=as_json)
    outcomes = at_once(lambda each: told(each, _ASK, seconds, particulars), engines, heard)
    for orphan in orphans:
        outcomes.append(_flattened(orphan, max(1.0, until - time.monotonic()), particulars))
        heard(outcomes[-1])
    return concluded(outcomes, as_json=as_json)


def _confirm(
    engines: Sequence[RunningEngine], orphans: Sequence[Where], particulars: Mapping[str, Any], *, yes: bool
) -> None:
    """Show what would be done by each, and have the word typed once.

    Raises:
        Failure: another word was typed, or none.
    """
    names = [*(f"{each.name} (pid {each.pid})" for each in engines), *(f"{each.bot} (no engine)" for each in orphans)]
    complain(f"radtui: emergency stop of {', '.join(names)}")
    if yes:
        return
    looked = at_once(lambda each: previewed(each, particulars), engines)
    for engine, lines in zip(engines, looked, strict=True):
        for line in lines:
            complain(f"  {engine.name}: {line}")
    have_it_typed()


def _found(where: Where) -> tuple[list[RunningEngine], list[Where]]:
    """Return the engines that are meant, and what finds each bot of these settings without one that may hold something.

    Without settings all engines that run here are meant.
    """
    settings = opened(where.flags()).settings
    bots = [of_bot(settings, name) for name in settings.bots] or [settings]
    sockets = {control_socket(each, places(each)): each for each in bots}
    engines = [each for each in listening() if where == Where() or each.path in sockets]
    flown = {each.path for each in engines}
    orphans = [each for path, each in sockets.items() if path not in flown and may_hold(each)]
    return engines, [replace(where, bot=each.bot.name) for each in orphans]


def may_hold(settings: Settings) -> bool:
    """Return whether a bot that nobody flies had something open when its journal was last written."""
    file = journal_file(settings, places(settings))
    if not file.exists():
        return False
    try:
        known = last_known(file)
    except (BackupRefused, MemoryRefused):
        return True
    return bool(known.positions or known.orders)


def _flattened(where: Where, seconds: float, particulars: Mapping[str, Any]) -> Outcome:
    """Fly an engine of a bot that nobody flies, until it is flat."""
    from radtui.cli.rescue import rescue

    name = where.bot or ""
    complain(f"radtui: no engine of {name} answers here; this command flies one that only flattens")
    try:
        with rescue(where.flags(), f"cli:{user()}") as engine:
            answer = engine.tell(_ASK, seconds, particulars)
    except Failure as failure:
        failure.code = Exit.NOT_SAFE  # it had something open, and nobody closes it now
        return Outcome(name, None, failure)
    if answer.success is None:  # the engine that was told is no more
        answer = msgspec.structs.replace(answer, message=answer.message.replace(GOING_ON, _NOBODY))
    return Outcome(name, answer, shortfall(_ASK, answer, again=AGAIN))
