"""What must hold in an explored world: the shape of a check, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from radtui.core.facts import AnyFact
from radtui.core.order import OrderReport
from radtui.simserver.explore.disk import Disk
from radtui.simserver.explore.outcome import Exposure
from radtui.simserver.explore.patience import Patience
from radtui.venue.venue import Venue


class Placement(msgspec.Struct, frozen=True):
    """An order as it reaches the exchange; times are nanoseconds since the world began."""

    client_id: str
    symbol: str
    reduces: bool
    sent_at: int


class Scene(Protocol):
    """What a check may look at."""

    @property
    def venue(self) -> Venue:
        """The truth."""
        ...

    @property
    def disk(self) -> Disk:
        """What is durable."""
        ...

    @property
    def passed(self) -> int:
        """Nanoseconds since the world began."""
        ...

    @property
    def patience(self) -> Patience:
        """How long nothing excused a position without a stop."""
        ...

    @property
    def exposure(self) -> Exposure:
        """How closely positions were watched."""
        ...

    @property
    def strangers(self) -> Mapping[str, str]:
        """Client ids and symbols of the orders that somebody else has on the account."""
        ...

    def report(self, name: str, what: str) -> None:
        """Say that an invariant does not hold."""
        ...


class Check:
    """One invariant, watched all the time. Whoever watches overrides what it wants to be told of."""

    name = ""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def broken(self, what: str) -> None:
        """Say that it does not hold."""
        self.scene.report(self.name, what)

    def placing(self, placement: Placement) -> None:
        """An order reaches the exchange, which has not taken it yet."""

    def changing(self, what: str, sent_at: int) -> None:
        """Any other change reaches it: a cancel for one."""

    def accepted(self, report: OrderReport) -> None:
        """The exchange has taken an order: the first word of it."""

    def moved(self) -> None:
        """Something happened to an order or a position at the exchange."""

    def heard(self, fact: AnyFact) -> None:
        """The engine has published a fact."""

    def begun(self, desired: str) -> None:
        """A life begins, and the journal says that `desired` is wanted; empty where nobody ever asked."""

    def turned(self) -> None:
        """A second has passed."""
