"""One order on the simulated exchange, and the desk that keeps a contract's working orders."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import Candle
from radtui.core.money import ZERO, share
from radtui.core.order import Cross, OrderReport, OrderRequest, Side


class VenueOrder(msgspec.Struct, array_like=True):
    """An accepted order and what became of it.

    Attributes:
        number: counts accepted orders; it is the order id and the time priority.
        lots: 0 while a `close_order` does not know the position's size yet.
        reserved: order margin, in settlement currency, for `covered` of its lots.
        fresh: it has not met the market yet: it does at the next bar's open.
    """

    request: OrderRequest
    number: int
    lots: int
    created_at: int
    updated_at: int
    reserved: Decimal = ZERO
    covered: int = 0
    filled_lots: int = 0
    filled_value: Decimal = ZERO
    fresh: bool = True
    active: bool = True
    cancelled: bool = False
    triggered: bool = False
    reason: str = ""

    @property
    def side(self) -> Side:
        """Which way it trades."""
        return self.request.side

    @property
    def remaining(self) -> int:
        """Lots it still asks for."""
        return self.lots - self.filled_lots

    @property
    def waits(self) -> bool:
        """Whether it is a stop that has not fired."""
        return self.request.stop is not None and not self.triggered

    def met_by(self, bar: Candle) -> bool:
        """Return whether anything can come of it in this bar."""
        stop, price = self.request.stop, self.request.price
        if stop is not None and not self.triggered:
            return bar.low <= stop.price if stop.cross is Cross.DOWN else bar.high >= stop.price
        if self.fresh or price is None:
            return True
        return bar.low <= price if self.request.side is Side.BUY else bar.high >= price

    def reserve_for(self, opening: int) -> Decimal:
        """Return the part of its order margin that is there for `opening` lots."""
        return share(self.reserved, min(opening, self.covered), self.covered)

    def report(self) -> OrderReport:
        """Return it as the exchange shows it."""
        request = self.request
        return OrderReport(
            order_id=str(self.number),
            client_id=request.client_id,
            symbol=request.symbol,
            side=request.side,
            type=request.type,
            lots=self.lots,
            filled_lots=self.filled_lots,
            filled_value=self.filled_value,
            price=request.price,
            stop=request.stop,
            reduce_only=request.reduce_only,
            close_order=request.close_order,
            post_only=request.post_only,
            active=self.active,
            cancelled=self.cancelled,
            triggered=self.triggered,
            leverage=request.leverage,
            created_at=self.created_at,
            updated_at=self.updated_at,
            reason=self.reason,
        )


class Desk:
    """Where one contract trades.

    Attributes:
        mark: the last price, which is the mark price as well; None before the first bar.
        orders: not done, by client id, in the order of their arrival.
    """

    __slots__ = ("instrument", "mark", "orders")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.mark: Decimal | None = None
        self.orders: dict[str, VenueOrder] = {}
