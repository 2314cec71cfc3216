"""Who flattens: the engine that runs; where none answers, or it hangs and is ended, one of this command's own."""

from __future__ import annotations

import getpass
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from radtui.api.views import GOING_ON, Answer
from radtui.cli.account import control_socket
from radtui.cli.answers import shortfall
from radtui.cli.confirming import announce_hang, announce_kill, confirm, have_it_typed
from radtui.cli.engines import NOTHING_DONE, RunningEngine, Silent, listed, running
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.hung import QUEUED, beside, end_hung
from radtui.cli.opening import opened
from radtui.cli.streams import complain
from radtui.cli.together import Outcome
from radtui.cli.where import Where
from radtui.core.instruction import Ask
from radtui.settings.places import places
from radtui.settings.squad import of_bot

ASK: Final = Ask.EMERGENCY_STOP
AGAIN: Final = "give this command again, or start the bot: either goes on where this one left off"
SETTINGS: Final = "--bot, --config, --state, --exchange, --kucoin-url"
_LOOK: Final = 0.25
"""Seconds between two looks for the socket of an engine that is starting."""
_NOBODY: Final = "not done within the timeout, and nobody goes on trying"
_KEPT: Final = "Positions may be open; they keep their stops on the exchange."
_UNCONFIRMED: Final = f"The process was not ended. {_KEPT}\n{QUEUED}"


def told_to_flatten(
    engine: RunningEngine, where: Where, seconds: float, particulars: Mapping[str, Any], *, yes: bool
) -> list[Outcome]:
    """Have an engine that runs flatten, and take its place where it cannot; nothing is asked of it before the word.

    Raises:
        Failure: it was not confirmed, or nobody flattens.
    """
    complain(f"radtui: emergency stop of {engine.name} (pid {engine.pid})")
    if where.bot == str(engine.pid):
        where = replace(where, bot=engine.bot)
    hangs = engine.seen.hangs if engine.seen else 0
    if hangs and not yes:
        announce_hang(hangs)
        announce_kill(beside(engine))
        have_it_typed()
    elif not hangs:
        confirm(engine, particulars, yes=yes)
    until = time.monotonic() + seconds
    try:
        answer = engine.tell(ASK, seconds, particulars)
    except Silent as silent:
        complain(f"radtui: the engine (pid {engine.pid}) fell silent: {silent}")
        return [_take_over(engine, where, max(1.0, until - time.monotonic()), particulars)]
    if not answer.hangs:
        return [Outcome(engine.bot, answer, shortfall(ASK, answer))]
    for line in (answer.message, *(f"still there: {each}" for each in answer.remaining)):
        complain(f"  {line}")
    return instead_of(engine, where, seconds, particulars, yes=yes or bool(hangs))


def instead_of(
    hung: RunningEngine, where: Where, seconds: float, particulars: Mapping[str, Any], *, yes: bool
) -> list[Outcome]:
    """End the process of an engine that hangs, which was told to flatten, and flatten all its bots in its place.

    Args:
        seconds: for all of them, from when the process has ended.

    Raises:
        Failure: it was not ended (exit code 4).
    """
    ended = beside(hung)
    try:
        bots = bots_of(where)  # read before it is ended: afterwards nothing may stand in the way any more
        _check_ready(_own_of(hung, bots))
        if not yes:
            announce_kill(ended)
            have_it_typed(otherwise=_UNCONFIRMED, code=Exit.NOT_SAFE)
        end_hung(hung)
    except Failure as failure:
        if failure.code == Exit.NOT_SAFE:
            raise
        raise _not_followed(f"the engine hangs (pid {hung.pid})", failure, QUEUED) from None
    complain(f"radtui: process {hung.pid} is gone; its stops rest on the exchange")
    return _in_place_of(ended, bots, seconds, particulars)


def _check_ready(where: Where) -> None:
    from radtui.cli.rescue import check_ready

    check_ready(where.flags())


def _in_place_of(
    ended: Sequence[RunningEngine], bots: Mapping[Path, Where], seconds: float, particulars: Mapping[str, Any]
) -> list[Outcome]:
    """Flatten the bots of a process that is no more, one after the other: they share a lock.

    A service manager may have started it anew by then.
    """
    until = time.monotonic() + seconds
    outcomes: list[Outcome] = []
    for each in ended:
        found = bots.get(each.path)
        if found is None:
            outcomes.append(Outcome(each.bot, None, _nobodys(each)))
        else:
            outcomes += _followed(found, each.bot, max(1.0, until - time.monotonic()), particulars)
    return outcomes


def _followed(where: Where, bot: str, seconds: float, particulars: Mapping[str, Any]) -> list[Outcome]:
    try:
        return where_none_answers(where, seconds, particulars, yes=True)
    except Failure as failure:
        unsafe = failure.code == Exit.NOT_SAFE
        return [
            Outcome(bot, None, failure if unsafe else _not_followed("the engine hung and is ended", failure, _KEPT))
        ]


