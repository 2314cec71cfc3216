"""One order on the simulated exchange, and the desk that keeps a contract's working orders."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO, share
from radtui.core.order import Cross, OrderReport, OrderRequest, Side
from radtui.venue.bars import Bars, Prices
from radtui.venue.book import Book


class VenueOrder(msgspec.Struct, array_like=True):
    """An accepted order and what became of it.

    Attributes:
        number: counts accepted orders; it is the order id and the time priority.
        lots: 0 while a `close_order` does not know the position's size yet.
        reserved: order margin, in settlement currency, for `covered` of its lots.
        fresh: it has not met the market yet: it does at the next bar's open.
        leverage: its own in isolated margin, the contract's in cross margin.
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
    leverage: int = 0

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

    def met_by(self, bars: Bars) -> bool:
        """Return whether anything can come of it in this step."""
        stop, price = self.request.stop, self.request.price
        if stop is not None and not self.triggered:
            bar = bars.of(stop.on)
            return bar.low <= stop.price if stop.cross is Cross.DOWN else bar.high >= stop.price
        if self.fresh or price is None:
            return True
        bar = bars.last
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
            leverage=self.leverage or request.leverage,
            created_at=self.created_at,
            updated_at=self.updated_at,
            reason=self.reason,
            margin_mode=request.margin_mode,
            position_side=request.position_side,
        )


class Desk:
    """Where one contract trades.

    Attributes:
        instrument: with the margin rules of the risk level that was chosen.
        last, mark, index: the present prices; None before the first bar.
        orders: not done, by client id, in the order of their arrival.
        book: what is left of this moment's book, once somebody asked for it.
    """

    __slots__ = ("book", "index", "instrument", "last", "mark", "orders")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.last: Decimal | None = None
        self.mark: Decimal | None = None
        self.index: Decimal | None = None
        self.orders: dict[str, VenueOrder] = {}
        self.book: Book | None = None

    @property
    def prices(self) -> Prices | None:
        """The present prices, or None before the first bar."""
        if self.last is None or self.mark is None or self.index is None:
            return None
        return Prices(self.last, self.mark, self.index)

    def stand(self, prices: Prices) -> None:
        """Stand at these prices; the book of the moment before is gone."""
        self.last, self.mark, self.index = prices.last, prices.mark, prices.index
        self.book = None
