"""The doors to an engine, as a cockpit uses them: the handle, the time there, the line, and the helm (row A4)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.engine.handle import EngineHandle
from radtui.engine.helm import HelmView
from radtui.tui.farclock import FarClock
from radtui.tui.reach import HERE, Reach

if TYPE_CHECKING:
    from radtui.engine.remote import Line


class Door(Protocol):
    """One engine, near or far."""

    @property
    def handle(self) -> EngineHandle:
        """What is looked at and asked."""
        ...

    def look(self) -> tuple[Snapshot, int, Reach]:
        """Return the latest picture, the wall clock where it was made, and how it is reached."""
        ...

    def take_over(self) -> None:
        """Take control, from whoever has it."""
        ...


@runtime_checkable
class Steered(Protocol):
    """A handle in this process at whose engine others may sit too."""

    def helm(self) -> HelmView:
        """Return who holds control."""
        ...

    def take_helm(self, name: str, *, over: bool = True) -> bool:
        """Take control; return whether it came."""
        ...


class Far(EngineHandle, Protocol):
    """A handle on an engine elsewhere, as `radtui.engine.remote.RemoteHandle` is."""

    @property
    def line(self) -> Line:
        """How the line is."""
        ...

    @property
    def age(self) -> float | None:
        """Seconds since the picture that is shown was heard; None before the first."""
        ...

    @property
    def controls(self) -> bool:
        """Whether instructions are taken from here."""
        ...

    def helm(self) -> HelmView:
        """Return who holds control."""
        ...

    def take_helm(self, *, over: bool = True) -> None:
        """Ask for control."""
        ...


class NearDoor:
    """An engine in this process: one clock, no line."""

    def __init__(self, handle: EngineHandle, *, user: str, clock: Callable[[], int]) -> None:
        self.handle = handle
        self._helm = handle if isinstance(handle, Steered) else None
        self._user = user
        self._clock = clock

    def look(self) -> tuple[Snapshot, int, Reach]:
        """Return the latest picture, the time, and who holds control."""
        shown = self.handle.snapshot()
        reach = Reach(name=shown.bot, helm=self._helm.helm()) if self._helm else HERE
        return shown, self._clock(), reach

    def take_over(self) -> None:
        """Take control back."""
        if self._helm is not None:
            self._helm.take_helm(self._user)


class FarDoor:
    """An engine elsewhere.

    Args:
        beside: what tells it from others of its name, for people; the host, where nothing is said.
        host: the machine where it flies; empty for this one.
        clock: this machine's wall clock, nanoseconds UTC. monotonic: seconds of a clock that nobody sets.
    """

    def __init__(
        self,
        far: Far,
        *,
        beside: str = "",
        host: str = "",
        clock: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.handle = far
        self._far = far
        self._beside, self._host = beside or host, host
        self._clock, self._monotonic = clock, monotonic
        self._there = FarClock()
        self._made_at = 0

    def look(self) -> tuple[Snapshot, int, Reach]:
        """Return the latest picture, the time there, and how the line is."""
        shown, age = self._picture()
        wall = self._clock()
        if age is not None and shown.at != self._made_at:  # one told again of an engine that hangs tells no time
            self._made_at = shown.at
            self._there.heard(shown.at, wall - round(age * SECOND), self._monotonic())
        heard = age is not None
        name = f"{shown.bot}@{self._beside}" if self._beside and heard else shown.bot
        reach = Reach(name, self._far.line, self._far.helm(), self._far.controls, heard, host=self._host)
        return shown, self._there.now(wall), reach

    def take_over(self) -> None:
        """Ask for control; the helm tells whether it came."""
        self._far.take_helm()

    def _picture(self) -> tuple[Snapshot, float | None]:
        """Return a picture and the age of that very one: the line goes on in another thread."""
        while True:
            shown, age = self._far.snapshot(), self._far.age
            if self._far.snapshot() is shown:
                return shown, age
