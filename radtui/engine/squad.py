"""Several engines on one event loop, one a bot (row A4): what becomes of one is not the others' matter.

An engine that dies is not started again by itself: what it knew may be what killed it. It is shown as ended, with why;
its stops rest on the exchange, its journal is closed, and the others fly on. Who asks for it has it taken up again: a
new engine from its journal, which then does as it is told. All of them end before the squad does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from msgspec.structs import replace

from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.lifecycle import State
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.engine.engine import Engine
from radtui.resilience.redaction import named

Ended = Callable[[str, Snapshot], None]
"""Told of a bot that has ended while others fly, and how it looks from then on."""
Making = Callable[[], Engine]
Again = Callable[[str, Ask], Awaitable[Making]]
"""Opens what a bot needs to be flown anew for what was asked of it, aside from the loop of the others; what it returns
makes its engine."""


class Squad:
    """Runs them until all have ended.

    Args:
        engines: by the name of their bot.
        ended: told of each that ended while others fly.
        again: makes a new engine of one that has ended; None where that is not to be.

    Attributes:
        errors: what each dead one died of.
    """

    def __init__(
        self, engines: Mapping[str, Engine], ended: Ended = lambda name, snapshot: None, again: Again | None = None
    ) -> None:
        self.engines = dict(engines)
        self.errors: dict[str, str] = {}
        self._ended, self._again = ended, again
        self._last: dict[str, Snapshot] = {}
        self._over: set[str] = set()
        self._flights: list[asyncio.Task[None]] = []
        self._landing: Callable[[Engine], object] | None = None

    async def run(self) -> None:
        """Run all; cancelled, all end by force."""
        for name, engine in self.engines.items():
            self._start(name, engine.run)
        try:
            while flying := [flight for flight in self._flights if not flight.done()]:
                await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for flight in self._flights:
                flight.cancel()
            await asyncio.gather(*self._flights, return_exceptions=True)

    def tell(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> None:
        """Tell every bot that still flies; a shutdown is told as well to one that is just being taken up."""

        def told(engine: Engine) -> object:
            return engine.tell(ask, who=who, why=why, exits=exits)

        if ask is Ask.SHUTDOWN:
            self._landing = told
        for name in self.flying:
            told(self.engines[name])

    def take_up(self, name: str, ask: Ask) -> None:
        """Fly a bot that has ended anew, for what is asked of it; nothing where it flies. On the squad's loop."""
        if name in self._over and self._again is not None:
            self._over.discard(name)
            self._start(name, lambda: self._fly_again(name, ask))

    def snapshots(self) -> dict[str, Snapshot]:
        """Return what each looks like; a dead one as it was when it died."""
        return {name: self._last.get(name) or engine.snapshot() for name, engine in self.engines.items()}

    @property
    def flying(self) -> tuple[str, ...]:
        """Those that have not ended, and are not just being taken up."""
        return tuple(name for name in self.engines if name not in self._over and name not in self._last)

    def _start(self, name: str, fly: Callable[[], Awaitable[None]]) -> None:
        self._flights = [flight for flight in self._flights if not flight.done()]
        self._flights.append(asyncio.create_task(self._run(name, fly), name=f"bot {name}"))

    async def _run(self, name: str, fly: Callable[[], Awaitable[None]]) -> None:
        structlog.contextvars.bind_contextvars(bot=name)  # of this task and those it starts: each line says whose it is
        try:
            await fly()
        except Exception as error:  # supervision point: what kills one bot is recorded, and ends with it
            self._bury(name, named(error))
        else:
            self._rest(name)
        finally:
            self._over.add(name)

    async def _fly_again(self, name: str, ask: Ask) -> None:
        """Have a new engine, and fly it without a pause in between: nobody may see it before it knows what it knew."""
        if self._again is None:
            return
        make = await self._again(name, ask)
        engine = self.engines[name] = make()
        self.errors.pop(name, None)
        self._last.pop(name, None)
        structlog.get_logger("radtui.engine").warning("bot taken up again")
        for bot in self.engines:
            self.engines[bot].rose(name)
            if bot in self.errors:
                engine.fell(bot, self.errors[bot])
        if self._landing is not None:
            asyncio.get_running_loop().call_soon(self._landing, engine)
        await engine.run()

    def _bury(self, name: str, why: str) -> None:
        self.errors[name] = why
        structlog.get_logger("radtui.engine").critical("bot ended", error=why)
        self._over.add(name)
        for other in self.flying:  # whoever watches one of them must hear of it: its own alerts ended with it
            self.engines[other].fell(name, why)
        self._end(name, epitaph(self.engines[name].snapshot(), why))

    def _rest(self, name: str) -> None:
        """A bot has landed by itself; where others fly on, it says how it is flown again."""
        self._over.add(name)
        if self.flying:
            self._end(name, landed(self.engines[name].snapshot()))

    def _end(self, name: str, last: Snapshot) -> None:
        self._last[name] = last
        self._ended(name, last)


def epitaph(last: Snapshot, why: str) -> Snapshot:
    """Return how a dead bot is shown: as it was, in error, with what that means and what to do."""
    notice = (
        f"this bot has ended ({why}): it trades no more, and its positions keep their stops on the exchange; the "
        f"others fly on; `radtui start --bot {last.bot}` takes it up again, `radtui emergency-stop --bot {last.bot}` "
        "closes what it holds"
    )
    status = replace(last.status, state=State.ERROR, why=why, trading=Mode.HALTED, reasons=(notice,))
    return replace(last, status=status, notices=(notice, *last.notices))


def landed(last: Snapshot) -> Snapshot:
    """Return how a bot is shown that was shut down while others of its account fly on."""
    notice = f"this bot was shut down, and the others fly on; `radtui start --bot {last.bot}` takes it up again"
    status = replace(last.status, trading=Mode.HALTED, reasons=(notice,))
    return replace(last, status=status, notices=(notice, *last.notices))
