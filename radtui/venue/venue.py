"""The simulated futures exchange: one account, one market, everything decided by what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, Candle, Ticked
from radtui.core.money import ZERO
from radtui.core.order import Fill, OrderReport, OrderRequest
from radtui.venue.candles import KEPT, Chart
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.execution import Execution, VenueMessage
from radtui.venue.ledger import Ledger
from radtui.venue.market import Market
from radtui.venue.packing import VenueState, pack, unpack
from radtui.venue.records import Records
from radtui.venue.refusals import (
    NOT_CANCELABLE,
    REPEATED_ID,
    SUSPENDED,
    UNKNOWN_CONTRACT,
    UNKNOWN_ORDER,
    VenueRefusal,
)
from radtui.venue.replay import Replay
from radtui.venue.rules import admit, check_shape

FUNDING_RATE: Final = Decimal("0.0001")
"""Share of a position's value at the mark that longs pay to shorts."""
FUNDING_SPAN: Final = 8 * HOUR
_MOST_SLIPPAGE: Final = Decimal("0.01")


class Venue:
    """One account in USDT on a market that moves only when told to. Pure: no clock, no I/O, no randomness of its own.

    What happens in the market comes out of `advance`; what placing and cancelling says comes with the next `advance`
    or `drain`. An accepted order meets the market at the open of the next bar (see `radtui.venue.replay`).
    """

    def __init__(
        self,
        market: Market,
        *,
        balance: Decimal,
        spans: tuple[int, ...],
        warmup: int = 500,
        slippage: Decimal = Decimal("0.0005"),
    ) -> None:
        """Open an account of `balance` USDT on `market`.

        Args:
            market: where prices come from.
            balance: at the start, not negative.
            spans: nanoseconds of the candles to keep; multiples of the market's step.
            warmup: closed candles of each span that are there before the first step.
            slippage: share of the price between the last price and the best offer; see `radtui.venue.book.Book`.

        Raises:
            ValueError: a span the market's steps do not add up to, or a negative balance or slippage.
        """
        _check_setup(market, balance, spans, slippage)
        self._market = market
        self.spans = tuple(sorted(set(spans)))
        self._slippage = slippage
        self._instruments = {instrument.symbol: instrument for instrument in market.instruments}
        self._desks = {symbol: Desk(instrument) for symbol, instrument in self._instruments.items()}
        self._chart = Chart(tuple(self._instruments), self.spans)
        self._set_books(Ledger(wallet=balance), Records())
        self._warmup = min(warmup, KEPT)
        for span in self.spans[::-1] or (market.step_span,):
            self._warm(span)

    @property
    def source(self) -> str:
        """The market's name: a packed venue continues only on the one it was packed on."""
        return self._market.source

    @property
    def now(self) -> int:
        """Market clock, nanoseconds UTC."""
        return self._market.now

    @property
    def step_span(self) -> int:
        """Nanoseconds of one of the market's steps."""
        return self._market.step_span

    @property
    def ended(self) -> bool:
        """Whether the market has no more steps."""
        return self._market.ended

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The contracts that trade here."""
        return self._market.instruments

    def advance(self, until: int) -> list[VenueMessage]:
        """Run every step that ends at or before `until` (market clock) and return what was said, in order."""
        market = self._market
        said = self.drain()
        while not market.ended and market.now + market.step_span <= until:
            self._step()
        said += self.drain()
        return said

    def drain(self) -> list[VenueMessage]:
        """Return what placing and cancelling said since the last look."""
        self._say_account()
        said = self._execution.out[:]
        self._execution.out.clear()
        return said

    def place(self, request: OrderRequest) -> OrderReport:
        """Accept an order, which works from the next bar's open on.

        Raises:
            VenueRefusal: the order breaks a rule; nothing happened and its client id is still free.
        """
        desk = self._desks.get(request.symbol)
        if desk is None:
            raise VenueRefusal(
                UNKNOWN_CONTRACT, f"there is no contract {request.symbol}; there are {', '.join(self._desks)}"
            )
        if request.client_id in self._records.ids:
            raise VenueRefusal(REPEATED_ID, f"the client order id {request.client_id} was used before: look it up")
        if desk.mark is None or self._market.ended:
            raise VenueRefusal(SUSPENDED, f"{request.symbol} does not trade: the market has not begun or has ended")
        check_shape(request, desk.instrument)
        order = self._accept(request, desk, desk.mark)
        report = order.report()
        self._execution.out.append(report)
        return report

    def cancel(self, symbol: str, client_id: str) -> OrderReport:
        """End an order or a stop that waits.

        Raises:
            VenueRefusal: 100001 no such order, 100004 it is done already.
        """
        desk = self._desks.get(symbol)
        order = desk.orders.get(client_id) if desk is not None else None
        if desk is not None and order is not None:
            return self._execution.cancel(order, desk, "", self.now)
        if self.order(symbol, client_id) is not None:
            raise VenueRefusal(NOT_CANCELABLE, f"the order {client_id} is done already: it can not be cancelled")
        raise VenueRefusal(UNKNOWN_ORDER, f"there is no order {client_id} of {symbol} (error.getOrder.orderNotExist)")

    def order(self, symbol: str, client_id: str) -> OrderReport | None:
        """Return an order in any state; of done ones only the latest are kept."""
        desk = self._desks.get(symbol)
        if desk is None:
            return None
        order = desk.orders.get(client_id) or self._records.done(client_id)
        return order.report() if order is not None and order.request.symbol == symbol else None

    def open_orders(self) -> list[OrderReport]:
        """Return every order that is not done, waiting stops included, in the order of their arrival."""
        return [order.report() for order in self._working()]

    def fills(self, since: int) -> list[Fill]:
        """Return the fills at or after `since` (market clock), oldest first; only the latest are kept."""
        return [fill for fill in self._records.fills if fill.at >= since]

    def funding(self, since: int) -> list[FundingPaid]:
        """Return the funding settled at or after `since` (market clock), oldest first; only the latest are kept."""
        return [paid for paid in self._records.fundings if paid.at >= since]

    def positions(self) -> list[PositionReport]:
        """Return the open positions."""
        return [
            position.report(self._instruments[symbol], self._marks()[symbol])
            for symbol, position in self._ledger.positions.items()
        ]

    def account(self) -> AccountReport:
        """Return the account's money at the last prices."""
        return self._ledger.report(self._ledger.unrealised(self._instruments, self._marks()), "USDT")

    def candles(self, symbol: str, span: int, limit: int) -> list[Candle]:
        """Return up to `limit` closed candles of `span` nanoseconds, oldest first, the warm-up included."""
        return self._chart.closed(symbol, span, limit)

    @property
    def everyone(self) -> Decimal:
        """All the money of the account and of everyone it deals with: nothing ever changes it."""
        return self._ledger.everyone

    def pack(self) -> bytes:
        """Return everything but the closed candles, for `restore`."""
        return pack(
            VenueState(
                source=self.source,
                market=self._market.pack(),
                ledger=self._ledger,
                marks=self._marks(),
                orders=self._working(),
                records=self._records.pack(),
                said=[report for report in self._execution.out if isinstance(report, OrderReport)],
                moved=self._execution.moved,
                forming=self._chart.forming(),
            )
        )

    def restore(self, state: bytes, candles: Sequence[Candle]) -> None:
        """Continue a packed venue exactly; `candles` closed since its warm-up, as far as they were kept.

        A span that was not kept until then gets a new warm-up from the market.

        Raises:
            ValueError: damaged, of another version or of another market (`StateUnreadable`); this venue is as it was.
        """
        known = unpack(state, self.source, self._desks)
        self._market.restore(known.market)
        self._set_books(known.ledger, Records(known.records))
        for symbol, desk in self._desks.items():
            desk.mark = known.marks.get(symbol)
            desk.orders = {order.request.client_id: order for order in known.orders if order.request.symbol == symbol}
        self._execution.out.extend(known.said)
        self._execution.moved = known.moved
        for span in self._chart.resume(known.forming, candles, self.now):
            self._chart.warm(span, self._market.warm(span, self._warmup))

    def _set_books(self, ledger: Ledger, records: Records) -> None:
        self._ledger = ledger
        self._records = records
        self._execution = Execution(ledger, records)
        self._replay = Replay(self._execution, self._slippage)

    def _warm(self, span: int) -> None:
        bars = self._market.warm(span, self._warmup)
        self._chart.warm(span, bars)
        for bar in bars:
            self._desks[bar.symbol].mark = bar.close

    def _accept(self, request: OrderRequest, desk: Desk, mark: Decimal) -> VenueOrder:
        closable = self._execution.closable(desk, request.side)
        margin, covered = admit(request, desk, mark, closable, self._ledger, self._slippage)
        lots = request.lots
        if request.close_order:
            lots = closable if request.stop is None else 0
        order = VenueOrder(request, self._records.next_order(), lots, self.now, self.now)
        self._records.ids.add(request.client_id)
        desk.orders[request.client_id] = order
        self._execution.reserve(order, margin, covered)
        return order

    def _step(self) -> None:
        bars = self._market.step()
        out = self._execution.out
        positions = self._ledger.positions
        for bar in bars:
            desk = self._desks[bar.symbol]
            desk.mark = bar.close
            if desk.orders or bar.symbol in positions:
                self._replay.play(desk, bar)
                if bar.symbol in positions:
                    self._fund(desk, bar)
            out.append(Ticked(bar.symbol, bar.close, bar.opened_at + bar.span))
        self._say_account()
        for bar in bars:
            out.extend(self._chart.fold(bar))

    def _fund(self, desk: Desk, bar: Candle) -> None:
        for boundary in range(bar.opened_at // FUNDING_SPAN + 1, bar.closed_at // FUNDING_SPAN + 1):
            amount = self._ledger.fund(desk.instrument, FUNDING_RATE, bar.close)
            paid = FundingPaid(symbol=bar.symbol, rate=FUNDING_RATE, amount=amount, at=boundary * FUNDING_SPAN)
            self._records.fundings.append(paid)
            self._execution.out.append(paid)
            self._execution.moved = True

    def _say_account(self) -> None:
        if self._execution.moved:
            self._execution.moved = False
            self._execution.out.append(self.account())

    def _working(self) -> list[VenueOrder]:
        orders = [order for desk in self._desks.values() for order in desk.orders.values()]
        return sorted(orders, key=lambda order: order.number)

    def _marks(self) -> dict[str, Decimal]:
        return {symbol: desk.mark for symbol, desk in self._desks.items() if desk.mark is not None}


def _check_setup(market: Market, balance: Decimal, spans: tuple[int, ...], slippage: Decimal) -> None:
    wrong = [span for span in spans if span <= 0 or span % market.step_span]
    if wrong:
        raise ValueError(f"candles of {wrong[0]} ns cannot be made of steps of {market.step_span} ns")
    if balance < ZERO or not ZERO <= slippage <= _MOST_SLIPPAGE:
        raise ValueError(f"the balance must be at least 0 and the slippage 0 to 0.01, not {balance} and {slippage}")
