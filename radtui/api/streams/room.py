"""How many lines there is room for: some stay free for the control socket, for other tokens, and for who leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from radtui.api.keyring import Caller

MOST: Final = 60
"""Lines at a time."""
OUTSIDE: Final = 40
"""Of them over TCP."""
OF_ONE: Final = 20
"""Of those, with one token."""
READERS: Final = 30
"""And with all tokens together that may only look."""


class Line(NamedTuple):
    """Who holds a line, and whether over TCP."""

    caller: Caller
    outside: bool


class Room:
    """The lines of one engine."""

    def __init__(self) -> None:
        self._open: Counter[Line] = Counter()

    def denied(self, line: Line) -> str:
        """Return why there is no room for one more line like this, and what to do; empty where there is."""
        for most, held, whose in self._shares(line):
            if held >= most:
                return f"{held} lines are open {whose}already: close one, or try again later"
        return ""

    @contextmanager
    def taken(self, line: Line) -> Iterator[None]:
        """Hold a line open."""
        self._open[line] += 1
        try:
            yield
        finally:
            self._open[line] -= 1
            self._open += Counter()  # whoever has none is forgotten

    def _shares(self, line: Line) -> Iterator[tuple[int, int, str]]:
        """Return what a line has a share of: how many there may be, how many there are, and whose they are."""
        yield MOST, self._open.total(), ""
        if line.outside:
            yield OF_ONE, self._open[line], "with this token "
            outside = {each: count for each, count in self._open.items() if each.outside}
            yield OUTSIDE, sum(outside.values()), "over TCP "
            if not line.caller.controls:
                held = sum(count for each, count in outside.items() if not each.caller.controls)
                yield READERS, held, "with tokens that may only look "
