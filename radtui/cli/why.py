"""``radtui why``: why a symbol did or did not trade, now or then, and what kept the bot from trading over a day."""

from __future__ import annotations

from typing import Annotated, Final

from cyclopts import Parameter

from radtui.cli.answers import document, moment, table
from radtui.cli.data import instant
from radtui.cli.engines import NOTHING_DONE, Reply, Silent, chosen, no_answer
from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.cli.telling import AsJson, Bot
from radtui.core.why_day import WhyDay, bounds
from radtui.core.why_view import WhyView

_TODAY: Final = "today"
_GATES: Final = ("PASSED", "GATE", "VALUE", "LIMIT")


def why(
    symbol: Annotated[str | None, Parameter(help="Contract, for example XBTUSDTM.")] = None,
    /,
    *,
    at: Annotated[str | None, Parameter(help="Moment, UTC market time; without it the last signal.")] = None,
    day: Annotated[
        str | None, Parameter(help="Without SYMBOL: the day whose refusals are counted; else today.")
    ] = None,
    bot: Bot = None,
    as_json: AsJson = False,
) -> int:
    """Tell why SYMBOL did or did not trade: each gate with its value and its limit.

    Without --at its last signal that wanted something; with it the last one up to that moment, also one that held.
    Without SYMBOL it counts what kept the bot from entering on a market day, gate by gate.
    """
    if (symbol is None and at is not None) or (symbol is not None and day is not None):
        raise _usage("--at goes with a symbol, --day without one", "see `radtui why --help`")
    reply = _get(bot, _of_day(day) if symbol is None else _of_symbol(symbol, at))
    if as_json:
        say(document(reply.read(object)))
    else:
        say(_counts(reply.read(WhyDay)) if symbol is None else _evaluation(reply.read(WhyView)))
    return Exit.DONE


def _of_symbol(symbol: str, at: str | None) -> str:
    if not (symbol.isascii() and symbol.isalnum()):
        raise _usage(f"{symbol!r} is no symbol", "give one like XBTUSDTM")
    return f"/api/why/{symbol}" + ("" if at is None else f"/at?at={instant('--at', at)}")


def _of_day(day: str | None) -> str:
    if day is None or day == _TODAY:
        return "/api/why"
    try:
        bounds(day)
    except ValueError:
        raise _usage(f"--day {day} is no day", "give one like 2026-01-31, or today") from None
    return f"/api/why?day={day}"


def _evaluation(found: WhyView) -> str:
    head = f"{found.symbol}: {found.action}, confidence {found.confidence:.2f}, {moment(found.at)} UTC market time"
    gates = [("yes" if gate.passed else "NO", gate.gate, gate.value, gate.limit) for gate in found.gates]
    body = table(_GATES, gates) if gates else "no gate was asked"
    reason = () if found.reason in found.outcome else (found.reason,)  # none, or one that a hold repeats
    return "\n".join((head, *(f"  {words}" for words in (*reason, found.outcome)), body))


def _counts(found: WhyDay) -> str:
    if not found.signals:
        return f"{found.day}: no signal was weighed: the bot did not trade then, or its journal does not go back so far"
    head = (
        f"{found.day}: {found.signals} signals weighed, {found.entries} entered, {found.refused} refused, "
        f"{found.holds} held, {found.others} other"
    )
    if not found.gates:
        return f"{head}\nno gate refused an entry"
    rows = [(each.gate, str(each.blocked), str(each.alone)) for each in found.gates]
    return f"{head}\n{table(('GATE', 'REFUSED', 'ALONE'), rows)}"


def _get(bot: str | None, target: str) -> Reply:
    engine = chosen(bot)
    try:
        return engine.get(target)
    except Silent as silent:
        raise no_answer(engine, silent) from None


def _usage(title: str, todo: str) -> Failure:
    return Failure(title, means=NOTHING_DONE, todo=todo, code=Exit.USAGE)
