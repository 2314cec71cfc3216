"""Fills and cancels: the money they move, and what the exchange says of them, in order."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.market import Candle, Ticked
from radtui.core.money import ZERO
from radtui.core.order import Fill, FillKind, OrderReport, Side
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.ledger import Ledger
from radtui.venue.margin import Cost, cost_of, flat_report
from radtui.venue.records import Records
from radtui.venue.refusals import BALANCE, NO_POSITION

VenueMessage = Ticked | Candle | Fill | OrderReport | PositionReport | AccountReport | FundingPaid
"""What the exchange says, in the order in which it happened."""


class Execution:
    """Carries out what the matching decided.

    Attributes:
        out: what was said since it was last emptied.
        moved: the account's money or reserves changed since the last account report.
    """

    __slots__ = ("ledger", "moved", "out", "records")

    def __init__(self, ledger: Ledger, records: Records) -> None:
        self.ledger = ledger
        self.records = records
        self.out: list[VenueMessage] = []
        self.moved = False

    def trade(self, desk: Desk, order: VenueOrder, lots: int, price: Decimal, *, maker: bool, at: int) -> None:
        """Fill up to `lots` of an order at `price`: what closes the position first, then what opens one.

        What the account cannot pay for is not opened, and the order's rest is cancelled.
        """
        closing = min(lots, self.closable(desk, order.side))
        if closing:
            self._close(desk, order, closing, price, maker=maker, at=at)
        if lots > closing and order.active and not order.request.reduces:
            self._open(desk, order, lots - closing, price, maker=maker, at=at)

    def closable(self, desk: Desk, side: Side) -> int:
        """Return how many lots an order of `side` could close now."""
        position = self.ledger.positions.get(desk.instrument.symbol)
        return position.closable(side.sign) if position else 0

    def liquidate(self, desk: Desk, traded_at: Decimal, at: int) -> None:
        """Take the position over at its bankruptcy price while the market trades at `traded_at`."""
        instrument = desk.instrument
        position = self.ledger.positions[instrument.symbol]
        price = position.bankruptcy_price(instrument)
        lots = abs(position.lots)
        side = Side.SELL if position.lots > 0 else Side.BUY
        fee = instrument.notional(price, lots) * instrument.taker_fee
        self.ledger.close(instrument, lots * side.sign, price, fee, traded_at)
        fill = Fill(
            trade_id=self.records.next_trade(),
            order_id=str(self.records.next_order()),
            client_id="",
            symbol=instrument.symbol,
            side=side,
            lots=lots,
            price=price,
            fee=fee,
            maker=False,
            at=at,
            kind=FillKind.LIQUIDATION,
        )
        self._say_fill(desk, fill, None)

    def fire(self, order: VenueOrder, at: int) -> None:
        """Set a stop off."""
        order.triggered = True
        order.updated_at = at
        self.out.append(order.report())

    def cancel(self, order: VenueOrder, desk: Desk, reason: str, at: int) -> OrderReport:
        """End an order with what it has, and give its margin back."""
        order.cancelled = True
        order.reason = reason
        self._end(order, desk, at)
        report = order.report()
        self.out.append(report)
        return report

    def reserve(self, order: VenueOrder, amount: Decimal, covered: int) -> None:
        """Make `amount` the margin that an order holds for `covered` of its lots."""
        if amount != order.reserved:
            self.ledger.reserved += amount - order.reserved
            self.moved = True
        order.reserved = amount
        order.covered = covered

    def _close(self, desk: Desk, order: VenueOrder, lots: int, price: Decimal, *, maker: bool, at: int) -> None:
        instrument = desk.instrument
        paid = self.ledger.positions[instrument.symbol].no_worse(price, instrument)
        fee = instrument.notional(paid, lots) * (instrument.maker_fee if maker else instrument.taker_fee)
        self.ledger.close(instrument, lots * order.side.sign, paid, fee, price)
        self._filled(desk, order, lots, paid, fee, opened=0, maker=maker, at=at)

    def _open(self, desk: Desk, order: VenueOrder, lots: int, price: Decimal, *, maker: bool, at: int) -> None:
        instrument = desk.instrument
        rate = instrument.maker_fee if maker else instrument.taker_fee
        available = self.ledger.available

        def cost(count: int) -> Cost:
            return cost_of(instrument, price, count, order.request.leverage, rate)

        strained = cost(lots).total > available + order.reserve_for(lots)
        if strained:  # the order ends here, so that all of its margin is there for what it still gets
            means = available + order.reserved
            lots = bisect_left(range(1, lots + 1), True, key=lambda count: cost(count).total > means)
        if lots:
            paid = cost(lots)
            self.ledger.open(instrument, lots * order.side.sign, price, paid, at)
            self._filled(desk, order, lots, price, paid.fee, opened=lots, maker=maker, at=at)
        if strained and order.active:
            self.cancel(order, desk, f"{BALANCE}: the balance does not pay for the rest at {price}", at)

    def _filled(
        self,
        desk: Desk,
        order: VenueOrder,
        lots: int,
        price: Decimal,
        fee: Decimal,
        *,
        opened: int,
        maker: bool,
        at: int,
    ) -> None:
        order.filled_lots += lots
        order.filled_value += desk.instrument.notional(price, lots)
        order.updated_at = at
        covered = max(0, min(order.covered - opened, order.remaining))
        self.reserve(order, order.reserve_for(covered) if covered else ZERO, covered)
        if not order.remaining:
            self._end(order, desk, at)
        fill = Fill(
            trade_id=self.records.next_trade(),
            order_id=str(order.number),
            client_id=order.request.client_id,
            symbol=order.request.symbol,
            side=order.side,
            lots=lots,
            price=price,
            fee=fee,
            maker=maker,
            at=at,
        )
        self._say_fill(desk, fill, order)

    def _end(self, order: VenueOrder, desk: Desk, at: int) -> None:
        order.active = False
        order.updated_at = at
        self.reserve(order, ZERO, 0)
        del desk.orders[order.request.client_id]
        self.records.retire(order)

    def _say_fill(self, desk: Desk, fill: Fill, order: VenueOrder | None) -> None:
        self.moved = True
        self.records.fills.append(fill)
        self.out.append(fill)
        if order is not None:
            self.out.append(order.report())
        self.out.append(self._position(desk, fill.price))
        self._drop_idle_reducers(desk, fill.at)

    def _position(self, desk: Desk, last: Decimal) -> PositionReport:
        mark = last if desk.mark is None else desk.mark
        position = self.ledger.positions.get(desk.instrument.symbol)
        return position.report(desk.instrument, mark) if position else flat_report(desk.instrument, mark)

    def _drop_idle_reducers(self, desk: Desk, at: int) -> None:
        for order in list(desk.orders.values()):
            if order.request.reduces and not order.waits and not self.closable(desk, order.side):
                self.cancel(order, desk, f"{NO_POSITION}: there is no position left that it could close", at)
