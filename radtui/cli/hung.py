"""An engine whose loop hangs is ended from outside, so that another one may take up its account.

Two writers on one account must never be: it is killed, not asked, and nothing goes on before it is seen to be gone.
What it had sent is in its journal, and whoever flies next looks it up at the exchange.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Final

import msgspec

from radtui.api.socket import connect, peer_of
from radtui.api.views import Overview
from radtui.cli.engines import RunningEngine, Silent, running
from radtui.cli.failures import Exit, Failure

_GONE_WITHIN: Final = 10.0
"""Seconds: a killed process that is not gone by then waits for the kernel, as for a network folder that hangs."""
_LOOK: Final = 0.02
QUEUED: Final = "What the engine was told it carries out should its loop turn again."
_KEPT: Final = (
    "Positions may be open; they keep the stops that rest on the exchange. This command closed nothing.\n" + QUEUED
)


def end_hung(engine: RunningEngine) -> None:
    """Kill the process of an engine that hangs, and see it go.

    Raises:
        Failure: it turns again, or it cannot be ended (exit code 4).
    """
    if engine.pid <= 1:
        raise _kept("it is the first process of its container, which no signal from inside ends", "end the container")
    if engine.alive:
        _check_that_it_hangs(engine)
        _kill(engine)


def beside(engine: RunningEngine) -> list[RunningEngine]:
    """Return all engines of the process of `engine`, that one first: they end with it."""
    others = (each for each in running() if each.pid == engine.pid and each.path != engine.path)
    return [engine, *others]


def _check_that_it_hangs(engine: RunningEngine) -> None:
    """Look once more: what was true a moment ago may be over, and a number may be another process's by now."""
    try:
        seen = engine.get("/api/status").read(Overview)
    except (Silent, msgspec.MsgspecError):  # its other thread is silent, too: it hangs all the more, if it is there
        if not _listens(engine):
            raise _kept("it has closed its control socket meanwhile", "give this command again") from None
        return
    if not seen.hangs:
        raise _kept("it turns again", "give this command again: the engine hears it now")
    if seen.pid != engine.pid:
        raise _kept(
            f"it calls itself process {seen.pid}, and is {engine.pid} here: it lives in a container",
            "end it there (`kill -9`), then give this command again",
        )


def _listens(engine: RunningEngine) -> bool:
    """Return whether that very process still holds its socket."""
    try:
        with connect(engine.path, 1.0) as line:
            return peer_of(line).pid == engine.pid
    except OSError:
        return False


def _kill(engine: RunningEngine) -> None:
    try:
        os.kill(engine.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    except PermissionError:
        raise _kept("its process is another user's", _by_hand(engine)) from None
    until = time.monotonic() + _GONE_WITHIN
    while engine.alive:
        if time.monotonic() > until:
            raise _kept(
                f"its process is killed, and not gone after {_GONE_WITHIN:g} s: a disk or a network folder hangs",
                "close the positions at the exchange itself; the machine may have to be restarted",
            )
        time.sleep(_LOOK)


def _by_hand(engine: RunningEngine) -> str:
    return f"end it (`kill -9 {engine.pid}`), then give this command again: it flattens by itself"


def _kept(why: str, todo: str) -> Failure:
    return Failure(f"the engine hangs and was not ended: {why}", means=_KEPT, todo=todo, code=Exit.NOT_SAFE)
