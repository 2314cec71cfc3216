"""``radtui emergency-stop``: flat, with a receipt, whether the engine still lives or not (row L9)."""

from __future__ import annotations

import getpass
import os
import sys
import time
from collections.abc import Mapping
from typing import Annotated, Any, Final, Protocol

import msgspec
from cyclopts import Parameter

from radtui.api.views import GOING_ON, Answer
from radtui.cli.answers import finish, preview_lines
from radtui.cli.engines import NOTHING_DONE, RunningEngine, Silent, listed, listening, running
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.hung import end_hung
from radtui.cli.streams import complain
from radtui.cli.telling import PATIENCE, AsJson, Timeout, Why, patient
from radtui.cli.where import Where
from radtui.core.instruction import Ask, ExitPolicy

_HERE: Final = Where()
WORD: Final = "STOP"
_LOOK: Final = 0.25
"""Seconds between two looks for the socket of an engine that is starting."""
_PREVIEW_WITHIN: Final = 5.0
AGAIN: Final = "give this command again, or start the bot: either goes on where this one left off"
_SETTINGS: Final = "--bot, --config, --state, --exchange, --kucoin-url"


class Told(Protocol):
    """Whoever carries it out: the engine that runs, or one of this command's own."""

    def tell(self, ask: Ask, timeout: float, particulars: Mapping[str, Any]) -> Answer:
        """Give an instruction and wait at most `timeout` seconds for its receipt."""
        ...


def emergency_stop(
    *,
    where: Where = _HERE,
    yes: Annotated[
        bool, Parameter(help="Do not ask for the word, nor before an engine that hangs is killed.", negative="")
    ] = False,
    include_foreign: Annotated[
        bool, Parameter(help="Also cancel and close what is not this bot's.", negative="")
    ] = False,
    every: Annotated[
        bool, Parameter(name="--all", help="All bots that fly here, and those of the settings.", negative="")
    ] = False,
    why: Why = "",
    timeout: Timeout = PATIENCE,
    as_json: AsJson = False,
) -> int:
    """Cancel all entries, close all positions, read back flat, cancel the stops; print the receipt.

    Where no engine runs but its journal is here, this command flies one that only flattens; one that hangs is killed
    first. Exit 4 after the timeout, naming what remains: an engine that runs goes on trying, and the next start goes
    on where this command left off.
    Where several run and none is named, they are listed, and one word stops all of them.
    """
    seconds = patient(timeout)
    if not yes and not sys.stdin.isatty():
        raise Failure(
            "emergency-stop asks for a word, and there is no terminal to ask on",
            means="Nothing was asked of any engine.",
            todo="give --yes",
            code=Exit.USAGE,
        )
    particulars = {"why": why, "foreign": include_foreign}
    if every or (not yes and where == _HERE and len(listening()) > 1):
        from radtui.cli.emergency_all import stop_all

        return stop_all(where, seconds, particulars, yes=yes, as_json=as_json)
    engine = _running(where)
    if engine is None:
        return _where_none_answers(where, seconds, particulars, yes=yes, as_json=as_json)
    return _tell(engine, where, seconds, particulars, yes=yes, as_json=as_json)


def _tell(
    engine: RunningEngine, where: Where, seconds: float, particulars: Mapping[str, Any], *, yes: bool, as_json: bool
) -> int:
    complain(f"radtui: emergency stop of {engine.name} (pid {engine.pid})")
    if engine.seen is None or not engine.seen.hangs:
        _confirm(engine, particulars, yes=yes)
    until = time.monotonic() + seconds
    try:
        answer = engine.tell(Ask.EMERGENCY_STOP, seconds, particulars)
        if not answer.hangs:
            return finish(Ask.EMERGENCY_STOP, answer, as_json=as_json)
    except Silent as silent:
        complain(f"radtui: the engine (pid {engine.pid}) fell silent: {silent}")
    else:
        return _instead_of(engine, answer, where, seconds, particulars, yes=yes, as_json=as_json)
    return _take_over(engine, where, max(1.0, until - time.monotonic()), particulars, as_json=as_json)


def _instead_of(
    hung: RunningEngine,
    answer: Answer,
    where: Where,
    seconds: float,
    particulars: Mapping[str, Any],
    *,
    yes: bool,
    as_json: bool,
) -> int:
    """End an engine that hangs, and flatten in its place; a service manager may have started it anew by then."""
    _end(hung, answer, where, yes=yes)
    try:
        return _where_none_answers(where, seconds, particulars, yes=True, as_json=as_json)
    except Failure as failure:
        if failure.code == Exit.NOT_SAFE:
            raise
        raise _not_followed("the engine hung and is ended", failure) from None


def _end(hung: RunningEngine, answer: Answer, where: Where, *, yes: bool) -> None:
    """End an engine that hangs, so that another one can flatten in its place; none that could not be followed.

    Raises:
        Failure: it was not ended.
    """
    from radtui.cli.rescue import check_ready

    for line in (answer.message, *(f"still there: {each}" for each in answer.remaining)):
        complain(f"  {line}")
    try:
        _check_that(where, hung)
        check_ready(where.flags())
    except Failure as failure:
        raise _not_followed(f"the engine hangs (pid {hung.pid})", failure) from None
    complain(f"  This kills process {hung.pid}, with every bot in it, and closes in its place what is there.")
    if not yes:
        have_it_typed()
    end_hung(hung)
    complain(f"radtui: process {hung.pid} is gone; its stops rest on the exchange")


