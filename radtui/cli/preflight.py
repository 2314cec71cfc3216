"""What stands between a command and real money: a passed look at the exchange, and the operator's own word (row C5)."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import urlsplit

from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.streams import complain
from radtui.exchange.check import Check, Verdict, grounding, warn
from radtui.settings.live import is_real_money, lacking
from radtui.settings.tree import Settings

FLAG = "--i-know-this-is-real-money"
_WAIT: Final = (5.0, 60.0)
"""Seconds between two looks at an exchange that is away: at first, and at most."""
_PAPER_FLAGS = ("market", "seed", "speed", "balance")


class Grounded(Failure):
    """The bot must not fly so.

    Attributes:
        passing: all that is wrong may be over in a while.
    """

    passing = False


def check_settings(settings: Settings, flags: Flags, *, headless: bool) -> None:
    """Refuse a flight on KuCoin that the settings or the flags forbid, before anything is opened or sent.

    Raises:
        Failure: something is missing, or belongs to the paper exchange only (exit code 2).
    """
    missing = lacking(settings)
    if missing:
        raise _refusal("KuCoin is asked for, and something is missing", [f"It needs {line}." for line in missing])
    alien = [f"--{name}" for name in _PAPER_FLAGS if getattr(flags, name) is not None]
    if alien:
        raise _refusal(f"{', '.join(alien)} only exist on the paper exchange", [])
    if is_real_money(settings):
        _check_live(flags, headless=headless)


def pass_preflight(settings: Settings, tell: Callable[[Check], None]) -> tuple[Check, ...]:
    """Look at the exchange before a flight, tell of what somebody should know, and return all findings.

    Raises:
        Grounded: the bot must not fly so (exit code 1).
    """
    from radtui.cli.kucoin import look

    def said(check: Check) -> None:
        if check.verdict is Verdict.WARN or check.flies:
            tell(check)

    found = asyncio.run(look(settings, said, keyed=True))
    wrong = grounding(found)
    if wrong:
        raise _grounded(wrong)
    return found


def wait_for_preflight(
    settings: Settings, tell: Callable[[Check], None], wait: Callable[[float], object] = time.sleep
) -> tuple[Check, ...]:
    """Do the same where no person waits: an exchange that is away is looked at again until it is there.

    Positions and a stop that an earlier flight did not end need an engine as soon as it can do anything for them.

    Raises:
        Grounded: something is wrong that does not pass.
    """
    pause, longest = _WAIT
    while True:
        try:
            return pass_preflight(settings, tell)
        except Grounded as grounded:
            if not grounded.passing:
                raise
            said = f"{grounded.title}. {grounded.means}"
        tell(warn("exchange", f"{said} It is looked at again in {pause:g} s, until it is there or a signal comes.", ""))
        wait(pause)
        pause = min(2 * pause, longest)


def ask_for_word(settings: Settings, found: Iterable[Check], read: Callable[[], str] | None = None) -> None:
    """Have the operator type the bot's name on the terminal before it trades real money.

    Raises:
        Failure: another word was typed, or none (exit code 1).
    """
    name = settings.bot.name
    money = next((check.said for check in found if check.name == "money"), "")
    symbols = ", ".join(settings.bot.symbols) or "the usual contracts"
    complain(f"radtui: REAL MONEY at {urlsplit(settings.kucoin.url).hostname}")
    complain(f"  {name} would trade {symbols} with {settings.bot.strategy} {settings.bot.timeframe}; {money}.")
    complain(f"  Type the bot's name, {name}, and enter to fly; anything else leaves.")
    if (read or _typed)().strip() != name:
        raise Failure("not confirmed", means="Nothing was started and no order was sent.")


def as_line(check: Check) -> str:
    """Return a finding as one line of text."""
    remedy = f" {check.remedy}" if check.remedy else ""
    return f"{check.verdict:<4}  {check.name:<13}  {check.said}{remedy}"


def _check_live(flags: Flags, *, headless: bool) -> None:
    if flags.fresh:
        raise _refusal("--fresh cannot begin a real account anew", ["Its journal is the memory of its orders."])
    if headless and not flags.i_know_this_is_real_money:
        raise _refusal("real money is never traded headless by accident", [f"It needs {FLAG} at this very start."])
    if not headless and flags.i_know_this_is_real_money:
        raise _refusal(f"{FLAG} is for headless", ["The cockpit has the bot's name typed instead."])


def _refusal(title: str, lines: Iterable[str]) -> Failure:
    return Failure(
        title,
        means="\n".join([*lines, "Nothing was started, and paper is never taken silently where KuCoin is asked for."]),
        todo="leave --exchange kucoin out to fly on paper, or rehearse on `radtui sim serve` with --kucoin-url",
        code=Exit.USAGE,
    )


def _grounded(wrong: tuple[Check, ...]) -> Grounded:
    lines = [line for check in wrong for line in (f"{check.name}: {check.said}", f"  {check.remedy}")]
    grounded = Grounded(
        f"not ready to fly: {', '.join(check.name for check in wrong)}",
        means="\n".join([*lines, "Nothing was started and no order was sent."]),
        todo="put that right; `radtui doctor --live` looks at everything again",
    )
    grounded.passing = all(check.passing for check in wrong)
    return grounded


def _typed() -> str:
    return sys.stdin.buffer.readline().decode(errors="replace")
