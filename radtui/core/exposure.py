"""What several bots of one account hold together: netted by coin, for a long of one and a short of another cancel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from radtui.core.money import ZERO


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """Positions, and entries on their way as if they were filled.

    Attributes:
        coins: signed value by base coin, in settlement currency.
        margin: what holds them, in settlement currency.
    """

    coins: Mapping[str, Decimal] = {}
    margin: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        """Sum over the coins of what each is worth without its sign."""
        return sum((abs(value) for value in self.coins.values()), ZERO)

    def beside(self, other: Exposure) -> Exposure:
        """Return both together, netted by coin."""
        return together((self, other))

    def plus(self, coin: str, value: Decimal, margin: Decimal = ZERO) -> Exposure:
        """Return it with one more signed value."""
        return together((self, Exposure(coins={coin: value}, margin=margin)))


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """What the other bots of the account hold, and what all of them together may, in settlement currency.

    Attributes:
        exposure_limit: of the gross exposure. margin_limit: of the margin.
    """

    held: Exposure
    exposure_limit: Decimal
    margin_limit: Decimal


def together(parts: Iterable[Exposure]) -> Exposure:
    """Return the sum, netted by coin; a coin whose parts cancel is left out."""
    coins: defaultdict[str, Decimal] = defaultdict(Decimal)
    margin = ZERO
    for part in parts:
        margin += part.margin
        for coin, value in part.coins.items():
            coins[coin] += value
    return Exposure(coins={coin: value for coin, value in coins.items() if value}, margin=margin)
