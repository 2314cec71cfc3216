"""``radtui guard``: the guardian by hand or by a service manager, and its rehearsal."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Final, NoReturn

import msgspec
from cyclopts import Parameter

from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.hiring import COMMAND, environment, guard_config
from radtui.cli.opening import opened
from radtui.cli.rescued import check_named
from radtui.cli.streams import flush, say
from radtui.guard.config import GuardConfig
from radtui.guard.rehearse import Finding, rehearse
from radtui.settings.tree import Settings

AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
_NO_FLAGS: Final = Flags()


def guard(
    *,
    flags: Flags = _NO_FLAGS,
    rehearse: Annotated[
        bool, Parameter(help="Try everything it would do, change nothing at the exchange, and end.", negative="")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Guard an account on KuCoin: act in the engine's place when it falls silent. JSON lines on stderr."""
    settings = opened(flags).settings
    config = _config(settings)
    if rehearse:
        return _rehearsed(config, as_json=as_json)
    if as_json:
        raise Failure("--json belongs to --rehearse", todo="give both, or neither", code=Exit.USAGE)
    flush()
    return _become(config)


def _config(settings: Settings) -> GuardConfig:
    if settings.bot.exchange == "paper":
        raise Failure(
            "there is nothing to guard on the paper exchange",
            means="It ends with the engine's process and goes on where it was: no order of it can be left behind.",
            todo="`radtui guard --exchange kucoin`",
            code=Exit.USAGE,
        )
    check_named(settings)
    return guard_config(settings, hired=False)


def _rehearsed(config: GuardConfig, *, as_json: bool) -> int:
    found: list[Finding] = []
    for finding in rehearse(config):
        found.append(finding)
        if not as_json:
            say(f"{'ok' if finding.ok and finding.safe else 'NO':<4}  {finding.what:<9}  {finding.said}")
    ok, safe = all(each.ok for each in found), all(each.safe for each in found)
    if as_json:
        document = {"ok": ok, "safe": safe, "flatten": config.flatten, "findings": found}
        say(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    elif ok:
        say("The guardian would work." if safe else "The guardian would work; a position needs a person now.")
    else:
        say("The guardian would NOT work.")
    return Exit.REFUSED if not ok else Exit.DONE if safe else Exit.NOT_SAFE


def _become(config: GuardConfig) -> NoReturn:
    """Become the guardian: a fresh and small process in the place of this one, told over a pipe."""
    reader, writer = os.pipe()
    os.write(writer, msgspec.json.encode(config))  # far less than a pipe holds
    os.close(writer)
    os.dup2(reader, 0)
    os.execve(sys.executable, COMMAND, environment())  # noqa: S606 - no shell, and what it is told is ours
