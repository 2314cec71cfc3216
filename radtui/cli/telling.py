"""``radtui start|pause|resume|stop|shutdown|reset-…``: one instruction to a running engine, and its receipt."""

from __future__ import annotations

from typing import Annotated, Any, Final

from cyclopts import Parameter

from radtui.cli.answers import finish
from radtui.cli.engines import Silent, chosen, no_answer
from radtui.cli.failures import Exit, Failure
from radtui.cli.together import everybody, tell_all
from radtui.core.instruction import Ask, ExitPolicy

PATIENCE: Final = 60.0
"""Seconds that a command waits for its receipt."""

Bot = Annotated[str | None, Parameter(name="--bot", help="Which engine, where several run here: its name, or its pid.")]
AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
Timeout = Annotated[float, Parameter(name="--timeout", help="Seconds to wait for the receipt.")]
Every = Annotated[bool, Parameter(name="--all", help="Tell all engines that run here, at once.", negative="")]
Why = Annotated[str, Parameter(name="--why", help="One line for the journal.")]


def start(
    *, bot: Bot = None, every: Every = False, why: Why = "", timeout: Timeout = PATIENCE, as_json: AsJson = False
) -> int:
    """Start trading, once the engine has compared everything with the exchange."""
    return _tell(Ask.START, bot, timeout, {"why": why}, every=every, as_json=as_json)


def pause(
    *, bot: Bot = None, every: Every = False, why: Why = "", timeout: Timeout = PATIENCE, as_json: AsJson = False
) -> int:
    """Let no entries through; open positions stay protected. It outlasts a restart."""
    return _tell(Ask.PAUSE, bot, timeout, {"why": why}, every=every, as_json=as_json)


def resume(
    *, bot: Bot = None, every: Every = False, why: Why = "", timeout: Timeout = PATIENCE, as_json: AsJson = False
) -> int:
    """Trade again after a pause."""
    return _tell(Ask.RESUME, bot, timeout, {"why": why}, every=every, as_json=as_json)


def stop(
    *, bot: Bot = None, every: Every = False, why: Why = "", timeout: Timeout = PATIENCE, as_json: AsJson = False
) -> int:
    """No more cycles and no entries; positions keep their stops, the engine stays. Exit 4 where that is not sure."""
    return _tell(Ask.STOP, bot, timeout, {"why": why}, every=every, as_json=as_json)


def shutdown(
    *,
    flatten: Annotated[bool, Parameter(help="Close all positions first.", negative="")] = False,
    keep: Annotated[bool, Parameter(help="Keep positions with their stops.", negative="")] = False,
    bot: Bot = None,
    every: Every = False,
    why: Why = "",
    timeout: Timeout = PATIENCE,
    as_json: AsJson = False,
) -> int:
    """End the engine gracefully; positions as --flatten or --keep say, else as configured. Exit 4 where not safe."""
    if flatten and keep:
        raise Failure("--flatten and --keep exclude each other", todo="give one of them", code=Exit.USAGE)
    exits = ExitPolicy.FLATTEN if flatten else ExitPolicy.KEEP if keep else None
    return _tell(Ask.SHUTDOWN, bot, timeout, {"why": why, "exits": exits}, every=every, as_json=as_json)


def reset_metrics(
    *, bot: Bot = None, every: Every = False, why: Why = "", timeout: Timeout = PATIENCE, as_json: AsJson = False
) -> int:
    """Begin the cycle metrics anew."""
    return _tell(Ask.RESET_METRICS, bot, timeout, {"why": why}, every=every, as_json=as_json)


def reset_breakers(
    breaker: Annotated[str, Parameter(help="Which one; all that are tripped without it.")] = "",
    /,
    *,
    bot: Bot = None,
    every: Every = False,
    why: Why = "",
    timeout: Timeout = PATIENCE,
    as_json: AsJson = False,
) -> int:
    """Let entries through again after a trading breaker tripped; `radtui breakers` lists them."""
    return _tell(Ask.RESET_BREAKERS, bot, timeout, {"why": why, "breaker": breaker}, every=every, as_json=as_json)


def patient(timeout: float) -> float:
    """Return a time to wait that can be one.

    Raises:
        Failure: it cannot.
    """
    if not 0 < timeout <= 86_400:
        raise Failure(f"--timeout {timeout:g} is no time to wait", todo="give seconds, up to 86400", code=Exit.USAGE)
    return timeout


def _tell(ask: Ask, bot: str | None, timeout: float, particulars: dict[str, Any], *, every: bool, as_json: bool) -> int:
    seconds = patient(timeout)
    if every:
        return tell_all(ask, everybody(bot), seconds, particulars, as_json=as_json)
    engine = chosen(bot)
    try:
        answer = engine.tell(ask, seconds, particulars)
    except Silent as silent:
        raise no_answer(engine, silent) from None
    return finish(ask, answer, as_json=as_json)
