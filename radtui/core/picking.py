"""What the latest scan of the market means for an entry (row W1)."""

from __future__ import annotations

from typing import Final

from radtui.core.desk import Desk
from radtui.core.market import SECOND
from radtui.core.order import Side
from radtui.core.picks import Picks, ScanPolicy
from radtui.core.why_view import GateView

_GATE: Final = "scan"


class Picked:
    """The latest scan, as entries see it.

    Attributes:
        latest: None before the first.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.latest: Picks | None = None

    def take(self, picks: Picks) -> None:
        """Take a scan in place of the one before, also where it is worse."""
        self.latest = picks

    def gates(self, symbol: str, side: Side) -> tuple[GateView, ...]:
        """Return what the scan says to an entry; nothing where none is asked."""
        policy = self._desk.config.scan
        if policy is None:
            return ()
        limit = f"{side} among the first {policy.top}"
        why = self._unusable(policy)
        picked = None if self.latest is None else self.latest.sides.get(symbol)
        value = why or ("not picked" if picked is None else f"picked to {picked}")
        return (GateView(gate=_GATE, value=value, limit=limit, passed=not why and picked is side),)

    def _unusable(self, policy: ScanPolicy) -> str:
        """Return why no entry may follow the latest scan; empty where one may."""
        if self.latest is None:
            return "no scan yet"
        if self.latest.partial:
            return f"partial: {self.latest.partial}"
        age = self._desk.at - self.latest.at
        if not 0 <= age <= policy.max_age:  # one from the future was made before the clock was set back
            return f"stale: {age / SECOND:.0f} s old, at most {policy.max_age / SECOND:.0f} s"
        return ""
