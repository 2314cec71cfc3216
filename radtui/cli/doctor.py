"""``radtui doctor``: whether a bot could fly as it is set up here, line by line, with what to do where it could not."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable
from typing import Annotated, Final

import msgspec
from cyclopts import Parameter

from radtui.cli import machine
from radtui.cli.cautions import cautions
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.kucoin import credentials, hosts, look
from radtui.cli.opening import opened
from radtui.cli.streams import say
from radtui.exchange.check import Check, Verdict, fail, failures, ok
from radtui.settings.live import is_real_money, is_rehearsal, lacking
from radtui.settings.loading import Loaded
from radtui.settings.places import places
from radtui.settings.tree import Settings
from radtui.tui.terminal import read_terminal

AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
Live = Annotated[bool, Parameter(help="Look at KuCoin with the API key, whatever bot.exchange says.", negative="")]
_NO_FLAGS: Final = Flags()


def doctor(*, flags: Flags = _NO_FLAGS, live: Live = False, as_json: AsJson = False) -> int:
    """Look at everything a flight stands on; exit 1 where something forbids it. Nothing is changed anywhere."""
    loaded = opened(flags)
    settings = loaded.settings
    found: list[Check] = []

    def note(check: Check) -> None:
        found.append(check)
        if not as_json:
            say(_line(check))

    for check in _here(loaded):
        note(check)
    if live or settings.bot.exchange == "kucoin":
        _there(settings, note, keyed=live)
    wrong = failures(found)
    if as_json:
        say(json.dumps({"ok": not wrong, "checks": msgspec.to_builtins(found)}, indent=2, ensure_ascii=False))
    else:
        say(_summary(found, settings, live=live))
    return Exit.REFUSED if wrong else Exit.DONE


def _here(loaded: Loaded) -> Iterable[Check]:
    settings = loaded.settings
    there = places(settings)
    yield ok("settings", f"{loaded.file or 'no file'}; {_flight(settings)}")
    yield from cautions(loaded)
    yield machine.disk(there)
    if settings.bot.exchange == "paper" or settings.kucoin.key is not None:
        yield machine.lock(settings, there)
    yield machine.terminal(read_terminal(color=settings.ui.color), os.environ, machine.encoding())


def _there(settings: Settings, note: machine.Note, *, keyed: bool) -> None:
    """Look at the exchange; with a key only where there is one that can be used."""
    for line in lacking(settings) if settings.bot.exchange == "kucoin" else ():
        note(fail("live guard", f"A flight on KuCoin lacks {line}.", "Set it: without it nothing is started."))
    if not _usable("exchange", lambda: hosts(settings), note):
        return
    keyed = keyed and _usable("API key", lambda: credentials(settings), note)
    asyncio.run(look(settings, note, keyed=keyed))


def _usable(name: str, make: Callable[[], object], note: machine.Note) -> bool:
    """Return whether something can be made of the settings, and note where it cannot."""
    try:
        make()
    except Failure as failure:
        note(fail(name, f"{failure.title}. {failure.means}", failure.todo))
        return False
    return True


def _flight(settings: Settings) -> str:
    bot = settings.bot
    if is_rehearsal(settings):
        return f"{bot.name} rehearses on a simulated KuCoin at {settings.kucoin.url}"
    if is_real_money(settings):
        return f"{bot.name} trades REAL MONEY at {settings.kucoin.url}"
    return f"{bot.name} flies on paper"


def _line(check: Check) -> str:
    remedy = f"\n{'':>21}→ {check.remedy}" if check.remedy else ""
    return f"{check.verdict:<4}  {check.name:<13}  {check.said}{remedy}"


def _summary(found: list[Check], settings: Settings, *, live: bool) -> str:
    counts = ", ".join(f"{sum(each.verdict is verdict for each in found)} {verdict}" for verdict in Verdict)
    more = "" if live or settings.bot.exchange == "paper" else "; --live looks at what needs the API key, too"
    return f"{counts}{more}"