def _where_none_answers(
    where: Where, seconds: float, particulars: Mapping[str, Any], *, yes: bool, as_json: bool
) -> int:
    """Fly an engine that flattens; while a process holds the account, wait for its socket or for its end."""
    from radtui.cli.awaited import arrived, check_that_it_answers, in_vain
    from radtui.cli.rescue import Held

    check_that_it_answers(where.flags())
    until, waiting = time.monotonic() + seconds, False
    while True:
        left = max(1.0, until - time.monotonic())
        try:
            return _by_ourselves(where.flags(), left, particulars, yes=yes, as_json=as_json)
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
            return _tell(engine, where, left, particulars, yes=yes, as_json=as_json)


def _running(where: Where) -> RunningEngine | None:
    try:
        return where.engine()
    except Failure as failure:
        if failure.code != Exit.NO_ENGINE:
            raise
        return None


def _take_over(
    silent: RunningEngine, where: Where, seconds: float, particulars: Mapping[str, Any], *, as_json: bool
) -> int:
    """Go on where an engine fell silent; whatever keeps us from it, something may remain."""
    try:
        _check_that(where, silent)
        return _by_ourselves(where.flags(), seconds, particulars, yes=True, as_json=as_json)
    except Failure as failure:
        if failure.code == Exit.NOT_SAFE:
            raise
        raise _not_followed("the engine fell silent", failure) from None


def _not_followed(how: str, failure: Failure) -> Failure:
    """Return the failure of a command that cannot take an engine's place."""
    return Failure(
        f"{how}, and this command cannot take over: {failure.title}",
        means=f"{failure.means}\nPositions may be open; they keep their stops on the exchange.",
        todo=failure.todo,
        code=Exit.NOT_SAFE,
    )


def _check_that(where: Where, silent: RunningEngine) -> None:
    """Raise a `Failure` where the settings are not of the account that the silent engine flies."""
    if not where.names(silent):
        raise Failure(
            "the settings given here are of another account",
            todo=f"give the settings that it had ({_SETTINGS})"
            + (f"; `ps -fp {silent.pid}` may show them" if silent.alive else ""),
        )


def _by_ourselves(flags: Flags, seconds: float, particulars: Mapping[str, Any], *, yes: bool, as_json: bool) -> int:
    from radtui.cli.rescue import is_held, journal_of, rescue

    journal, others = journal_of(flags), listed(running())
    if not journal.exists() and not is_held(flags):
        raise Failure(
            f"no engine of {journal.stem} runs here, and it has no journal at {journal}",
            means=f"{NOTHING_DONE} Whether anything is open at the exchange is not known."
            + (f"\nOthers run here: {others}." if others else ""),
            todo=f"give the settings that the engine had ({_SETTINGS})",
            code=Exit.NO_ENGINE,
        )
    with rescue(flags, f"cli:{user()}") as engine:
        complain(
            f"radtui: no engine of {journal.stem} answers here; this command flies one that only flattens: {journal}"
        )
        _confirm(engine, particulars, yes=yes)
        answer = engine.tell(Ask.EMERGENCY_STOP, seconds, particulars)
    if answer.success is None:  # the engine that was told is no more
        message = answer.message.replace(GOING_ON, "not done within the timeout, and nobody goes on trying")
        answer = msgspec.structs.replace(answer, message=message)
    return finish(Ask.EMERGENCY_STOP, answer, as_json=as_json, again=AGAIN)


def _confirm(engine: Told, particulars: Mapping[str, Any], *, yes: bool) -> None:
    """Show what would be done and have the word typed.

    Raises:
        Failure: another word was typed, or none.
    """
    if yes:
        return
    for line in previewed(engine, particulars):
        complain(f"  {line}")
    have_it_typed()


def have_it_typed() -> None:
    """Have the word typed.

    Raises:
        Failure: another one was typed, or none.
    """
    complain(f"  Type {WORD} and enter to do it; anything else leaves.")
    if sys.stdin.buffer.readline().decode(errors="replace").strip() != WORD:
        raise Failure("not confirmed", means="Nothing was done.")


def previewed(engine: Told, particulars: Mapping[str, Any]) -> list[str]:
    """Return what an emergency stop would do, a line each; also where that is not known."""
    try:
        told = {**particulars, "exits": ExitPolicy.FLATTEN}
        answer = engine.tell(Ask.PREVIEW, _PREVIEW_WITHIN, told)
    except Silent as silent:
        return [f"what it would do is not known: the engine does not answer ({silent})"]
    receipt = answer.receipt
    if receipt is None or receipt.preview is None:
        return [f"what it would do is not known yet: {answer.message}"]
    return ["It would now", *preview_lines(receipt.preview)]


def user() -> str:
    """Return who gives this command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name for this user id, as in many containers
        return str(os.getuid())
