"""Fills and cancels: the money they move, and what the exchange says of them, in order."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.market import Candle, Ticked
from radtui.core.money import ZERO
from radtui.core.order import Fill, FillKind, MarginMode, OrderReport, OrderRequest, Side
from radtui.venue.accounts import Accounts
from radtui.venue.cross import CrossPosition
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.ledger import AnyPosition
from radtui.venue.margin import Cost, IsolatedPosition, cost_of
from radtui.venue.position import FLAT, Key
from radtui.venue.records import Records
from radtui.venue.refusals import BALANCE, NO_POSITION
from radtui.venue.statements import LedgerKind
from radtui.venue.tape import Print, Tape

VenueMessage = Ticked | Candle | Fill | OrderReport | PositionReport | AccountReport | FundingPaid | Print
"""What the exchange says, in the order in which it happened. Prints only come from a venue with a tape."""


class Execution:
    """Carries out what the matching decided.

    Attributes:
        out: what was said since it was last emptied.
        moved: currencies whose money or reserves changed since their last account report.
    """

    __slots__ = ("accounts", "moved", "out", "records", "tape")

    def __init__(self, accounts: Accounts, records: Records, tape: Tape | None = None) -> None:
        self.accounts = accounts
        self.records = records
        self.tape = tape
        self.out: list[VenueMessage] = []
        self.moved: dict[str, None] = {}

    def trade(self, desk: Desk, order: VenueOrder, lots: int, price: Decimal, *, maker: bool, at: int) -> None:
        """Fill up to `lots` of an order at `price`: what closes the position first, then what opens one.

        What the account cannot pay for is not opened, and the order's rest is cancelled.
        """
        closing = min(lots, self.closable(desk, order.request))
        if closing:
            self._close(desk, order, closing, price, maker=maker, at=at)
        if lots > closing and order.active and not order.request.reduces:
            self._open(desk, order, lots - closing, price, maker=maker, at=at)

    def closable(self, desk: Desk, request: OrderRequest) -> int:
        """Return how many lots of its position an order could close now."""
        position = self.accounts.position(desk.instrument, request.position_side)
        return position.closable(request.side.sign) if position else 0

    def take_over(self, desk: Desk, key: Key, price: Decimal, traded_at: Decimal, at: int) -> None:
        """Liquidate a position at `price` while the market trades at `traded_at`."""
        instrument = desk.instrument
        position = self.accounts.of(instrument).positions[key]
        lots, side = abs(position.lots), Side.SELL if position.lots > 0 else Side.BUY
        fee = instrument.notional(price, lots) * instrument.taker_fee
        self._book_close(desk, key, lots * side.sign, price, fee, traded_at, at, liquidated=True)
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
            margin_mode=mode_of(position),
            position_side=key[1],
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

    def reserve(self, order: VenueOrder, desk: Desk, amount: Decimal, covered: int) -> None:
        """Make `amount` the margin that an order holds for `covered` of its lots."""
        if amount != order.reserved:
            self.accounts.of(desk.instrument).reserved += amount - order.reserved
            self.moved[desk.instrument.settle] = None
        order.reserved = amount
        order.covered = covered

    def fund(self, desk: Desk, rate: Decimal, mark: Decimal, at: int) -> None:
        """Settle funding of a contract's positions."""
        instrument = desk.instrument
        ledger = self.accounts.of(instrument)
        for key, position in list(self.accounts.positions(instrument)):
            amount = ledger.fund(key, instrument, rate, mark)
            paid = FundingPaid(
                symbol=instrument.symbol,
                rate=rate,
                amount=amount,
                at=at,
                position_side=key[1],
                lots=position.lots,
                cost=position.holding.cost,
                mark=mark,
                margin_mode=mode_of(position).lower(),
            )
            self.records.fundings.append(paid)
            self.out.append(paid)
            self.money_moved(desk, amount, ZERO, at)

    def money_moved(self, desk: Desk, amount: Decimal, fee: Decimal, at: int) -> None:
        """Note a movement of the wallet that a contract's trading brought, and value its currency anew."""
        currency = desk.instrument.settle
        self.moved[currency] = None
        self.accounts.remark(currency)
        sums = self.accounts.ledgers[currency].wallet, desk.instrument.symbol
        self.records.statements.moved(currency, at, LedgerKind.REALISED, amount, fee, sums)

    def _close(self, desk: Desk, order: VenueOrder, lots: int, price: Decimal, *, maker: bool, at: int) -> None:
        instrument = desk.instrument
        key = instrument.symbol, order.request.position_side
        paid = self.accounts.of(instrument).positions[key].no_worse(price, instrument)
        fee = instrument.notional(paid, lots) * (instrument.maker_fee if maker else instrument.taker_fee)
        self._book_close(desk, key, lots * order.side.sign, paid, fee, price, at, liquidated=False)
        self._filled(desk, order, lots, paid, fee, opened=0, maker=maker, at=at)

    def _book_close(
        self,
        desk: Desk,
        key: Key,
        lots: int,
        price: Decimal,
        fee: Decimal,
        traded_at: Decimal,
        at: int,
        *,
        liquidated: bool,
    ) -> None:
        ledger, wallet = self.accounts.of(desk.instrument), self.accounts.of(desk.instrument).wallet
        left = ledger.close(key, desk.instrument, lots, price, fee, traded_at)
        if not left.lots:
            self.records.statements.ended(desk.instrument, left, lots < 0, at, liquidated=liquidated)
        if isinstance(left, CrossPosition) and not self.accounts.stakes(desk.instrument.settle):
            ledger.bail_out()
        self.money_moved(desk, ledger.wallet - wallet, fee, at)

    def _open(self, desk: Desk, order: VenueOrder, lots: int, price: Decimal, *, maker: bool, at: int) -> None:
        instrument, ledger = desk.instrument, self.accounts.of(desk.instrument)
        rate = instrument.maker_fee if maker else instrument.taker_fee
        available = ledger.available

        def cost(count: int) -> Cost:
            return cost_of(instrument, price, count, order.leverage, rate)

        strained = cost(lots).total > available + order.reserve_for(lots)
        if strained:  # the order ends here, so that all of its margin is there for what it still gets
            means = available + order.reserved
            lots = bisect_left(range(1, lots + 1), True, key=lambda count: cost(count).total > means)
        if lots:
            paid = cost(lots)
            key = instrument.symbol, order.request.position_side
            ledger.open(key, instrument, lots * order.side.sign, price, paid, _blank(order, at))
            self.money_moved(desk, -paid.fee, paid.fee, at)
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
        self.reserve(order, desk, order.reserve_for(covered) if covered else ZERO, covered)
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
            margin_mode=order.request.margin_mode,
            position_side=order.request.position_side,
        )
        self._say_fill(desk, fill, order)

    def _end(self, order: VenueOrder, desk: Desk, at: int) -> None:
        order.active = False
        order.updated_at = at
        self.reserve(order, desk, ZERO, 0)
        del desk.orders[order.request.client_id]
        self.records.retire(order)

    def _say_fill(self, desk: Desk, fill: Fill, order: VenueOrder | None) -> None:
        self.records.fills.append(fill)
        if self.tape is not None:
            taker = fill.side.opposite if fill.maker else fill.side
            self.out.append(self.tape.own(fill.symbol, taker, fill.lots, fill.price, fill.at, fill.order_id))
        self.out.append(fill)
        if order is not None:
            self.out.append(order.report())
        mode = fill.margin_mode.lower()
        self.out.append(self.accounts.position_report(desk, fill.position_side, fill.price, mode))
        self._drop_idle_reducers(desk, fill.at)

    def _drop_idle_reducers(self, desk: Desk, at: int) -> None:
        for order in list(desk.orders.values()):
            if order.request.reduces and not order.waits and not self.closable(desk, order.request):
                self.cancel(order, desk, f"{NO_POSITION}: there is no position left that it could close", at)


def mode_of(position: AnyPosition) -> MarginMode:
    """Return what stands behind a position."""
    return MarginMode.CROSS if isinstance(position, CrossPosition) else MarginMode.ISOLATED


def _blank(order: VenueOrder, at: int) -> AnyPosition:
    """Return the position that an order opens, before it holds anything."""
    if order.request.margin_mode is MarginMode.CROSS:
        return CrossPosition(holding=FLAT, opened_at=at, leverage=order.leverage)
    return IsolatedPosition(holding=FLAT, opened_at=at)
