"""Hedge mode: a contract's long and short position side by side, of which radtui, being one-way, can have only one.

Its own side is looked after as ever. The other is told of once, shown, and left alone, also after the first is closed:
what was said to stay stays until the next start, which meets it by policy like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from radtui.core.account import PositionReport
from radtui.core.desk import Desk
from radtui.core.positions import Positions
from radtui.core.shown import say_position

_ONE_WAY: Final = (
    "hedge mode allows that, and radtui is one-way: it looks after its own side alone, enters nothing there and leaves "
    "the other as it is. Close at the exchange the one that you do not want"
)


class Sides:
    """Sorts the positions that a reading shows, and knows which contracts have two."""

    def __init__(self, desk: Desk, positions: Positions) -> None:
        self._desk = desk
        self._positions = positions
        self._told: set[str] = set()

    def sort(self, shown: Iterable[PositionReport]) -> dict[str, list[PositionReport]]:
        """Return the positions by symbol, and note where there are two."""
        sides: dict[str, list[PositionReport]] = {}
        for report in shown:
            sides.setdefault(report.symbol, []).append(report)
        before, left = self._positions.paired, self._positions.left
        self._positions.paired = {symbol: tuple(both) for symbol, both in sides.items() if len(both) > 1}
        for symbol in self._positions.paired:
            left.pop(symbol, None)
        for symbol in before.keys() - self._positions.paired.keys():
            if (stays := self.theirs(sides.get(symbol, []))) is not None:
                left[symbol] = stays
        return sides

    def theirs(self, reports: Sequence[PositionReport]) -> PositionReport | None:
        """Return which of a contract's positions is not ours, if any."""
        return next((report for report in reports if not self._positions.holds(report)), None)

    def tell(self) -> None:
        """Tell once of each contract with two positions."""
        pairs = self._positions.paired
        for symbol in sorted(pairs.keys() - self._told):
            self._desk.trouble("hedge mode", f"{self.pair(symbol)}; {_ONE_WAY}", "reconcile", "alarm")
        self._told = set(pairs)

    def pair(self, symbol: str) -> str:
        """Return what stands side by side in a contract, in one line."""
        both = self._positions.paired[symbol]
        named = (f"{say_position(each)} ({'ours' if self._positions.holds(each) else 'not ours'})" for each in both)
        return f"two positions in {symbol} at once: {' and '.join(named)}"
