"""What the exchange says of the account and of its positions."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.money import ZERO


class PositionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One position as the exchange shows it (row S2).

    Attributes:
        lots: signed; negative is short.
        entry: average entry price.
        margin: isolated margin that holds it, in settlement currency.
        maintenance: margin below which it is liquidated, in settlement currency.
        unrealised: at the mark price, in settlement currency.
        opened_at: nanoseconds UTC, market clock.
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


class AccountReport(msgspec.Struct, frozen=True, kw_only=True):
    """The account in one settlement currency (row S3).

    Attributes:
        equity: what it would be worth if everything closed at the mark: wallet + unrealised.
        wallet: start + realised − fees + funding, without open profit.
        available: what a new order may use.
        position_margin, order_margin: reserved.
    """

    currency: str
    equity: Decimal
    wallet: Decimal
    available: Decimal
    position_margin: Decimal = ZERO
    order_margin: Decimal = ZERO
    unrealised: Decimal = ZERO

    @property
    def reserved(self) -> Decimal:
        """Margin that positions and orders hold."""
        return self.position_margin + self.order_margin


class FundingPaid(msgspec.Struct, frozen=True, kw_only=True):
    """A funding settlement of one position. `amount` is positive when received; `at` is the market clock."""

    symbol: str
    rate: Decimal
    amount: Decimal
    at: int
