"""One word to several engines: all are told at the same moment, and none waits for another's answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, as_completed
from threading import Thread
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from radtui.api.views import Answer
from radtui.cli.answers import document, lines_of, shortfall
from radtui.cli.engines import NOTHING_DONE, RunningEngine, Silent, listening, no_answer, no_engine
from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.core.instruction import Ask
from radtui.core.words import counted

T = TypeVar("T")
_WORSE: Final = (Exit.USAGE, Exit.NO_ENGINE, Exit.REFUSED, Exit.NOT_SAFE)


class Outcome(NamedTuple):
    """What came of it with one engine.

    Attributes:
        name: of the bot. answer: None where there was none.
        failure: why it did not come to what was asked for; None where it did.
    """

    name: str
    answer: Answer | None
    failure: Failure | None


def everybody(bot: str | None) -> list[RunningEngine]:
    """Return all engines that run here.

    Raises:
        Failure: there is none (exit code 3), or one is named as well (2).
    """
    if bot is not None:
        raise both_named()
    found = listening()
    if not found:
        raise no_engine(None)
    return found


def both_named() -> Failure:
    """Return the failure of who names one engine and all of them."""
    return Failure("--bot and --all exclude each other", means=NOTHING_DONE, todo="give one of them", code=Exit.USAGE)


def tell_all(
    ask: Ask, engines: Sequence[RunningEngine], seconds: float, particulars: Mapping[str, Any], *, as_json: bool
) -> int:
    """Tell them, wait at most `seconds` for the receipt of each, and print all of it.

    Raises:
        Failure: as `concluded`.
    """
    outcomes = at_once(lambda each: told(each, ask, seconds, particulars), engines, said(as_json=as_json))
    return concluded(outcomes, as_json=as_json)


def at_once(
    do: Callable[[RunningEngine], T], engines: Sequence[RunningEngine], heard: Callable[[T], None] = lambda each: None
) -> list[T]:
    """Do the same with each, in a thread each, so that one that hangs holds up none, nor who no longer waits.

    Args:
        heard: told of each answer as it comes.
    """
    asked: list[Future[T]] = [Future() for _ in engines]
    for answer, engine in zip(asked, engines, strict=True):
        # as a daemon: Ctrl+C must not wait for it
        Thread(target=_settle, args=(answer, do, engine), name="radtui-told", daemon=True).start()
    for each in as_completed(asked):
        heard(each.result())
    return [each.result() for each in asked]


def _settle(answer: Future[T], do: Callable[[RunningEngine], T], engine: RunningEngine) -> None:
    try:
        answer.set_result(do(engine))
    except BaseException as error:  # supervision point: it is raised again where it is waited for
        answer.set_exception(error)


def said(*, as_json: bool) -> Callable[[Outcome], None]:
    """Return what prints an outcome that is as it should be, as soon as it is known; one document comes last."""

    def print_it(outcome: Outcome) -> None:
        if outcome.answer is not None and outcome.failure is None and not as_json:
            say("\n".join(f"{outcome.name}: {line}" for line in lines_of(outcome.answer)))

    return print_it


def told(engine: RunningEngine, ask: Ask, seconds: float, particulars: Mapping[str, Any]) -> Outcome:
    """Tell one and wait for its receipt."""
    try:
        answer = engine.tell(ask, seconds, particulars)
        return Outcome(engine.bot, answer, shortfall(ask, answer))
    except Silent as silent:
        failure = no_answer(engine, silent)
    except Failure as refused:
        failure = refused
    except Exception as error:  # supervision point: an answer that we cannot read loses nobody else's receipt
        failure = no_answer(engine, Silent(f"its answer cannot be read: {type(error).__name__}"))
    failure.code = Exit.NOT_SAFE if ask is Ask.EMERGENCY_STOP else failure.code
    return Outcome(engine.bot, None, failure)


def concluded(outcomes: Sequence[Outcome], *, as_json: bool) -> int:
    """Say what came of it with all; what succeeded was said already.

    Raises:
        Failure: with some it did not come to what was asked for; they are named. Its exit code is the worst of theirs:
            4 where one may not be safe.
    """
    failed = [each for each in outcomes if each.failure is not None]
    content = {"bots": [{"bot": each.name, **_content(each)} for each in outcomes]}
    if not failed:
        if as_json:
            say(document(content))
        return Exit.DONE
    raise Failure(
        f"{counted(len(failed), 'bot')} of {len(outcomes)} not done: {', '.join(each.name for each in failed)}",
        means="\n".join(line for each in failed for line in _told(each)),
        code=max((each.failure.code for each in failed if each.failure), key=_WORSE.index),
        document=content,
    )


def _told(outcome: Outcome) -> list[str]:
    failure = outcome.failure
    if failure is None:
        return []
    lines = [failure.title, *failure.means.splitlines(), *([f"What to do: {failure.todo}"] if failure.todo else [])]
    return [f"{outcome.name}: {line}" for line in lines if line]


def _content(outcome: Outcome) -> Mapping[str, Any]:
    if outcome.answer is not None:
        told: Mapping[str, Any] = msgspec.to_builtins(outcome.answer, str_keys=True)
        return told
    return outcome.failure.document() if outcome.failure else {}
