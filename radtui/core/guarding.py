"""What an engine and its guardian say to each other, and what the guardian writes down: shapes only.

Each word is one line of JSON. The engine beats; the guardian answers each beat. A guardian that hears nothing for too
long of an engine that had beaten and had not landed acts in its place, and notes every deed in its record.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.ids import base36

LONGEST_LINE: Final = 65_536
"""Bytes of one word at most."""
_MARK: Final = "_"
"""What no engine's id has at this place: no base has such a digit."""


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """One position of ours, or one that an entry on its way may open, and where its stop belongs.

    Attributes:
        long: whether it is, or would be, a long one.
        lots: unsigned; 0 while only its entry is on its way.
        stop: trigger of its planned stop; None where none is planned.
    """

    symbol: str
    long: bool
    lots: int = 0
    stop: Decimal | None = None


class Beat(msgspec.Struct, frozen=True, kw_only=True, tag="beat"):
    """The engine lives.

    Attributes:
        boot: of this engine, nanoseconds UTC: tells its lives apart.
        number: counts up by one within a boot.
        at: wall clock, nanoseconds UTC.
        recovered: it knows what it holds. Only from then on its silence counts, and only so it ends another's: an
            engine that dies at every start protects nobody.
        terms: digest of what the engine wants of its guardian; another one in the answer is an outdated guardian.
        covers: all that may have to be protected.
    """

    bot: str
    pid: int
    boot: int
    number: int
    at: int
    state: str
    recovered: bool = True
    terms: str = ""
    covers: tuple[Cover, ...] = ()


class Landed(msgspec.Struct, frozen=True, kw_only=True, tag="landed"):
    """The engine has ended properly: what it leaves behind is as it should be."""

    bot: str
    boot: int


class Dismissed(msgspec.Struct, frozen=True, kw_only=True, tag="dismissed"):
    """The guardian is to end: another one follows it."""

    bot: str


Word = Beat | Landed | Dismissed


class Phase(StrEnum):
    """Where a guardian stands."""

    WAITING = "waiting"
    """No engine has beaten yet."""
    WATCHING = "watching"
    ACTING = "acting"
    ACTED = "acted"
    """It has acted and waits for the engine's return."""
    LANDED = "landed"


class Ack(msgspec.Struct, frozen=True, kw_only=True, tag="ack"):
    """The guardian heard that.

    Attributes:
        number: of the beat it answers; 0 for another word.
        hired: it was started by an engine and ends when the engine has landed.
    """

    number: int
    pid: int
    phase: Phase
    terms: str
    hired: bool


class Did(StrEnum):
    """What a guardian writes down."""

    SILENCE = "silence"
    """It begins to act."""
    CANCELLED = "cancelled"
    PROTECTED = "protected"
    CLOSED = "closed"
    REFUSED = "refused"
    BARE = "bare"
    """A position without a stop, and none to be placed."""
    AWAY = "away"
    """The exchange does not answer; it goes on trying."""
    DONE = "done"
    STOOD_DOWN = "stood down"
    """The engine beat again before it was done."""
    RETURNED = "returned"
    TOLD = "told"
    """An engine has shown the operator all that stands above."""


class Deed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the record.

    Attributes:
        at: wall clock, nanoseconds UTC.
        boot: of the engine that fell silent.
        text: for people.
    """

    at: int
    bot: str
    boot: int
    did: Did
    text: str = ""
    symbol: str = ""
    client_id: str = ""


class GuardianIds:
    """Hands out the client ids of one deed: under the bot's prefix, and never one of an engine's."""

    def __init__(self, bot: str, at: int) -> None:
        self._prefix = f"{bot}-{_MARK}{base36(at // 1_000_000)}-"
        self._count = 0

    def next(self) -> str:
        """Return an id that was never used."""
        self._count += 1
        return self._prefix + base36(self._count)


def is_guardians(client_id: str) -> bool:
    """Return whether a guardian made this id."""
    middle = client_id.split("-")[1:2]
    return bool(middle) and middle[0].startswith(_MARK)


def untold(deeds: Iterable[Deed]) -> tuple[Deed, ...]:
    """Return the deeds that no engine has shown yet, oldest first."""
    found: list[Deed] = []
    for deed in deeds:
        found = [] if deed.did is Did.TOLD else [*found, deed]
    return tuple(found)
