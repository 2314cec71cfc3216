"""What a futures contract is: its grid, its size, its fees and its margin rules."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.money import decimals, tick_down, tick_up


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """A linear perpetual contract.

    Attributes:
        tick: the price grid, in quote currency.
        multiplier: base coins in one lot; the notional of an order is ``price × lots × multiplier``.
        maker_fee: share of the notional that a resting order pays.
        taker_fee: share of the notional that a taking order pays.
        initial_margin: smallest share of the notional that opens a position (1 / `max_leverage`).
        maintenance_margin: share of the notional below which a position is liquidated.
        max_lots: the largest order, in lots.
    """

    symbol: str
    base: str
    quote: str = "USDT"
    settle: str = "USDT"
    tick: Decimal
    multiplier: Decimal
    maker_fee: Decimal
    taker_fee: Decimal
    initial_margin: Decimal
    maintenance_margin: Decimal
    max_leverage: int
    max_lots: int
    max_price: Decimal

    @property
    def price_decimals(self) -> int:
        """Decimals of a price."""
        return decimals(self.tick)

    @property
    def coin_decimals(self) -> int:
        """Decimals of a size in base coins."""
        return decimals(self.multiplier)

    def coins(self, lots: int) -> Decimal:
        """Return the size of `lots` in base coins."""
        return self.multiplier * lots

    def notional(self, price: Decimal, lots: int) -> Decimal:
        """Return the value of `lots` at `price`, in quote currency; the sign follows `lots`."""
        return price * self.multiplier * lots

    def lots_for(self, notional: Decimal, price: Decimal) -> int:
        """Return the most whole lots that `notional` buys at `price`, never above `max_lots`."""
        return min(int(notional / (price * self.multiplier)), self.max_lots) if price > 0 else 0

    def below(self, price: Decimal) -> Decimal:
        """Return the highest valid price not above `price`."""
        return tick_down(price, self.tick)

    def above(self, price: Decimal) -> Decimal:
        """Return the lowest valid price not below `price`."""
        return tick_up(price, self.tick)
