"""The arithmetic of an isolated position: what holds it, and where that is used up.

Source of the formulas: KuCoin's position figures of isolated contracts. With cost = Σ price × lots × multiplier:
initial margin = cost / leverage; closing fee = taker fee × cost × (1 + 1 / leverage), the fee of a close at the
bankruptcy price of a short; requirement = cost × maintenance rate + closing fee; and the position is liquidated once
margin + open profit ≤ requirement. The funding allowance KuCoin adds to the rate is left at 0.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.account import PositionReport
from radtui.core.holding import Holding
from radtui.core.instrument import Instrument
from radtui.core.money import ONE, ZERO, ratio

FLAT: Final = Holding()


class Cost(msgspec.Struct, frozen=True):
    """What opening a position takes out of the available money, in settlement currency."""

    initial: Decimal
    closing_fee: Decimal
    fee: Decimal

    @property
    def margin(self) -> Decimal:
        """What the position holds afterwards."""
        return self.initial + self.closing_fee

    @property
    def total(self) -> Decimal:
        """Margin, and the fee of the opening itself."""
        return self.initial + self.closing_fee + self.fee


def cost_of(instrument: Instrument, price: Decimal, lots: int, leverage: int, rate: Decimal) -> Cost:
    """Return what opening `lots` (unsigned) at `price` costs; `rate` is the fee of the opening itself."""
    value = instrument.notional(price, lots)
    geared = Decimal(leverage)
    closing_fee = ratio(value * instrument.taker_fee * (leverage + 1), geared)
    return Cost(ratio(value, geared), closing_fee, value * rate)


class Position(msgspec.Struct, frozen=True, array_like=True):
    """An open isolated position.

    Attributes:
        margin: what holds it, in settlement currency: initial margin and closing fee, less what funding took.
        closing_fee: the part of `margin` that is kept for the fee of its liquidation.
        opened_at: market clock, nanoseconds UTC.
    """

    holding: Holding
    margin: Decimal
    closing_fee: Decimal
    opened_at: int

    @property
    def lots(self) -> int:
        """Signed lots; negative is short."""
        return self.holding.lots

    def closable(self, sign: int) -> int:
        """Return how many lots an order with this sign (+1 buys) can close."""
        return abs(self.lots) if self.lots * sign < 0 else 0

    def requirement(self, instrument: Instrument) -> Decimal:
        """Return the margin below which it is liquidated, in settlement currency."""
        return abs(self.holding.cost) * instrument.maintenance_margin + self.closing_fee

    def liquidated_at(self, price: Decimal, instrument: Instrument) -> bool:
        """Return whether a last price of `price` liquidates it."""
        left = self.margin + self.holding.unrealised(price, instrument.multiplier)
        return left <= self.requirement(instrument)

    def bankrupt_at(self, price: Decimal, instrument: Instrument) -> bool:
        """Return whether its margin, less the closing fee, is used up at `price`."""
        return self.margin - self.closing_fee + self.holding.unrealised(price, instrument.multiplier) <= ZERO

    def liquidation_price(self, instrument: Instrument) -> Decimal:
        """Return the first valid price that liquidates it; 0 where none does."""
        return self._on_tick(self._price_without(self.margin - self.requirement(instrument), instrument), instrument)

    def bankruptcy_price(self, instrument: Instrument) -> Decimal:
        """Return the last valid price at which its margin still pays for its loss and the closing fee."""
        exact = self._price_without(self.margin - self.closing_fee, instrument)
        price = instrument.above(exact) if self.lots > 0 else instrument.below(exact)
        if self._left_at(price, instrument) < ZERO:
            price += instrument.tick * (1 if self.lots > 0 else -1)
        return max(price, instrument.tick)

    def no_worse(self, price: Decimal, instrument: Instrument) -> Decimal:
        """Return `price`, or the bankruptcy price where closing at `price` would lose more than the margin."""
        last = self.bankruptcy_price(instrument)
        return max(price, last) if self.lots > 0 else min(price, last)

    def report(self, instrument: Instrument, mark: Decimal) -> PositionReport:
        """Return it as the exchange shows it; `leverage` is the effective one, rounded to a whole number."""
        initial = self.margin - self.closing_fee
        return PositionReport(
            symbol=instrument.symbol,
            lots=self.lots,
            entry=self.holding.entry(instrument.multiplier),
            mark=mark,
            margin=self.margin,
            maintenance=self.requirement(instrument),
            leverage=max(1, int(ratio(abs(self.holding.cost), initial).quantize(ONE))),
            liquidation=self.liquidation_price(instrument),
            unrealised=self.holding.unrealised(mark, instrument.multiplier),
            opened_at=self.opened_at,
        )

    def _price_without(self, amount: Decimal, instrument: Instrument) -> Decimal:
        entry = self.holding.entry(instrument.multiplier)
        return entry - ratio(amount, instrument.multiplier * self.lots)

    def _on_tick(self, exact: Decimal, instrument: Instrument) -> Decimal:
        return max(instrument.below(exact) if self.lots > 0 else instrument.above(exact), ZERO)

    def _left_at(self, price: Decimal, instrument: Instrument) -> Decimal:
        fee = instrument.notional(price, abs(self.lots)) * instrument.taker_fee
        return self.margin + self.holding.unrealised(price, instrument.multiplier) - fee


def flat_report(instrument: Instrument, mark: Decimal) -> PositionReport:
    """Return the report of a position that has just closed."""
    return PositionReport(
        symbol=instrument.symbol,
        lots=0,
        entry=ZERO,
        mark=mark,
        margin=ZERO,
        maintenance=ZERO,
        leverage=0,
        liquidation=ZERO,
        unrealised=ZERO,
        opened_at=0,
    )
