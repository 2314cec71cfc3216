"""What ends a headless flight: a signal, the time that it was given, or the end of a recorded market."""

from __future__ import annotations

import asyncio
import signal
from typing import Any, Final, Protocol

import structlog

from radtui.cli.failures import Exit
from radtui.core.instruction import Ask, ExitPolicy
from radtui.exchange.port import Exchange

_LOOK: Final = 5.0
"""Seconds between two looks at whether a recorded market has ended."""


class Flown(Protocol):
    """An engine, or several."""

    def tell(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> object:
        """Give an instruction."""
        ...


class Signals:
    """SIGINT and SIGTERM shut down gracefully, a second one by force; SIGHUP is nothing to a headless engine (L11).

    Attributes:
        exit: the exit code of the signal that came, 0 where none did. forced: a second one came.
    """

    def __init__(self, flown: Flown, flight: asyncio.Task[Any]) -> None:
        self._flown = flown
        self._flight = flight
        self.exit = int(Exit.DONE)
        self.forced = False

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._caught, number)
        loop.add_signal_handler(signal.SIGHUP, self._hung_up)

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.remove_signal_handler(number)

    def _caught(self, number: signal.Signals) -> None:
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
