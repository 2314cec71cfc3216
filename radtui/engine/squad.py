"""Several engines on one event loop, one a bot (row A4): what becomes of one is not the others' matter.

An engine that dies is not started again: what it knew may be what killed it. It is shown as ended, with why; its stops
rest on the exchange, its journal is closed, and the others fly on. All of them end before the squad does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog
from msgspec.structs import replace

from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.engine.engine import Engine

Ended = Callable[[str, Snapshot], None]
"""Told of a bot that died, and how it looks from then on."""


class Squad:
    """Runs them until all have ended.

    Args:
        engines: by the name of their bot.
        died: told of each that died.

    Attributes:
        errors: what each dead one died of.
    """

    def __init__(self, engines: Mapping[str, Engine], died: Ended = lambda name, snapshot: None) -> None:
        self.engines = dict(engines)
        self.errors: dict[str, str] = {}
        self._died = died
        self._last: dict[str, Snapshot] = {}
        self._over: set[str] = set()

    async def run(self) -> None:
        """Run all; cancelled, all end by force."""
        tasks = [asyncio.create_task(self._run(name), name=f"bot {name}") for name in self.engines]
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            await asyncio.gather(*tasks, return_exceptions=True)

    def tell(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> None:
        """Tell every bot that still flies."""
        for name, engine in self.engines.items():
            if name not in self._over:
                engine.tell(ask, who=who, why=why, exits=exits)

    def snapshots(self) -> dict[str, Snapshot]:
        """Return what each looks like; a dead one as it was when it died."""
        return {name: self._last.get(name) or engine.snapshot() for name, engine in self.engines.items()}

    @property
    def flying(self) -> tuple[str, ...]:
        """Those that have not ended."""
        return tuple(name for name in self.engines if name not in self._over)

    async def _run(self, name: str) -> None:
        structlog.contextvars.bind_contextvars(bot=name)  # of this task and those it starts: each line says whose it is
        try:
            await self.engines[name].run()
        except Exception as error:  # supervision point: what kills one bot is recorded, and ends with it
            self._bury(name, f"{type(error).__name__}: {error}")
        finally:
            self._over.add(name)

    def _bury(self, name: str, why: str) -> None:
        self.errors[name] = why
        structlog.get_logger("radtui.engine").critical("bot ended", error=why)
        self._over.add(name)
        for other in self.flying:  # whoever watches one of them must hear of it: its own alerts ended with it
            text = f"{name}, of the same account, has ended ({why}); its positions keep their stops on the exchange"
            self.engines[other].warn("bot ended", text, name)
        self._last[name] = epitaph(self.engines[name].snapshot(), why)
        self._died(name, self._last[name])


def epitaph(last: Snapshot, why: str) -> Snapshot:
    """Return how a dead bot is shown: as it was, in error, with what that means."""
    notice = (
        f"this bot has ended ({why}): it trades no more, and its positions keep their stops on the exchange; "
        "the others fly on; restart radtui to take it up again"
    )
    status = replace(last.status, state=State.ERROR, why=why, trading=Mode.HALTED, reasons=(notice,))
    return replace(last, status=status, notices=(notice, *last.notices))