def _nobodys(engine: RunningEngine) -> Failure:
    return Failure(
        f"the engine hung and is ended, and the settings given here do not name {engine.name}, which was in it",
        means=_KEPT + " Nobody looks after them now.",
        todo=f"give this command again with the settings that it had ({SETTINGS}), or start it again",
        code=Exit.NOT_SAFE,
    )


def bots_of(where: Where) -> dict[Path, Where]:
    """Return what finds each bot of the settings, by its control socket.

    Raises:
        Failure: the settings cannot be used (exit code 2).
    """
    settings = opened(where.flags()).settings
    bots = [of_bot(settings, name) for name in settings.bots] or [settings]
    return {control_socket(each, places(each)): replace(where, bot=each.bot.name) for each in bots}


def where_none_answers(where: Where, seconds: float, particulars: Mapping[str, Any], *, yes: bool) -> list[Outcome]:
    """Fly an engine that flattens; while a process holds the account, wait for its socket or for its end.

    Raises:
        Failure: it was not confirmed, or nobody flattens.
    """
    from radtui.cli.awaited import arrived, check_that_it_answers, in_vain
    from radtui.cli.rescue import Held

    check_that_it_answers(where.flags())
    until, waiting = time.monotonic() + seconds, False
    while True:
        left = max(1.0, until - time.monotonic())
        try:
            return [by_ourselves(where.flags(), left, particulars, yes=yes)]
        except Held as held:
            if time.monotonic() >= until:
                raise in_vain(where.flags(), held, seconds) from None
            if not waiting:
                complain("radtui: a process holds this account and has no control socket yet; waiting for it")
            waiting = True
        time.sleep(_LOOK)
        engine = arrived(where)
        if engine is not None:
            left = max(1.0, until - time.monotonic())
            return told_to_flatten(engine, where, left, particulars, yes=yes)


def _take_over(silent: RunningEngine, where: Where, seconds: float, particulars: Mapping[str, Any]) -> Outcome:
    """Go on where an engine fell silent; whatever keeps us from it, something may remain."""
    try:
        return by_ourselves(_own_of(silent, bots_of(where)).flags(), seconds, particulars, yes=True)
    except Failure as failure:
        if failure.code == Exit.NOT_SAFE:
            raise
        raise _not_followed("the engine fell silent", failure, "What it was told may have been heard.") from None


def _not_followed(how: str, failure: Failure, told: str) -> Failure:
    """Return the failure of a command that cannot take an engine's place.

    Args:
        told: what becomes of what it was told.
    """
    return Failure(
        f"{how}, and this command cannot take over: {failure.title}",
        means="\n".join(dict.fromkeys((failure.means, told, _KEPT))),
        todo=failure.todo,
        code=Exit.NOT_SAFE,
    )


def _own_of(engine: RunningEngine, bots: Mapping[Path, Where]) -> Where:
    """Return what finds the bot of an engine that does not answer, among those of the settings given.

    Raises:
        Failure: they are not of the account that it flies.
    """
    found = bots.get(engine.path)
    if found is not None:
        return found
    raise Failure(
        "the settings given here are of another account",
        todo=f"give the settings that it had ({SETTINGS})"
        + (f"; `ps -fp {engine.pid}` may show them" if engine.alive else ""),
    )


def by_ourselves(flags: Flags, seconds: float, particulars: Mapping[str, Any], *, yes: bool) -> Outcome:
    """Fly an engine that only flattens, until it is flat.

    Raises:
        Held: a process holds the account (exit code 4).
        Failure: there is nothing to fly on or with, or it was not confirmed.
    """
    from radtui.cli.rescue import is_held, journal_of, rescue

    journal, others = journal_of(flags), listed(running())
    if not journal.exists() and not is_held(flags):
        raise Failure(
            f"no engine of {journal.stem} runs here, and it has no journal at {journal}",
            means=f"{NOTHING_DONE} Whether anything is open at the exchange is not known."
            + (f"\nOthers run here: {others}." if others else ""),
            todo=f"give the settings that the engine had ({SETTINGS})",
            code=Exit.NO_ENGINE,
        )
    with rescue(flags, f"cli:{user()}") as engine:
        complain(
            f"radtui: no engine of {journal.stem} answers here; this command flies one that only flattens: {journal}"
        )
        confirm(engine, particulars, yes=yes)
        answer = _alone(engine.tell(ASK, seconds, particulars))
    return Outcome(flags.bot or journal.stem, answer, shortfall(ASK, answer, again=AGAIN))


def _alone(answer: Answer) -> Answer:
    """Return the answer of an engine that is no more."""
    if answer.success is not None:
        return answer
    return msgspec.structs.replace(answer, message=answer.message.replace(GOING_ON, _NOBODY))


def user() -> str:
    """Return who gives this command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, as in many containers
        return str(os.getuid())
