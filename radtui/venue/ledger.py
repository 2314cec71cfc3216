"""Whose money is where. Every movement takes from one account what it gives to another, so that the sum never changes.

Identities that hold to the last digit: ``wallet = start + Σ realised − Σ fees + Σ funding + Σ transfers``,
``available = wallet − position margins − order margins − open loss of cross positions`` (0 where that is negative).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.account import AccountReport
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.venue.cross import CrossPosition, Standing
from radtui.venue.margin import Cost, IsolatedPosition
from radtui.venue.position import Key

AnyPosition = IsolatedPosition | CrossPosition


class Ledger(msgspec.Struct):
    """The account in one currency, and everyone it deals with.

    Attributes:
        wallet: the account's money without open profit.
        fees: what the exchange earned. funding: what the other side of funding got.
        insurance: pays what a bankrupt position cannot, and keeps what its close brings above bankruptcy.
        market: everyone we traded with. outside: where transfers come from and go to.
        reserved: order margin, a part of the wallet.
        cross_margin, cross_loss: what cross positions need, and their open loss, at the last marks.
        positions: by symbol and side; none is flat.
    """

    wallet: Decimal
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    insurance: Decimal = ZERO
    market: Decimal = ZERO
    outside: Decimal = ZERO
    reserved: Decimal = ZERO
    cross_margin: Decimal = ZERO
    cross_loss: Decimal = ZERO
    positions: dict[Key, AnyPosition] = msgspec.field(default_factory=dict)

    @property
    def isolated_margin(self) -> Decimal:
        """What isolated positions hold."""
        return sum((position.margin for position in self.positions.values()), ZERO)

    @property
    def position_margin(self) -> Decimal:
        """What open positions hold or need."""
        return self.isolated_margin + self.cross_margin

    @property
    def available(self) -> Decimal:
        """What a new order may use."""
        return max(ZERO, self.wallet - self.position_margin - self.reserved - self.cross_loss)

    @property
    def free(self) -> Decimal:
        """What stands behind cross positions, but for their open profit."""
        return self.wallet - self.isolated_margin - self.reserved

    @property
    def everyone(self) -> Decimal:
        """All the money there is: no movement changes it."""
        return self.wallet + self.fees + self.funding + self.insurance + self.market + self.outside

    def open(
        self, key: Key, instrument: Instrument, lots: int, price: Decimal, cost: Cost, blank: AnyPosition
    ) -> AnyPosition:
        """Open or add signed `lots`; the position gets the margin of `cost`, the exchange its fee.

        `blank` is the position to begin with where there is none yet.
        """
        old = self.positions.get(key, blank)
        grown = old.grown(old.holding.after(lots, price, instrument)[0], cost)
        tally = old.tally.after_open(abs(lots), abs(instrument.notional(price, lots)), cost.fee)
        position = self.positions[key] = msgspec.structs.replace(grown, tally=tally)
        self._pay_fee(cost.fee)
        return position

    def close(
        self, key: Key, instrument: Instrument, lots: int, price: Decimal, fee: Decimal, traded_at: Decimal
    ) -> AnyPosition:
        """Close signed `lots` of a position at `price`, while the market traded at `traded_at`; return what is left.

        Where the two differ the insurance pays or keeps the difference. Closing an isolated position never takes from
        money outside its margin: a share of the margin that is short by a rounding is made up by the rest of it.
        """
        position = self.positions[key]
        holding, realised = position.holding.after(lots, price, instrument)
        value = instrument.notional(price, lots)
        tally = position.tally.after_close(abs(lots), abs(value), realised, fee)
        left = msgspec.structs.replace(position.shrunk(holding, fee - realised), tally=tally)
        self.market -= realised
        self.wallet += realised
        self._pay_fee(fee)
        self._insure(instrument.profit(value, instrument.notional(traded_at, lots)))
        if holding.lots:
            self.positions[key] = left
        else:
            del self.positions[key]
        return left

    def fund(self, key: Key, instrument: Instrument, rate: Decimal, mark: Decimal) -> Decimal:
        """Settle funding of one position and return what it received; longs pay where `rate` is positive.

        What the available money cannot pay comes out of an isolated position's margin.
        """
        position = self.positions[key]
        amount = -rate * instrument.notional(mark, position.lots)
        short = max(ZERO, -amount - self.available)
        self.positions[key] = msgspec.structs.replace(
            position.charged(short), tally=position.tally.after_funding(amount)
        )
        self.wallet += amount
        self.funding -= amount
        return amount

    def transfer(self, amount: Decimal) -> None:
        """Bring `amount` in from outside, or take it out where it is negative."""
        self.wallet += amount
        self.outside -= amount

    def remark(self, cross: Standing) -> None:
        """Note what cross positions need and have lost at the present marks."""
        self.cross_margin = cross.initial
        self.cross_loss = max(ZERO, -cross.unrealised)

    def bail_out(self) -> Decimal:
        """Let the insurance pay what the wallet lacks to hold what is set aside in it, and return that."""
        lack = max(ZERO, -self.free)
        self.wallet += lack
        self.insurance -= lack
        return lack

    def report(self, unrealised: Decimal, currency: str) -> AccountReport:
        """Return the account as the exchange shows it."""
        return AccountReport(
            currency=currency,
            equity=self.wallet + unrealised,
            wallet=self.wallet,
            available=self.available,
            position_margin=self.position_margin,
            order_margin=self.reserved,
            unrealised=unrealised,
        )

    def _pay_fee(self, fee: Decimal) -> None:
        self.wallet -= fee
        self.fees += fee

    def _insure(self, difference: Decimal) -> None:
        self.insurance += difference
        self.market -= difference
