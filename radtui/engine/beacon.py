"""The engine's side of the dead man's switch: it beats to its guardian, looks after it, and tells what it did.

The beats come from the engine's own event loop, so an engine that hangs falls silent as one that was killed does. A
guardian that is not there is hired anew; nothing about it ever holds the engine up.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from radtui.core.core import Core
from radtui.core.facts import Trouble
from radtui.core.guardian_view import GuardianView
from radtui.core.guarding import LONGEST_LINE, Ack, Beat, Cover, Deed, Did, Dismissed, Landed, Word, untold
from radtui.core.order import Side
from radtui.core.orders import Purpose
from radtui.engine.socket_name import socket_name
from radtui.health.monitor import HealthMonitor
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import Clock

GUARDIAN: Final = "guardian"
_ANSWER_WITHIN: Final = 15.0
"""Seconds: a guardian that is in the middle of a request to the exchange answers after it."""
_FAREWELL_WITHIN: Final = 2.0
_LOUD: Final = frozenset({Did.CANCELLED, Did.PROTECTED, Did.CLOSED, Did.BARE, Did.REFUSED})
"""Deeds that changed something, or could not."""
_ack: Final = msgspec.json.Decoder(Ack).decode
_deed: Final = msgspec.json.Decoder(Deed).decode


class Guarding(msgspec.Struct, frozen=True, kw_only=True):
    """Where the guardian is.

    Attributes:
        socket: where it listens. record: the file of its deeds.
        interval: seconds between two beats.
        terms: digest of its settings, as they should be.
        hire: starts one; returns at once; raises OSError where it cannot.
    """

    socket: Path
    record: Path
    interval: float
    terms: str
    hire: Callable[[], None]


class Beacon:
    """Beats.

    Attributes:
        notice: what the operator must see of it now; empty where all is well.
    """

    def __init__(
        self,
        guarding: Guarding,
        core: Core,
        health: HealthMonitor,
        clock: Clock,
        say: Callable[[Trouble], None],
        backoff: Backoff | None = None,
    ) -> None:
        self._guarding, self._core, self._health, self._clock, self._say = guarding, core, health, clock, say
        self._hurry = asyncio.Event()
        self._backoff = backoff or Backoff(base=0.25, maximum=60.0)
        self._number = self._missed = self._told = 0
        self._beaten: tuple[Cover, ...] = ()
        self.notice = ""
        self._acted: tuple[int | None, str, bool] = (None, "", False)

    @property
    def view(self) -> GuardianView:
        """How the guardian is, and what one did."""
        at, deeds, changed = self._acted
        return GuardianView(wanted=True, missing=self.notice, acted_at=at, deeds=deeds, changed=changed)

    @property
    def limit(self) -> float:
        """Seconds without an answer after which the guardian is unhealthy."""
        return self._guarding.interval + _ANSWER_WITHIN

    def look(self, _: object = None) -> None:
        """Beat at once where there is something new to protect: called with every fact."""
        if self._beaten != covers(self._core):
            self._hurry.set()

    async def run(self) -> None:
        """Beat until cancelled; hire a guardian whenever none is there."""
        self.tell_deeds()
        while True:
            try:
                await self._converse()
            except (OSError, TimeoutError, msgspec.DecodeError) as error:
                await self._lost(str(error) or "it does not answer")

    async def land(self) -> None:
        """Tell the guardian that this engine has ended properly. One that does not hear it looks after what is left."""
        word = Landed(bot=self._core.config.bot, boot=self._core.config.boot)
        with suppress(OSError, TimeoutError, msgspec.DecodeError):
            async with asyncio.timeout(_FAREWELL_WITHIN), _Line(self._guarding.socket) as line:
                await line.tell(word)

    def tell_deeds(self) -> None:
        """Say what a guardian did while no engine beat, and note that it was said."""
        if _size(self._guarding.record) == self._told:
            return
        deeds = untold(_read(self._guarding.record))
        done = [deed.text for deed in deeds if deed.did in _LOUD]
        if done or any(deed.did is Did.SILENCE for deed in deeds):
            what = "; ".join(done) or "all was as it should be"
            text = f"the engine was silent, and the guardian looked after its account: {what}"
            self._acted = self._clock.now(), text, bool(done)
            self._say(Trouble("guardian acted", text, GUARDIAN, "alarm" if done else "warning"))
        if deeds:
            self._note_told()
        self._told = _size(self._guarding.record)

    async def _converse(self) -> None:
        async with _Line(self._guarding.socket) as line:
            while True:
                async with asyncio.timeout(_ANSWER_WITHIN):
                    ack = await line.tell(self._beat())
                self._answered()
                if ack.terms != self._guarding.terms:
                    await self._outdated(line, ack)
                await self._rest()

    async def _outdated(self, line: _Line, ack: Ack) -> None:
        """Replace a guardian that was told other things; one that a person started is theirs to replace."""
        if ack.hired:
            await line.tell(Dismissed(bot=self._core.config.bot))
            raise ConnectionResetError("it knew other settings and was dismissed")
        self._health.heartbeats.note(GUARDIAN, f"process {ack.pid} was started with other settings: start it anew")

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._guarding.interval):
                await self._hurry.wait()
        self._hurry.clear()

    def _beat(self) -> Beat:
        self._number += 1
        self._beaten = covers(self._core)
        config = self._core.config
        return Beat(
            bot=config.bot,
            pid=os.getpid(),
            boot=config.boot,
            number=self._number,
            at=self._clock.now(),
            state=self._core.control.state,
            recovered=self._core.recovered,
            terms=self._guarding.terms,
            covers=self._beaten,
        )

    def _answered(self) -> None:
        self.tell_deeds()  # it may have acted while it did not hear us
        self._missed, self.notice = 0, ""
        self._health.beat(GUARDIAN)
        self._health.heartbeats.note(GUARDIAN, "")

    async def _lost(self, why: str) -> None:
        """Hire another one, and tell the operator where that does not help."""
        if self._missed == 3:
            self.notice = f"no guardian ({why}): if this engine died, nobody would look after its orders"
            self._say(Trouble("guardian silent", self.notice, GUARDIAN, "warning"))
        self._missed += 1
        self._health.heartbeats.note(GUARDIAN, why)
        try:
            await asyncio.to_thread(self._guarding.hire)
        except OSError as error:
            self._health.heartbeats.note(GUARDIAN, f"cannot be started: {error}")
        await asyncio.sleep(self._backoff.wait(self._missed, 0.0))

    def _note_told(self) -> None:
        config = self._core.config
        told = Deed(at=self._clock.now(), bot=config.bot, boot=config.boot, did=Did.TOLD)
        with suppress(OSError):  # then it is said once more at the next start
            descriptor = os.open(self._guarding.record, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            try:
                os.write(descriptor, msgspec.json.encode(told) + b"\n")
            finally:
                os.close(descriptor)


def covers(core: Core) -> tuple[Cover, ...]:
    """Return all that may have to be protected: what is held, and what entries on their way may open."""
    trading = core.trading
    found = {
        symbol: Cover(
            symbol=symbol, long=held.lots > 0, lots=abs(held.lots), stop=held.plan.stop if held.plan else None
        )
        for symbol, held in trading.positions.open.items()
        if held.lots
    }
    for entry in trading.orders.live(Purpose.ENTRY):
        plan, long = trading.entries.plans.get(entry.client_id), entry.request.side is Side.BUY
        found.setdefault(entry.symbol, Cover(symbol=entry.symbol, long=long, stop=plan.stop if plan else None))
    return tuple(found[symbol] for symbol in sorted(found))


class _Line:
    """A connection to a guardian: a word, an answer."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __aenter__(self) -> _Line:
        with socket_name(self._path) as name:
            self._reader, self._writer = await asyncio.open_unix_connection(name, limit=LONGEST_LINE)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def tell(self, word: Word) -> Ack:
        self._writer.write(msgspec.json.encode(word) + b"\n")
        await self._writer.drain()
        try:
            return _ack(await self._reader.readuntil())
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ConnectionResetError("it hung up") from error


def _size(record: Path) -> int:
    try:
        return record.stat().st_size
    except OSError:
        return 0


def _read(record: Path) -> Iterator[Deed]:
    """Return what the guardian wrote; nothing where it never wrote, and without a line that a power loss tore."""
    try:
        lines = record.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        with suppress(msgspec.DecodeError):
            yield _deed(line)
