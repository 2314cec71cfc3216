"""The arithmetic of isolated margin: what a position costs, when it is liquidated, and where its margin is used up.

Source of the formulas: KuCoin's position figures of isolated contracts. With cost = Σ notional at entry:
initial margin = cost / leverage; closing fee = taker fee × cost × (1 + 1 / leverage), the fee of a close at the
bankruptcy price of a short (an inverse long's); requirement = cost × maintenance rate + closing fee; and the position
is liquidated once margin + open profit ≤ requirement. The funding allowance KuCoin adds to the rate is left at 0.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.account import PositionReport
from radtui.core.holding import Holding
from radtui.core.instrument import Instrument
from radtui.core.money import ONE, ZERO, ratio, share
from radtui.core.order import PositionSide
from radtui.venue.position import Position


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


class IsolatedPosition(Position, frozen=True, array_like=True, kw_only=True, tag="isolated"):
    """A position that only its own margin stands behind.

    Attributes:
        own: its margin, in settlement currency: initial margin and closing fee, less what funding took.
        closing_fee: the part of `own` that is kept for the fee of its liquidation.
        added: the part of `own` that was put in by hand; negative where more was taken out.
    """

    own: Decimal = ZERO
    closing_fee: Decimal = ZERO
    added: Decimal = ZERO

    @property
    def margin(self) -> Decimal:
        """What only this position may use, in settlement currency."""
        return self.own

    @property
    def initial(self) -> Decimal:
        """What it was opened with, without the closing fee."""
        return self.own - self.closing_fee - self.added

    def grown(self, holding: Holding, cost: Cost) -> IsolatedPosition:
        """Return it with what an opening brought."""
        return msgspec.structs.replace(
            self, holding=holding, own=self.own + cost.margin, closing_fee=self.closing_fee + cost.closing_fee
        )

    def shrunk(self, holding: Holding, lack: Decimal) -> IsolatedPosition:
        """Return what a close leaves of it: its share of the margin, less what the closed share was short (`lack`)."""
        closed, whole = abs(self.lots) - abs(holding.lots), abs(self.lots)
        released = min(self.own, max(share(self.own, closed, whole), lack))
        return msgspec.structs.replace(
            self,
            holding=holding,
            own=self.own - released,
            closing_fee=self.closing_fee - share(self.closing_fee, closed, whole),
            added=self.added - share(self.added, closed, whole),
        )

    def charged(self, amount: Decimal) -> IsolatedPosition:
        """Return it after it paid `amount` out of its own margin."""
        return msgspec.structs.replace(self, own=self.own - amount)

    def topped(self, amount: Decimal) -> IsolatedPosition:
        """Return it with `amount` put in by hand, or taken out where that is negative."""
        return msgspec.structs.replace(self, own=self.own + amount, added=self.added + amount)

    def spare(self, instrument: Instrument, mark: Decimal) -> Decimal:
        """Return the margin that may be taken out: what is left beyond the highest leverage, open loss deducted."""
        loss = min(ZERO, self.holding.unrealised(mark, instrument))
        value = max(abs(self.holding.cost), abs(instrument.notional(mark, self.lots)))
        return max(ZERO, self.own - self.closing_fee + loss - value * instrument.initial_margin)

    def requirement(self, instrument: Instrument) -> Decimal:
        """Return the margin below which it is liquidated, in settlement currency."""
        return abs(self.holding.cost) * instrument.maintenance_margin + self.closing_fee

    def liquidated_at(self, price: Decimal, instrument: Instrument) -> bool:
        """Return whether a mark price of `price` liquidates it."""
        return self.own + self.holding.unrealised(price, instrument) <= self.requirement(instrument)

    def bankrupt_at(self, price: Decimal, instrument: Instrument) -> bool:
        """Return whether its margin, less the closing fee, is used up at `price`."""
        return self.own - self.closing_fee + self.holding.unrealised(price, instrument) <= ZERO

    def liquidation_price(self, instrument: Instrument) -> Decimal:
        """Return the first valid price that liquidates it; 0 where none does."""
        exact = self._price_without(self.own - self.requirement(instrument), instrument)
        return max(instrument.below(exact) if self.lots > 0 else instrument.above(exact), ZERO)

    def bankruptcy_price(self, instrument: Instrument) -> Decimal:
        """Return the last valid price at which its margin still pays for its loss and the closing fee."""
        exact = self._price_without(self.own - self.closing_fee, instrument)
        if exact <= ZERO and self.lots < 0:
            return instrument.max_price
        price = instrument.above(exact) if self.lots > 0 else instrument.below(exact)
        if self._left_at(price, instrument) < ZERO:
            price += instrument.tick * (1 if self.lots > 0 else -1)
        return max(price, instrument.tick)

    def no_worse(self, price: Decimal, instrument: Instrument) -> Decimal:
        """Return `price`, or the bankruptcy price where closing at `price` would lose more than the margin."""
        last = self.bankruptcy_price(instrument)
        return max(price, last) if self.lots > 0 else min(price, last)

    def report(self, instrument: Instrument, side: PositionSide, mark: Decimal) -> PositionReport:
        """Return it as the exchange shows it; `leverage` is the effective one, rounded to a whole number."""
        return msgspec.structs.replace(
            self.sketch(instrument, side, mark),
            margin=self.own,
            maintenance=self.requirement(instrument),
            leverage=max(1, int(ratio(abs(self.holding.cost), self.initial).quantize(ONE))),
            liquidation=self.liquidation_price(instrument),
            initial=self.initial,
            closing_fee=self.closing_fee,
            added=self.added,
            bankruptcy=self.bankruptcy_price(instrument),
        )

    def _price_without(self, amount: Decimal, instrument: Instrument) -> Decimal:
        """Return the price at which it has lost `amount`; at or below 0 where it never loses as much."""
        cost = self.holding.cost
        return instrument.price_of(cost + amount if instrument.inverse else cost - amount, self.lots)

    def _left_at(self, price: Decimal, instrument: Instrument) -> Decimal:
        if price <= ZERO:
            return -ONE if instrument.inverse else self.own + self.holding.unrealised(price, instrument)
        fee = instrument.notional(price, abs(self.lots)) * instrument.taker_fee
        return self.own + self.holding.unrealised(price, instrument) - fee


def flat_report(instrument: Instrument, side: PositionSide, mark: Decimal, mode: str) -> PositionReport:
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
        margin_mode=mode,
        position_side=side,
    )
