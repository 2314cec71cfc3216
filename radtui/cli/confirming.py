"""The word that is typed before an emergency stop, and what is shown before it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from radtui.api.views import Answer
from radtui.cli.answers import preview_lines
from radtui.cli.engines import RunningEngine, Silent, listed
from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import complain
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.words import counted
from radtui.engine.aged import what_hangs

WORD: Final = "STOP"
_PREVIEW_WITHIN: Final = 5.0


class Told(Protocol):
    """Whoever carries it out: the engine that runs, or one of this command's own."""

    def tell(self, ask: Ask, timeout: float, particulars: Mapping[str, Any]) -> Answer:
        """Give an instruction and wait at most `timeout` seconds for its receipt."""
        ...


def confirm(engine: Told, particulars: Mapping[str, Any], *, yes: bool) -> None:
    """Show what would be done and have the word typed.

    Raises:
        Failure: another word was typed, or none.
    """
    if yes:
        return
    for line in previewed(engine, particulars):
        complain(f"  {line}")
    have_it_typed()


def announce_kill(engines: Sequence[RunningEngine]) -> None:
    """Say that the process of these hangs, and what comes of all that are in it."""
    for each in engines:
        if each.seen is not None:
            held = f"{counted(each.seen.positions, 'position')}, {counted(each.seen.orders, 'order')}"
            complain(f"  {each.bot}: {held} when it was last seen")
    complain(
        f"  If it goes on hanging, process {engines[0].pid} is killed, with every bot in it, and in its place "
        f"everything of theirs is closed: {listed(engines)}"
    )


def announce_hang(seconds: int) -> None:
    """Say that an engine hangs."""
    complain(f"  {what_hangs(seconds)}")


def have_it_typed(*, otherwise: str = "Nothing was done.", code: Exit = Exit.REFUSED) -> None:
    """Have the word typed.

    Args:
        otherwise: what it means where another one is typed. code: the exit code then.

    Raises:
        Failure: another one was typed, or none.
    """
    complain(f"  Type {WORD} and enter to do it; anything else leaves.")
    if sys.stdin.buffer.readline().decode(errors="replace").strip() != WORD:
        raise Failure("not confirmed", means=otherwise, code=code)


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
