"""What a futures contract is: its grid, its size, its fees and its margin rules."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.money import ZERO, decimals, ratio, tick_down, tick_up


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """A perpetual contract: linear (worth more as the price rises) or inverse (a fixed number of dollars, in coin).

    Attributes:
        tick: the price grid, in quote currency.
        multiplier: of a linear contract the base coins in one lot; of an inverse one its quote value, negative as the
            exchange writes it.
        maker_fee: share of the notional that a resting order pays.
        taker_fee: share of the notional that a taking order pays.
        initial_margin: smallest share of the notional that opens a position (1 / `max_leverage`).
        maintenance_margin: share of the notional below which a position is liquidated.
        max_lots: the largest order, in lots.
        inverse: margin, fees and profit are in the base coin.
        risk_limit: the largest position of the lowest risk level, in settlement currency; 0 where none is known.
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
    inverse: bool = False
    risk_limit: Decimal = ZERO

    @property
    def price_decimals(self) -> int:
        """Decimals of a price."""
        return decimals(self.tick)

    @property
    def coin_decimals(self) -> int:
        """Decimals of a size in base coins."""
        return decimals(self.multiplier)

    def coins(self, lots: int) -> Decimal:
        """Return the size of `lots` of a linear contract in base coins."""
        return self.multiplier * lots

    def notional(self, price: Decimal, lots: int) -> Decimal:
        """Return the value of `lots` at `price`, in settlement currency; the sign follows `lots`."""
        if self.inverse:
            return ratio(abs(self.multiplier) * lots, price)
        return price * self.multiplier * lots

    def price_of(self, value: Decimal, lots: int) -> Decimal:
        """Return the price at which `lots` are worth `value`; 0 where there is none."""
        if self.inverse:
            return ratio(abs(self.multiplier) * lots, value)
        return ratio(value, self.multiplier * lots)

    def profit(self, value: Decimal, cost: Decimal) -> Decimal:
        """Return what a position of signed `cost` made once it is worth `value`.

        A long inverse position owes dollars and is owed coin: its value in coin falls as the price rises.
        """
        return cost - value if self.inverse else value - cost

    def lots_for(self, notional: Decimal, price: Decimal) -> int:
        """Return the most whole lots that `notional` buys at `price`, never above `max_lots`."""
        if price <= 0:
            return 0
        if self.inverse:
            return min(int(notional * price / abs(self.multiplier)), self.max_lots)
        return min(int(notional / (price * self.multiplier)), self.max_lots)

    def below(self, price: Decimal) -> Decimal:
        """Return the highest valid price not above `price`."""
        return tick_down(price, self.tick)

    def above(self, price: Decimal) -> Decimal:
        """Return the lowest valid price not below `price`."""
        return tick_up(price, self.tick)
