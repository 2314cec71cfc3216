"""One look at the engine for all who listen: it rings their bells when there is something new."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from operator import is_not
from typing import Final

import structlog

from radtui.core.facts import Envelope
from radtui.core.snapshot import Snapshot
from radtui.engine.handle import EngineHandle
from radtui.engine.helm import Helm, HelmView
from radtui.engine.local import LocalHandle
from radtui.engine.tape import MarketTape
from radtui.engine.wire import Events, changed, encode

LOOK: Final = 0.05
"""Seconds between two looks. Nobody is waited for, and the engine's own loop has no part in it."""
_FAREWELL: Final = 0.2
"""Seconds in which a reader who keeps step hears the last word."""
_STEPS: Final = 8
"""Differences kept, so that readers who keep step share one encoding."""


class News:
    """Looks through the one door as long as somebody listens."""

    def __init__(self, handle: EngineHandle) -> None:
        self.handle = handle
        self.helm = handle.bridge if isinstance(handle, LocalHandle) else Helm()
        self._bells: set[asyncio.Event] = set()
        self._clocks: set[asyncio.Event] = set()
        self._seen: tuple[Snapshot, int, HelmView] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._steps: OrderedDict[tuple[int, int], tuple[Snapshot, Snapshot, str]] = OrderedDict()
        self._told: tuple[tuple[Envelope, ...], str] = ((), "")

    @property
    def tape(self) -> MarketTape:
        """What the market said lately; nothing where the engine is another process's."""
        return self.handle.tape if isinstance(self.handle, LocalHandle) else MarketTape()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._bells | self._clocks)

    @contextmanager
    def follow(self, *, market: bool = False) -> Iterator[asyncio.Event]:
        """Listen: the event is set whenever there is something new, and at the start; with `market`, at every look."""
        bell = asyncio.Event()
        bell.set()
        among = self._clocks if market else self._bells
        among.add(bell)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="news")
        try:
            yield bell
        finally:
            among.discard(bell)
            if not self.listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def step(self, old: Snapshot, new: Snapshot) -> str:
        """Return the frame that makes `new` of `old`."""
        key = (id(old), id(new))
        known = self._steps.get(key)
        if known is None or known[0] is not old or known[1] is not new:
            known = self._steps[key] = (old, new, encode(changed(old, new)).decode())
            if len(self._steps) > _STEPS:
                self._steps.popitem(last=False)
        return known[2]

    def tell(self, events: tuple[Envelope, ...]) -> str:
        """Return the frame that tells `events`; readers who keep step share one."""
        if len(events) != len(self._told[0]) or any(map(is_not, events, self._told[0])):
            self._told = (events, encode(Events(events=events)).decode())
        return self._told[1]

    async def _look(self) -> None:
        while True:
            try:
                self._look_once()
            except Exception as error:  # supervision point: who listens must not stand still without a word
                structlog.get_logger("radtui.api").error("no news", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(LOOK)

    def _look_once(self) -> None:
        if isinstance(self.handle, LocalHandle):
            self.handle.look()
        seen = self._seen
        now = (self.handle.snapshot(), self._latest(seen[1] if seen else 0), self.helm.view(""))
        if seen is None or now[0] is not seen[0] or now[1:] != seen[1:]:
            self._seen = now
            self.ring()
        for clock in self._clocks:
            clock.set()

    def ring(self) -> None:
        """Have everybody look."""
        for bell in self._bells:
            bell.set()

    async def farewell(self) -> None:
        """The engine has ended: give everybody the time to hear it, and what came of what they asked."""
        if self.listeners:
            self.ring()
            await asyncio.sleep(_FAREWELL)

    def _latest(self, known: int) -> int:
        newer = self.handle.events(known)
        return newer[-1].sequence if newer else known
