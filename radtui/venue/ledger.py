"""Whose money is where. Every movement takes from one account what it gives to another, so that the sum never changes.

Identities that hold to the last digit: ``wallet = start + Σ realised − Σ fees + Σ funding``,
``available = wallet − position margins − order margins`` and ``available ≥ 0``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from radtui.core.account import AccountReport
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO, share
from radtui.venue.margin import FLAT, Cost, Position


class Ledger(msgspec.Struct):
    """The account, and everyone it deals with, in settlement currency.

    Attributes:
        wallet: the account's money without open profit.
        fees: what the exchange earned. funding: what the other side of funding got.
        insurance: pays what a bankrupt position cannot, and keeps what its close brings above bankruptcy.
        market: everyone we traded with.
        reserved: order margin, a part of the wallet.
        positions: by symbol; none is flat.
    """

    wallet: Decimal
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    insurance: Decimal = ZERO
    market: Decimal = ZERO
    reserved: Decimal = ZERO
    positions: dict[str, Position] = msgspec.field(default_factory=dict)

    @property
    def position_margin(self) -> Decimal:
        """What open positions hold."""
        return sum((position.margin for position in self.positions.values()), ZERO)

    @property
    def available(self) -> Decimal:
        """What a new order may use."""
        return self.wallet - self.position_margin - self.reserved

    @property
    def everyone(self) -> Decimal:
        """All the money there is: no movement changes it."""
        return self.wallet + self.fees + self.funding + self.insurance + self.market

    def open(self, instrument: Instrument, lots: int, price: Decimal, cost: Cost, at: int) -> None:
        """Open or add signed `lots`; the position gets the margin of `cost`, the exchange its fee."""
        old = self.positions.get(instrument.symbol)
        holding = old.holding if old else FLAT
        self.positions[instrument.symbol] = Position(
            holding.after(lots, price, instrument.multiplier)[0],
            (old.margin if old else ZERO) + cost.margin,
            (old.closing_fee if old else ZERO) + cost.closing_fee,
            old.opened_at if old else at,
        )
        self._pay_fee(cost.fee)

    def close(self, instrument: Instrument, lots: int, price: Decimal, fee: Decimal, traded_at: Decimal) -> None:
        """Close signed `lots` of the position at `price`, while the market traded at `traded_at`.

        Where the two differ the insurance pays or keeps the difference. A close never takes from money outside the
        position's margin: a share of the margin that is short by a rounding is made up by the rest of it.
        """
        position = self.positions[instrument.symbol]
        holding, realised = position.holding.after(lots, price, instrument.multiplier)
        closed, whole = abs(lots), abs(position.lots)
        released = min(position.margin, max(share(position.margin, closed, whole), fee - realised))
        self.market -= realised
        self.wallet += realised
        self._pay_fee(fee)
        self._insure((price - traded_at) * instrument.multiplier * lots)
        if holding.lots:
            closing_fee = position.closing_fee - share(position.closing_fee, closed, whole)
            self.positions[instrument.symbol] = Position(
                holding, position.margin - released, closing_fee, position.opened_at
            )
        else:
            del self.positions[instrument.symbol]

    def fund(self, instrument: Instrument, rate: Decimal, mark: Decimal) -> Decimal:
        """Settle funding of one position and return what it received; longs pay where `rate` is positive.

        What the available money cannot pay comes out of the position's margin.
        """
        position = self.positions[instrument.symbol]
        amount = -rate * instrument.notional(mark, position.lots)
        short = max(ZERO, -amount - self.available)
        if short:
            self.positions[instrument.symbol] = msgspec.structs.replace(position, margin=position.margin - short)
        self.wallet += amount
        self.funding -= amount
        return amount

    def unrealised(self, instruments: Mapping[str, Instrument], marks: Mapping[str, Decimal]) -> Decimal:
        """Return the open profit of all positions at the marks."""
        return sum(
            (
                position.holding.unrealised(marks[symbol], instruments[symbol].multiplier)
                for symbol, position in self.positions.items()
            ),
            ZERO,
        )

    def report(self, unrealised: Decimal, currency: str) -> AccountReport:
        """Return the account as the exchange shows it."""
        margin = self.position_margin
        return AccountReport(
            currency=currency,
            equity=self.wallet + unrealised,
            wallet=self.wallet,
            available=self.wallet - margin - self.reserved,
            position_margin=margin,
            order_margin=self.reserved,
            unrealised=unrealised,
        )

    def _pay_fee(self, fee: Decimal) -> None:
        self.wallet -= fee
        self.fees += fee

    def _insure(self, difference: Decimal) -> None:
        self.insurance += difference
        self.market -= difference
