"""Risk limits: the larger a position, the less leverage it may have and the more margin it must keep.

Source of the ladder: KuCoin's isolated risk limits of XBTUSDTM. Other contracts enter it at their own highest leverage.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO

_RUNGS: Final = (
    # highest leverage, initial margin, maintenance margin
    (125, "0.008", "0.004"),
    (100, "0.01", "0.005"),
    (75, "0.014", "0.007"),
    (50, "0.02", "0.01"),
    (30, "0.034", "0.017"),
    (20, "0.05", "0.025"),
    (10, "0.1", "0.05"),
    (5, "0.2", "0.1"),
    (4, "0.25", "0.125"),
    (3, "0.334", "0.167"),
    (2, "0.5", "0.25"),
    (1, "1", "0.5"),
)
_TIMES: Final = (1, 5, 10, 20, 30, 50, 80, 120, 200, 300, 400, 500)
"""The limit of each level, in limits of the first."""


class RiskLimit(msgspec.Struct, frozen=True):
    """One level of a contract's risk limits.

    Attributes:
        max, min: value of the position, in settlement currency: above `min`, up to `max`.
        initial_margin, maintenance_margin: shares of the value.
    """

    symbol: str
    level: int
    max: Decimal
    min: Decimal
    max_leverage: int
    initial_margin: Decimal
    maintenance_margin: Decimal


def risk_limits(instrument: Instrument) -> list[RiskLimit]:
    """Return a contract's levels, the lowest first; none where its limits are not known."""
    if not instrument.risk_limit:
        return []
    own = (instrument.max_leverage, str(instrument.initial_margin), str(instrument.maintenance_margin))
    rungs = [own, *(rung for rung in _RUNGS if rung[0] < instrument.max_leverage)]
    levels, below = [], ZERO
    for level, ((leverage, initial, maintenance), times) in enumerate(zip(rungs, _TIMES, strict=False), 1):
        top = instrument.risk_limit * times
        levels.append(RiskLimit(instrument.symbol, level, top, below, leverage, Decimal(initial), Decimal(maintenance)))
        below = top
    return levels


def at_level(instrument: Instrument, limit: RiskLimit) -> Instrument:
    """Return the contract with the margin rules of a level."""
    return msgspec.structs.replace(
        instrument,
        max_leverage=limit.max_leverage,
        initial_margin=limit.initial_margin,
        maintenance_margin=limit.maintenance_margin,
    )
