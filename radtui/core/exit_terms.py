"""What the exit rules go by (row W4). A rule without its figure is off; a bare `ExitTerms()` has none."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.market import HOUR


class Rung(msgspec.Struct, frozen=True):
    """A profit that is taken.

    Attributes:
        gain: profit on the margin (price change × leverage) from which on it is taken, a share.
        beyond: only while the target is farther than this away, a share of the price; 0: in any case.
    """

    gain: Decimal
    beyond: Decimal = Decimal(0)


class ExitTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of the rules; all shares are of the price, all times nanoseconds of the market clock.

    Attributes:
        stop: of a signal that names none, before volatility is added; None: the farthest that the limits allow.
        stop_least, stop_most: bounds of that stop.
        reward: distance of the target of a signal that names none, in distances of its stop; None for no target.
        trailing: distance of the trailing stop in a market of middling pace. trailing_least, trailing_most: its bounds.
        break_even: profit from which on the stop lies beyond the entry, by `locked`.
        ladder: profits that are taken.
        stall_after: age from which on a position that is ahead by less than `stall_profit` has its stop `stall_stop`
            away from the market.
        longest: age at which a position is closed.
    """

    stop: Decimal | None = None
    stop_least: Decimal = Decimal("0.015")
    stop_most: Decimal = Decimal("0.08")
    reward: Decimal | None = None
    trailing: Decimal | None = None
    trailing_least: Decimal = Decimal("0.005")
    trailing_most: Decimal = Decimal("0.05")
    break_even: Decimal | None = None
    locked: Decimal = Decimal("0.005")
    ladder: tuple[Rung, ...] = ()
    stall_after: int | None = None
    stall_profit: Decimal = Decimal("0.02")
    stall_stop: Decimal = Decimal("0.01")
    longest: int | None = None

    @property
    def active(self) -> bool:
        """Whether any rule looks after an open position."""
        figures = (self.trailing, self.break_even, self.stall_after, self.longest)
        return bool(self.ladder) or any(figure is not None for figure in figures)


LADDER: Final = (
    Rung(Decimal("0.2")),
    Rung(Decimal("0.15"), Decimal("0.02")),
    Rung(Decimal("0.1"), Decimal("0.02")),
    Rung(Decimal("0.08"), Decimal("0.03")),
    Rung(Decimal("0.05"), Decimal("0.05")),
)
"""Row W4, the greatest profit first."""
HOUSE: Final = ExitTerms(
    stop=Decimal("0.025"),
    reward=Decimal(2),
    trailing=Decimal("0.02"),
    break_even=Decimal("0.015"),
    ladder=LADDER,
    stall_after=4 * HOUR,
    longest=24 * HOUR,
)
"""Row W4: every rule with its usual figures."""
