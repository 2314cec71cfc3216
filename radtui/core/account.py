"""What the exchange says of the account and of its positions."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.exposure import Elsewhere
from radtui.core.money import ZERO
from radtui.core.order import PositionSide


class PositionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One position as the exchange shows it (row S2).

    Attributes:
        lots: signed; negative is short.
        entry: average entry price.
        margin: what holds it, in settlement currency: its own margin, or its value over the leverage in cross margin.
        maintenance: margin below which it is liquidated, in settlement currency.
        unrealised: at the mark price, in settlement currency.
        opened_at: nanoseconds UTC, market clock.
        cost: signed value at entry, in settlement currency. initial: that over the leverage.
        closing_fee: kept for the fee of its liquidation. added: margin put in (or, negative, taken out) by hand.
        bankruptcy: price at which its margin is used up.
        gross, fees, funding: realised by it so far; fees are a cost, funding is positive when received.
    """

    symbol: str
    lots: int
    entry: Decimal
    mark: Decimal
    margin: Decimal
    maintenance: Decimal
    leverage: int
    liquidation: Decimal
    unrealised: Decimal
    opened_at: int
    margin_mode: str = "isolated"
    position_side: PositionSide = PositionSide.BOTH
    cost: Decimal = ZERO
    initial: Decimal = ZERO
    closing_fee: Decimal = ZERO
    added: Decimal = ZERO
    bankruptcy: Decimal = ZERO
    gross: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO

    @property
    def realised(self) -> Decimal:
        """What it brought so far, without what is still open: gross profit − fees + funding."""
        return self.gross - self.fees + self.funding

    def beside(self, lots: int) -> bool:
        """Return whether it is another position than one of signed `lots`: on a hedge account a contract has two.

        In one-way mode it is the same one, turned round.
        """
        return self.position_side.sign * lots < 0


class AccountReport(msgspec.Struct, frozen=True, kw_only=True):
    """The account in one settlement currency (row S3).

    Attributes:
        equity: what it would be worth if everything closed at the mark: wallet + unrealised.
        wallet: start + realised − fees + funding, without open profit.
        available: what a new order may use.
        position_margin, order_margin: reserved.
        elsewhere: what the account's other bots hold; None where this one has the account to itself.
    """

    currency: str
    equity: Decimal
    wallet: Decimal
    available: Decimal
    position_margin: Decimal = ZERO
    order_margin: Decimal = ZERO
    unrealised: Decimal = ZERO
    elsewhere: Elsewhere | None = None

    @property
    def reserved(self) -> Decimal:
        """Margin that positions and orders hold."""
        return self.position_margin + self.order_margin


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came into the account or left it without a trade: a deposit, a withdrawal, a transfer.

    Attributes:
        key: names it, the same whenever it is read. amount: negative when it left. at: market clock.
        kind: the exchange's word for it.
    """

    key: str
    currency: str
    amount: Decimal
    at: int
    kind: str


class FundingPaid(msgspec.Struct, frozen=True, kw_only=True):
    """A funding settlement of one position. `amount` is positive when received; `at` is the market clock.

    Attributes:
        lots, cost, mark: of the position, at the settlement.
    """

    symbol: str
    rate: Decimal
    amount: Decimal
    at: int
    position_side: PositionSide = PositionSide.BOTH
    lots: int = 0
    cost: Decimal = ZERO
    mark: Decimal = ZERO
    margin_mode: str = "isolated"
