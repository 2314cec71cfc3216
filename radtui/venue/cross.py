"""Cross margin: positions of one currency that stand and fall together.

Source of the formulas: KuCoin's cross margin. A position needs its value at the mark / leverage; the risk ratio is
(Σ maintenance + closing fees) / (free wallet + open profit), where the wallet is free of isolated margins and of order
margins. Orders that open are cancelled at 95 %, positions are liquidated at 100 %, the largest loss first.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.account import PositionReport
from radtui.core.holding import Holding
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO, ratio
from radtui.core.order import MarginMode, PositionSide
from radtui.venue.margin import Cost
from radtui.venue.position import Position

CANCEL_RATIO: Final = Decimal("0.95")
"""Risk ratio at which orders that open are cancelled."""
_HOPELESS: Final = Decimal(1000)


class CrossPosition(Position, frozen=True, array_like=True, kw_only=True, tag="cross"):
    """A position that all the free money of its currency stands behind, at the contract's cross leverage."""

    leverage: int

    @property
    def margin(self) -> Decimal:
        """Nothing: no money is set aside for it alone."""
        return ZERO

    def grown(self, holding: Holding, cost: Cost) -> CrossPosition:
        """Return it with what an opening brought."""
        return msgspec.structs.replace(self, holding=holding)

    def shrunk(self, holding: Holding, lack: Decimal) -> CrossPosition:
        """Return what a close leaves of it."""
        return msgspec.structs.replace(self, holding=holding)

    def charged(self, amount: Decimal) -> CrossPosition:
        """Return it as it is: it has no margin of its own that could pay."""
        return self

    def no_worse(self, price: Decimal, instrument: Instrument) -> Decimal:
        """Return `price`: it alone is never bankrupt."""
        return price

    def initial_at(self, mark: Decimal, instrument: Instrument) -> Decimal:
        """Return what it needs of the account, in settlement currency."""
        return ratio(abs(instrument.notional(mark, self.lots)), Decimal(self.leverage))

    def maintenance_at(self, mark: Decimal, instrument: Instrument) -> Decimal:
        """Return the margin it needs at least, without the closing fee."""
        return abs(instrument.notional(mark, self.lots)) * instrument.maintenance_margin

    def report(
        self, instrument: Instrument, side: PositionSide, mark: Decimal, liquidation: Decimal, bankruptcy: Decimal
    ) -> PositionReport:
        """Return it as the exchange shows it; the two prices hold while the other positions stay as they are."""
        return msgspec.structs.replace(
            self.sketch(instrument, side, mark),
            margin=self.initial_at(mark, instrument),
            maintenance=self.maintenance_at(mark, instrument),
            leverage=self.leverage,
            liquidation=liquidation,
            margin_mode=MarginMode.CROSS.lower(),
            initial=ratio(abs(self.holding.cost), Decimal(self.leverage)),
            bankruptcy=bankruptcy,
        )


class Stake(msgspec.Struct, frozen=True):
    """A cross position, its contract, and the mark it is valued at."""

    position: CrossPosition
    instrument: Instrument
    mark: Decimal

    @property
    def unrealised(self) -> Decimal:
        """Open profit."""
        return self.position.holding.unrealised(self.mark, self.instrument)

    @property
    def initial(self) -> Decimal:
        """What it needs of the account."""
        return self.position.initial_at(self.mark, self.instrument)

    @property
    def requirement(self) -> Decimal:
        """Maintenance margin and the fee of its close."""
        value = abs(self.instrument.notional(self.mark, self.position.lots))
        return value * (self.instrument.maintenance_margin + self.instrument.taker_fee)


class Standing(msgspec.Struct, frozen=True):
    """How the cross positions of one currency stand.

    Attributes:
        initial: what they need. unrealised: their open profit. requirement: below which they are liquidated.
        margin: what stands behind them: the free wallet and the open profit.
    """

    initial: Decimal
    unrealised: Decimal
    requirement: Decimal
    margin: Decimal

    @property
    def ratio(self) -> Decimal:
        """The risk ratio: 1 liquidates; 0 without a position; very large once nothing stands behind them."""
        if not self.requirement:
            return ZERO
        return min(_HOPELESS, ratio(self.requirement, self.margin)) if self.margin > ZERO else _HOPELESS


def standing(free: Decimal, stakes: Iterable[Stake]) -> Standing:
    """Return how positions stand that `free` money of the wallet stands behind."""
    initial = unrealised = requirement = ZERO
    for stake in stakes:
        initial += stake.initial
        unrealised += stake.unrealised
        requirement += stake.requirement
    return Standing(initial, unrealised, requirement, free + unrealised)


def price_where_lost(own: list[Stake], slack: Decimal, rate: Decimal) -> Decimal:
    """Return the price of one contract at which its positions have used up `slack`; 0 where there is none.

    `slack` is what stands behind them beyond what the other contracts require; `rate` the share of their value they
    require themselves. With u the value of a lot, s = +1 (inverse −1) and N, C, L the sums of signed lots, signed cost
    and unsigned lots, it solves slack + s · (N · u − C) = rate · L · u.
    """
    instrument = own[0].instrument
    lots = sum(stake.position.lots for stake in own)
    gross = sum(abs(stake.position.lots) for stake in own)
    cost = sum((stake.position.holding.cost for stake in own), ZERO)
    sign = -1 if instrument.inverse else 1
    slope = sign * lots - rate * gross
    value = ratio(sign * cost - slack, slope)
    if value <= ZERO:
        return ZERO
    price = instrument.price_of(value, 1)
    return instrument.below(price) if lots > 0 else instrument.above(price)
