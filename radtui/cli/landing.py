"""What ends a headless flight: a signal, the time that it was given, or the end of a recorded market."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, Protocol

import structlog

from radtui.cli.failures import Exit
from radtui.cli.streams import complain
from radtui.core.instruction import Ask, ExitPolicy
from radtui.exchange.port import Exchange

_ENOUGH: Final = 3
"""Signals from which on a loop that hears none of them is not waited for."""
_LOOK: Final = 5.0
"""Seconds between two looks at whether a recorded market has ended."""


class Flown(Protocol):
    """An engine, or several."""

    def tell(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> object:
        """Give an instruction."""
        ...


class Signals:
    """SIGINT and SIGTERM shut down gracefully, a second one by force; SIGHUP is nothing to a headless engine (L11).

    A third one ends the process where the loop hangs and hears none of them: its journal has what is on its way.

    Args:
        drop: ends the process with an exit code, at once. deaf: seconds for which a loop that hears nothing is deaf.

    Attributes:
        exit: the exit code of the signal that came, 0 where none did. forced: a second one came.
    """

    def __init__(
        self,
        flown: Flown,
        flight: asyncio.Task[Any],
        *,
        drop: Callable[[int], object] = os._exit,
        deaf: float = 3.0,
    ) -> None:
        self._flown = flown
        self._flight = flight
        self._drop, self._deaf = drop, deaf
        self._came = self._heard = 0
        self.exit = int(Exit.DONE)
        self.forced = False

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._caught, number)
            signal.signal(number, self._arrived)  # the loop hears it all the same, if it still turns
            signal.siginterrupt(number, False)
        loop.add_signal_handler(signal.SIGHUP, self._hung_up)

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)
        self._heard = self._came  # whatever comes now is another's

    def _arrived(self, number: int, _frame: FrameType | None) -> None:
        """Count a signal: on the main thread, between any two instructions of it."""
        self._came += 1
        if self._came >= _ENOUGH:
            look = threading.Timer(self._deaf, self._end_if_deaf, (self._came, number))
            look.daemon = True
            look.start()

    def _end_if_deaf(self, came: int, number: int) -> None:
        if self._heard >= came:
            return
        complain(f"radtui: the engine hangs and heard none of {came} signals: ended by force")
        complain("  Orders on their way are in the journal, and the next start looks at the exchange for them.")
        complain("  Positions keep the stops that rest on the exchange; `radtui emergency-stop` closes everything.")
        self._drop(128 + number)

    def _caught(self, number: signal.Signals) -> None:
        self._heard += 1
        if self.exit:
            self.forced = True
            self._flight.cancel()
            return
        self.exit = 128 + number
        self._flown.tell(Ask.SHUTDOWN, who=f"signal:{number.name}", why=f"{number.name} received")

    def _hung_up(self) -> None:
        structlog.get_logger("radtui.engine").info("hang-up", note="the terminal is gone; the engine flies on")


async def land_in_time(flown: Flown, exchange: Exchange, seconds: float | None) -> None:
    """Shut down after a time, or when the recorded market has run out."""
    loop = asyncio.get_running_loop()
    until = None if seconds is None else loop.time() + seconds
    while until is None or loop.time() < until:
        await asyncio.sleep(_LOOK if until is None else min(_LOOK, max(0.0, until - loop.time())))
        if getattr(exchange, "ended", False):
            flown.tell(Ask.SHUTDOWN, who="market", why="the recorded market has ended", exits=ExitPolicy.KEEP)
            return
    flown.tell(Ask.SHUTDOWN, who="--for", why=f"{seconds:g} s are over")
