"""The door to an engine in another process, here or far away: one WebSocket in a thread of its own (rows A2, A4)."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from enum import StrEnum
from pathlib import Path
from random import Random
from secrets import token_hex
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

import msgspec

from radtui.core.facts import Envelope
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.snapshot import Snapshot
from radtui.engine.dialing import OPEN_WITHIN, Target, unwanted, words
from radtui.engine.helm import HelmView
from radtui.engine.replica import Replica
from radtui.engine.wire import LONGEST, LONGEST_SUBJECT, FromClient, TakeHelm, Tell, encode, from_server
from radtui.resilience.backoff import Backoff

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_BACKOFF: Final = Backoff(base=0.25, maximum=5.0)
_EXPIRE: Final = 0.5
"""Seconds between two looks at what has waited too long."""
_NAME: Final = 40
_UNNAMABLE: Final = re.compile(r"[^\w.@-]")
_SELDOM: Final = 100
"""A try so late that its wait is the longest: who does not let us in is not asked often."""


class LineState(StrEnum):
    """How the line to an engine is."""

    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"
    REFUSED = "refused"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """The line to an engine.

    Attributes:
        since: seconds for which it has been so.
        why: of a line that is not live.
        latency: seconds from a ping to its answer; None before the first.
    """

    state: LineState
    since: float = 0.0
    why: str = ""
    latency: float | None = None


class RemoteHandle:
    """`radtui.engine.handle.EngineHandle` on an engine elsewhere; safe from any thread.

    Everything is shown as it was heard last, and `age` and `line` say how old that is. Its line comes back by itself.

    Args:
        target: a control socket's path, or the URL of an API (``http``, ``https``, ``ws`` or ``wss``).
        token: for a URL; it is sent in a header and shown nowhere.
        name: of who sits here, for the others; what is no letter, digit or ``_.@-`` becomes a dash.
        cockpit: take the helm where nobody has it.

    Raises:
        BadTarget: what is no such address.
    """

    def __init__(
        self, target: Path | str, *, token: str | None = None, name: str = "", label: str = "", cockpit: bool = True
    ) -> None:
        self._target = Target(target, token)
        self._cockpit = cockpit
        self._replica = Replica(label or str(target), seat=token_hex(16), name=_UNNAMABLE.sub("-", name)[:_NAME])
        self._lock = Lock()
        self._thread = Thread(target=self._main, name="remote", daemon=True)
        self._first = Event()
        self._closing = Event()
        self._random = Random()
        self._state, self._since, self._why = LineState.CONNECTING, time.monotonic(), ""
        self._wishes: list[FromClient] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: ClientConnection | None = None

    def open(self) -> None:
        """Connect, and stay connected until `close`."""
        self._thread.start()

    def close(self) -> None:
        """Hang up; the engine is left as it is. May be called twice."""
        self._closing.set()
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended by itself
                loop.call_soon_threadsafe(task.cancel)
        if self._thread.is_alive():
            self._thread.join(3.0)

    def wait(self, seconds: float) -> bool:
        """Wait for the first picture or a refusal; return whether there is a picture."""
        self._first.wait(seconds)
        return self._replica.heard_at is not None

    @property
    def line(self) -> Line:
        """How the line is now."""
        connection = self._connection
        with self._lock:
            return Line(
                state=self._state,
                since=time.monotonic() - self._since,
                why=self._why,
                latency=(connection.latency or None) if connection is not None else None,
            )

    @property
    def age(self) -> float | None:
        """Seconds since the picture that is shown was heard; None before the first."""
        heard = self._replica.heard_at
        return None if heard is None else time.monotonic() - heard

    @property
    def controls(self) -> bool:
        """Whether the other end lets us give instructions, as far as is known."""
        hello = self._replica.hello
        return hello is None or hello.scope == "control"

    def snapshot(self) -> Snapshot:
        """Return the picture that was heard last."""
        return self._replica.snapshot

    def events(self, after: int = 0) -> list[Envelope]:
        """Return the facts heard with a sequence above `after`, oldest first."""
        with self._lock:
            return self._replica.events(after)

    def send(
        self,
        ask: Ask,
        *,
        who: str,  # the other end says who we are, by our token or user
        why: str = "",
        exits: ExitPolicy | None = None,
        subject: str = "",
        foreign: bool = False,
        order: HandOrder | None = None,
    ) -> Ack:
        """Ask, and return at once; the receipt also says where it could not be delivered."""
        key = token_hex(12)
        tell = Tell(
            key=key,
            ask=ask,
            why=why[:LONGEST],
            exits=exits,
            subject=subject[:LONGEST_SUBJECT],
            foreign=foreign,
            order=order,
        )
        with self._lock:
            self._replica.ask(tell, time.monotonic())
        self._wake()
        return Ack(id=key, ask=ask, at=self._replica.snapshot.at)

    def receipt(self, instruction_id: str) -> Receipt | None:
        """Return what came of an instruction, or None while nothing is known."""
        with self._lock:
            return self._replica.receipt(instruction_id)

    def forgotten(self, instruction_id: str) -> bool:  # what is lost gets a receipt that says so
        """Return False: an instruction of this door always gets a receipt."""
        return False

    def helm(self) -> HelmView:
        """Return who holds control."""
        return self._replica.helm

    def take_helm(self, *, over: bool = True) -> None:
        """Ask for control, from somebody else only with `over`; `helm` tells whether it came. Needs a live line."""
        with self._lock:
            self._wishes.append(TakeHelm(over=over))
        self._wake()

    def _wake(self) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it was closed in this very moment
                self._loop.call_soon_threadsafe(self._work.set)

    def _turn(self, state: LineState, why: str = "") -> None:
        with self._lock:
            if state is not self._state:
                self._since = time.monotonic()
            self._state, self._why = state, why

    def _main(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._run())

    async def _run(self) -> None:
        self._task, self._loop = asyncio.current_task(), asyncio.get_running_loop()
        expiring = asyncio.create_task(self._expire())
        try:
            await self._stay()
        finally:
            expiring.cancel()
            self._turn(LineState.LOST, "hung up")

    async def _stay(self) -> None:
        attempt = 0
        while not self._closing.is_set():
            heard = self._replica.heard_at
            try:
                await self._live()
            except Exception as error:  # supervision point: whatever it was, the person reads it, and it is tried again
                if self._lost(error):
                    attempt = _SELDOM
                elif self._replica.heard_at != heard:
                    attempt = 0
            await asyncio.sleep(_BACKOFF.wait(attempt, self._random.uniform(-1, 1)))
            attempt += 1

    def _lost(self, error: Exception) -> bool:
        """Note why the line ended; return whether the other end does not want us."""
        refused = unwanted(error)
        self._turn(LineState.REFUSED if refused else LineState.LOST, words(error))
        if refused:
            self._first.set()
        return refused

    async def _live(self) -> None:
        async with await self._target.dial() as connection:
            self._connection = connection
            try:
                await self._greet(connection)
                await self._converse(connection)
            finally:
                self._connection = None

    async def _greet(self, connection: ClientConnection) -> None:
        async with asyncio.timeout(OPEN_WITHIN):
            hello = from_server(await connection.recv(decode=False))
        with self._lock:
            first = self._replica.begin(hello, time.monotonic())
            self._wishes = [TakeHelm(over=False)] if self._cockpit and self.controls else []
        for said in first:
            await connection.send(encode(said), text=True)

    async def _converse(self, connection: ClientConnection) -> None:
        both = [asyncio.create_task(each(connection)) for each in (self._hear, self._speak)]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in both:
                each.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        for each in done:
            each.result()

    async def _hear(self, connection: ClientConnection) -> None:
        while True:
            said = from_server(await connection.recv(decode=False))
            with self._lock:
                self._replica.heard(said, time.monotonic())
            if self._state is not LineState.LIVE and self._replica.heard_at is not None:
                self._turn(LineState.LIVE)
                self._first.set()

    async def _speak(self, connection: ClientConnection) -> None:
        while True:
            self._work.clear()
            with self._lock:
                wishes, self._wishes = self._wishes, []
                said = [*wishes, *self._replica.fresh()]
            for each in said:
                await connection.send(encode(each), text=True)
            await self._work.wait()

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(_EXPIRE)
            with self._lock:
                self._replica.expire(time.monotonic())
