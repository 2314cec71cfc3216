"""Orders: what is asked of an exchange, what it answers, and the states in between."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.money import ZERO


class Side(StrEnum):
    """Which way an order trades."""

    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        """+1 for a buy, −1 for a sell: what a lot of it adds to a position."""
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> Side:
        """The side that undoes this one."""
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(StrEnum):
    """How an order names its price."""

    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(StrEnum):
    """How long an order waits for a counterpart."""

    GTC = "GTC"
    IOC = "IOC"


class Cross(StrEnum):
    """On which side of its price a stop fires: ``up`` at or above, ``down`` at or below."""

    UP = "up"
    DOWN = "down"


class PriceType(StrEnum):
    """Which price a stop watches, in KuCoin's letters."""

    LAST = "TP"
    MARK = "MP"
    INDEX = "IP"


class MarginMode(StrEnum):
    """What stands behind a position: its own margin, or all that is free in its currency."""

    ISOLATED = "ISOLATED"
    CROSS = "CROSS"


class PositionSide(StrEnum):
    """Which of a contract's positions is meant: the only one (one-way mode), or the long or short one (hedge mode)."""

    BOTH = "BOTH"
    LONG = "LONG"
    SHORT = "SHORT"

    @property
    def sign(self) -> int:
        """+1 for the long position, −1 for the short one, 0 where a position may be either."""
        return _SIGNS[self]


_SIGNS: Final = {PositionSide.BOTH: 0, PositionSide.LONG: 1, PositionSide.SHORT: -1}


class Trigger(msgspec.Struct, frozen=True):
    """The condition of a stop order, on the last traded price unless `on` says another."""

    cross: Cross
    price: Decimal
    on: PriceType = PriceType.LAST

    def fires_at(self, price: Decimal) -> bool:
        """Return whether the watched price, once at `price`, sets the stop off."""
        return price >= self.price if self.cross is Cross.UP else price <= self.price


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the exchange.

    Attributes:
        client_id: ours, unique for ever; the exchange refuses a repeat.
        lots: whole lots; 0 only with `close_order`, which takes the position's size.
        price: limit price; None for a market order.
        close_order: closes the whole position, whatever its size; refused when flat.
        leverage: per order, in isolated margin; 0 where the order only reduces.
        margin_mode: must be the contract's.
        position_side: LONG or SHORT on a hedge account, BOTH on a one-way one.
    """

    client_id: str
    symbol: str
    side: Side
    type: OrderType
    lots: int = 0
    price: Decimal | None = None
    tif: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    reduce_only: bool = False
    close_order: bool = False
    leverage: int = 0
    stop: Trigger | None = None
    margin_mode: MarginMode = MarginMode.ISOLATED
    position_side: PositionSide = PositionSide.BOTH

    @property
    def reduces(self) -> bool:
        """Whether it can only make a position smaller: a sale on the long side of a hedge account does, for one."""
        return self.reduce_only or self.close_order or self.position_side.sign * self.side.sign < 0

    @property
    def may_rest(self) -> bool:
        """Whether it may wait for the market as long as it likes: at its limit, or for its trigger."""
        return self.price is not None or self.stop is not None


class OrderReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the exchange says of one order.

    Attributes:
        filled_value: sum of the values of its fills, in settlement currency (see `Instrument.notional`).
        active: it rests (or waits for its trigger); False once it is done.
        cancelled: it is done and something of it was not filled.
        triggered: its stop fired.
        created_at, updated_at: nanoseconds UTC, market clock.
    """

    order_id: str
    client_id: str
    symbol: str
    side: Side
    type: OrderType
    lots: int
    filled_lots: int = 0
    filled_value: Decimal = ZERO
    price: Decimal | None = None
    stop: Trigger | None = None
    reduce_only: bool = False
    close_order: bool = False
    post_only: bool = False
    active: bool = True
    cancelled: bool = False
    triggered: bool = False
    leverage: int = 0
    created_at: int = 0
    updated_at: int = 0
    reason: str = ""
    margin_mode: MarginMode = MarginMode.ISOLATED
    position_side: PositionSide = PositionSide.BOTH

    @property
    def waits(self) -> bool:
        """Whether it is a stop that has not fired yet."""
        return self.active and self.stop is not None and not self.triggered


class FillKind(StrEnum):
    """Why a fill happened."""

    TRADE = "trade"
    LIQUIDATION = "liquid"


class Fill(msgspec.Struct, frozen=True, kw_only=True):
    """One execution.

    Attributes:
        price: per base coin, in quote currency.
        fee: paid, in settlement currency (positive is a cost).
        at: nanoseconds UTC, market clock.
    """

    trade_id: str
    order_id: str
    client_id: str
    symbol: str
    side: Side
    lots: int
    price: Decimal
    fee: Decimal
    maker: bool
    at: int
    kind: FillKind = FillKind.TRADE
    margin_mode: MarginMode = MarginMode.ISOLATED
    position_side: PositionSide = PositionSide.BOTH

    @property
    def signed_lots(self) -> int:
        """Lots it adds to the position: negative for a sell."""
        return self.lots * self.side.sign
