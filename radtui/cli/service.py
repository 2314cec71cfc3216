"""What a service manager hears of the engines of this process: ready, how they are, that they live, that they end.

All of it is told from the engines' own event loop, and from what their snapshots show. So a loop that hangs feeds no
watchdog. The watchdog starves by faults of this process alone, for those a new start mends. It is fed through every
outage of the exchange: an engine that waits and retries looks after its stops as soon as anything answers, where a new
one would first wait for an exchange that it can recover from.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import structlog

from radtui.cli import notify
from radtui.cli.notify import ServiceManager
from radtui.core.instruction import Ask
from radtui.core.link_view import DEAD
from radtui.core.snapshot import Snapshot
from radtui.engine.feeds import ACCOUNT, MARKET
from radtui.engine.main_loop import MAIN

Look = Callable[[], Iterable[Snapshot]]
"""Shows every engine of the process."""

_EVERY: Final = 2.0
"""Seconds between two words."""
_FEEDINGS: Final = 4
"""Words of life within the time after which a watchdog bites."""
_GRACE: Final = 30.0
"""Seconds asked for again and again while a shutdown goes on: it may flatten, and that takes as long as it takes."""
_FEEDS: Final = (MARKET, ACCOUNT)
_MINUTES: Final = 2
"""Of the calls' history, the one that runs and the one before: whether anything was answered in them."""


@contextmanager
def informed(look: Look, manager: ServiceManager | None = None) -> Iterator[None]:
    """Keep the service manager informed, if there is one; around the engines' run, on their event loop."""
    manager = manager or ServiceManager.of(os.environ, os.getpid())
    if manager is None:
        yield
        return
    telling = asyncio.create_task(_Teller(manager, look).run(), name="service manager")
    try:
        yield
    finally:
        telling.cancel()
        manager.tell(notify.STOPPING, notify.extend(_GRACE))


def silent(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what of an engine is not heard, whoever's fault that is: its loop, its feeds."""
    return tuple(name for name in (MAIN, *_FEEDS) if name in snapshot.feeds_lost or not _beats(snapshot, name))


def at_fault(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what of an engine died in this very process, so that a new start would help.

    Its loop always. Of the feeds only while the exchange answers our calls, for else there is nothing to be heard: a
    connection that nothing opens again, and a feed that is silent without having said that it is lost.
    """
    dead = [] if _beats(snapshot, MAIN) else [MAIN]
    if _answered(snapshot):
        dead += [connection.name for connection in snapshot.link.connections if connection.state == DEAD]
        dead += [name for name in _FEEDS if name not in snapshot.feeds_lost and not _beats(snapshot, name)]
    return tuple(dead)


def _beats(snapshot: Snapshot, name: str) -> bool:
    return any(worker.name == name and worker.healthy for worker in snapshot.workers)


def _answered(snapshot: Snapshot) -> bool:
    return any(snapshot.api.history[-_MINUTES:])


def summary(snapshots: Sequence[Snapshot]) -> str:
    """Return how the engines are, in a line."""
    return " | ".join(map(_line, snapshots)) or "no engine"


class _Teller:
    """Tells, again and again, until it is cancelled."""

    def __init__(self, manager: ServiceManager, look: Look) -> None:
        self._manager = manager
        self._look = look
        self._ready = False

    async def run(self) -> None:
        watchdog = self._manager.watchdog
        pause = _EVERY if watchdog is None else min(_EVERY, watchdog / _FEEDINGS)
        while True:
            try:
                self._tell(tuple(self._look()))
            except Exception as error:  # supervision point: what cannot be seen is not claimed to live
                text = f"{type(error).__name__}: {error}"
                structlog.get_logger("radtui.engine").critical("nothing to tell the service manager", error=text)
            await asyncio.sleep(pause)

    def _tell(self, snapshots: tuple[Snapshot, ...]) -> None:
        ending = bool(snapshots) and all(map(_ends, snapshots))
        if not ending and not self._ready and _recovered(snapshots):
            self._ready = self._manager.tell(notify.READY)
        words = [notify.status(summary(snapshots))]
        if ending:
            words += [notify.STOPPING, notify.extend(_GRACE)]
        if ending or (snapshots and not any(map(at_fault, snapshots))):
            words.append(notify.WATCHDOG)
        self._manager.tell(*words)


def _recovered(snapshots: Sequence[Snapshot]) -> bool:
    return bool(snapshots) and all(snapshot.status.recovered for snapshot in snapshots)


def _ends(snapshot: Snapshot) -> bool:
    return snapshot.stopping is not None and Ask.SHUTDOWN in snapshot.stopping.asks


def _line(snapshot: Snapshot) -> str:
    status, money = snapshot.status, snapshot.money
    equity = "equity not read yet" if money.equity is None else f"equity {money.equity:,.2f} {money.currency}"
    stops = sum(position.stop_resting for position in snapshot.positions)
    held = f"{_count(len(snapshot.positions), 'position')}, {_count(stops, 'stop')}"
    dead = silent(snapshot) if status.recovered else ()
    worst = f"not heard: {', '.join(dead)}" if dead else status.blocked
    return "; ".join(part for part in (f"{snapshot.bot} {status.state}", equity, held, worst) if part)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
