"""``radtui emergency-stop``: flat, with a receipt, whether the engine still lives or not (row L9)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Final

from cyclopts import Parameter

from radtui.cli.answers import finish
from radtui.cli.engines import RunningEngine, listening
from radtui.cli.failures import Exit, Failure
from radtui.cli.flattening import ASK, told_to_flatten, where_none_answers
from radtui.cli.telling import PATIENCE, AsJson, Timeout, Why, patient
from radtui.cli.together import Outcome, concluded, said
from radtui.cli.where import Where

_HERE: Final = Where()


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
    first, and all bots of its process are flattened. Exit 4 after the timeout, naming what remains: an engine that runs
    goes on trying, and the next start goes on where this command left off.
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
        return _finished(where_none_answers(where, seconds, particulars, yes=yes), as_json=as_json)
    return _finished(told_to_flatten(engine, where, seconds, particulars, yes=yes), as_json=as_json)


def _finished(outcomes: Sequence[Outcome], *, as_json: bool) -> int:
    """Print what came of it: of one as itself; of several, where one process took them all along, each by its name.

    Raises:
        Failure: something of theirs may remain.
    """
    if len(outcomes) > 1:
        for each in outcomes:
            said(as_json=as_json)(each)
        return concluded(outcomes, as_json=as_json)
    (only,) = outcomes
    if only.failure is not None or only.answer is None:
        raise only.failure or Failure(f"{only.name} gave no answer", code=Exit.NOT_SAFE)
    return finish(ASK, only.answer, as_json=as_json)


def _running(where: Where) -> RunningEngine | None:
    try:
        return where.engine()
    except Failure as failure:
        if failure.code != Exit.NO_ENGINE:
            raise
        return None
