"""How the equity is shared out among contracts, and what would bring them there (row S6). Proposals, never orders."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec.structs import replace

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO, ratio

MOST: Final = Decimal("0.8")
"""Share of the equity that is allocated at most: the rest stays free, whatever the stance."""


class Stance(StrEnum):
    """How much of that is used."""

    CONSERVATIVE = "conservative"
    MODERATE = "moderate"
    AGGRESSIVE = "aggressive"


_FACTORS: Final = {
    Stance.CONSERVATIVE: Decimal("0.5"),
    Stance.MODERATE: Decimal("0.75"),
    Stance.AGGRESSIVE: Decimal(1),
}


class PortfolioTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What the portfolio is told.

    Attributes:
        least_change: share of the equity below which a difference is left alone.
    """

    stance: Stance = Stance.CONSERVATIVE
    least_change: Decimal = Decimal("0.05")


class Priced(msgspec.Struct, frozen=True):
    """A contract and its last price."""

    instrument: Instrument
    price: Decimal


class Rebalance(msgspec.Struct, frozen=True, kw_only=True):
    """What one contract has and should have; shares of the equity, signed: negative is short.

    Attributes:
        action: ``buy``, ``sell`` or ``hold``. value: notional of the difference, in settlement currency, unsigned.
        lots: whole lots that this is worth at `price`, rounded down; None of both where no price is known.
    """

    symbol: str
    current: Decimal
    target: Decimal
    action: str
    value: Decimal
    price: Decimal | None = None
    lots: int | None = None

    @property
    def difference(self) -> Decimal:
        """What is missing, signed."""
        return self.target - self.current


def share_of(stance: Stance) -> Decimal:
    """Return the share of the equity that is allocated."""
    return MOST * _FACTORS[stance]


def allocation(wanted: Mapping[str, Decimal], stance: Stance) -> dict[str, Decimal]:
    """Return each contract's share of the equity: by its part of all confidence, signed as what is wanted of it.

    Args:
        wanted: confidence by symbol; positive for a long, negative for a short, 0 for nothing.
    """
    total = sum((abs(each) for each in wanted.values()), ZERO)
    if not total:
        return dict.fromkeys(wanted, ZERO)
    whole = share_of(stance)
    return {symbol: whole * ratio(each, total) for symbol, each in wanted.items()}


def rebalanced(
    held: Mapping[str, Decimal],
    targets: Mapping[str, Decimal],
    equity: Decimal,
    terms: PortfolioTerms,
    priced: Mapping[str, Priced] = MappingProxyType({}),
) -> tuple[Rebalance, ...]:
    """Return what would bring each contract to its target, the greatest difference first.

    Args:
        held: notional by symbol, signed. targets: share of the equity by symbol, signed; what is held and has no
            target should go. priced: what is known of the contracts, by symbol.

    Nothing is proposed without an equity: a share of nothing is not a figure.
    """
    if equity <= 0:
        return ()
    symbols = dict.fromkeys([*held, *targets])
    moves = [
        _move(symbol, ratio(held.get(symbol, ZERO), equity), targets.get(symbol, ZERO), equity, terms.least_change)
        for symbol in symbols
    ]
    return tuple(
        _in_lots(move, priced.get(move.symbol))
        for move in sorted(moves, key=lambda move: (-abs(move.difference), move.symbol))
    )


def _move(symbol: str, current: Decimal, target: Decimal, equity: Decimal, least: Decimal) -> Rebalance:
    difference = target - current
    action = "hold" if abs(difference) < least else "buy" if difference > 0 else "sell"
    return Rebalance(symbol=symbol, current=current, target=target, action=action, value=abs(difference) * equity)


def _in_lots(move: Rebalance, priced: Priced | None) -> Rebalance:
    if priced is None:
        return move
    lots = priced.instrument.lots_for(move.value, priced.price)
    return replace(move, price=priced.price, lots=lots)
