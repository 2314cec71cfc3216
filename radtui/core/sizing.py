"""How many lots an entry has (row W5): by what its stop may cost, and never more than one position may be."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.config import Limits
from radtui.core.instrument import Instrument
from radtui.core.money import ratio


def lots_for(limits: Limits, equity: Decimal, price: Decimal, stop: Decimal, instrument: Instrument) -> int:
    """Return min(equity × risk ÷ distance of the stop, the limits of one position) in whole lots, rounded down."""
    notional = equity * limits.position_share
    if limits.position_notional is not None:
        notional = min(notional, limits.position_notional)
    distance = abs(price - stop)
    if limits.risk_share is not None and distance:
        notional = min(notional, ratio(equity * limits.risk_share * price, distance))
    lots = instrument.lots_for(notional, price)
    return lots if limits.position_lots is None else min(lots, limits.position_lots)
