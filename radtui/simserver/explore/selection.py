"""Which faults may strike in a run: whole kinds, or single ones of a kind, as they stand on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

import msgspec

from radtui.simserver.explore.kinds import Kind, seams

ALL: Final = "all"
_AT: Final = "@"


class BadSelection(ValueError):
    """A list of faults that cannot be read; the message says what is possible."""


class Occurrence(msgspec.Struct, frozen=True, order=True):
    """One fault that struck: `place` names seam and ordinal, for example ``request.17`` or ``minute.3``."""

    kind: Kind
    place: str

    def __str__(self) -> str:
        return f"{self.kind}{_AT}{self.place}"


class Selection(msgspec.Struct, frozen=True):
    """What may strike.

    Attributes:
        kinds: these, wherever they like. single: these, there and nowhere else.
    """

    kinds: frozenset[Kind] = frozenset()
    single: frozenset[Occurrence] = frozenset()

    def admits(self, occurrence: Occurrence) -> bool:
        """Return whether a fault may strike."""
        return occurrence.kind in self.kinds or occurrence in self.single

    def knows(self, kind: Kind) -> bool:
        """Return whether anything of a kind may strike."""
        return kind in self.kinds or any(single.kind is kind for single in self.single)

    def __str__(self) -> str:
        if self.kinds == frozenset(Kind):
            return ALL
        return ",".join([*(kind for kind in Kind if kind in self.kinds), *map(str, sorted(self.single))])


EVERYTHING: Final = Selection(frozenset(Kind))


def parse(text: str) -> Selection:
    """Return the selection of a text like ``all``, ``lost,crash`` or ``lost@request.17,crash``.

    Raises:
        BadSelection: a name or a seam is unknown.
    """
    names = [part.strip() for part in text.split(",") if part.strip()]
    if names == [ALL]:
        return EVERYTHING
    whole = frozenset(_kind(name) for name in names if _AT not in name)
    single = frozenset(_occurrence(name) for name in names if _AT in name)
    return Selection(whole, single)


def of(occurrences: Iterable[Occurrence]) -> Selection:
    """Return the selection of nothing but these."""
    return Selection(single=frozenset(occurrences))


def _occurrence(text: str) -> Occurrence:
    name, _, place = text.partition(_AT)
    if not place:
        raise BadSelection(f"{text!r} names no place; as in {Kind.LOST}@request.17")
    kind = _kind(name)
    _check_place(kind, place, text)
    return Occurrence(kind, place)


def _check_place(kind: Kind, place: str, text: str) -> None:
    """Refuse a place at which a kind never strikes: such a run would be clean and prove nothing."""
    possible = seams(kind)
    if not possible:
        raise BadSelection(f"{text!r}: {kind} is everywhere and has no single ones; give {kind} alone")
    if not any(re.fullmatch(seam.replace("N", "[1-9][0-9]*") + r"\.(0|[1-9][0-9]*)", place) for seam in possible):
        known = " or ".join(f"{kind}{_AT}{seam}.17" for seam in possible)
        n = ", N being the number of a socket" if any("N" in seam for seam in possible) else ""
        raise BadSelection(f"{text!r} names a place where {kind} never strikes; known: {known}{n}")


def _kind(name: str) -> Kind:
    known = [str(kind) for kind in Kind]
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise BadSelection(f"no fault is called {name!r}; {hint}Possible: {ALL}, {', '.join(known)}")
    return Kind(name)
