"""The simulated futures exchange: one account, one market, everything decided by what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from radtui.core.holding import Holding
from radtui.core.market import Candle, Ticked
from radtui.core.money import ZERO
from radtui.core.order import OrderReport, OrderRequest, PositionSide
from radtui.venue.bars import Prices, alike
from radtui.venue.candles import KEPT, Chart
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.execution import VenueMessage
from radtui.venue.interior import settlements
from radtui.venue.market import Market
from radtui.venue.marks import Marks
from radtui.venue.modes import Modes
from radtui.venue.packing import VenueState, pack, unpack
from radtui.venue.position import FLAT
from radtui.venue.reach import Reach
from radtui.venue.readings import FUNDING_RATE, FUNDING_SPAN, Readings
from radtui.venue.records import Records
from radtui.venue.refusals import NOT_CANCELABLE, REPEATED_ID, UNKNOWN_ORDER, VenueRefusal
from radtui.venue.rules import admit, check_shape
from radtui.venue.setup import AccountSetup

__all__ = ["FUNDING_RATE", "FUNDING_SPAN", "Venue"]

_MOST_SLIPPAGE: Final = Decimal("0.01")


class Venue(Readings, AccountSetup):
    """One account on a market that moves only when told to. Pure: no clock, no I/O, no randomness of its own.

    What happens in the market comes out of `advance`; what placing and cancelling says comes with the next `advance`
    or `drain`. An accepted order meets the market at the open of the next bar (see `radtui.venue.replay`), or at the
    next `match`, whichever comes first.
    """

    def __init__(
        self,
        market: Market,
        *,
        balance: Decimal,
        spans: tuple[int, ...],
        warmup: int = 500,
        slippage: Decimal = Decimal("0.0005"),
        balances: Mapping[str, Decimal] | None = None,
        marks: Marks | None = None,
        tape: bool = False,
        risk: bool = False,
        kept: int = 0,
    ) -> None:
        """Open an account on `market`.

        Args:
            market: where prices come from.
            balance: USDT at the start, not negative.
            spans: nanoseconds of the candles to keep; multiples of the market's step.
            warmup: closed candles of each span that are there before the first step.
            slippage: share of the price between the last price and the best offer; see `radtui.venue.book.Book`.
            balances: of other currencies at the start, not negative.
            marks: where mark and index prices come from; the last price where it is not given.
            tape: the venue is looked at and matched at once: it tells public trades, its book has no two levels on one
                tick, and our own resting orders are part of it.
            risk: positions obey the risk limits of their level.
            kept: orders, fills, settlements, ledger rows and closed positions to keep; see `Records`.

        Raises:
            ValueError: a span the market's steps do not add up to, or a negative balance or slippage.
        """
        held = {"USDT": balance, **(balances or {})}
        _check_setup(market, held, spans, slippage)
        super().__init__(market, slippage, kept, live=tape)
        self._risk = risk
        self._marks = marks
        self.spans = tuple(sorted(set(spans)))
        self._chart = Chart(tuple(self._instruments), self.spans)
        self._set_books(settlements(market.instruments, held), Records(kept=kept), Modes())
        self._warmup = min(warmup, KEPT)
        if tape and self.spans:
            self._warm(self.spans, market.warm_all(self.spans, self._warmup))
        for span in () if tape and self.spans else self.spans[::-1] or (market.step_span,):
            self._warm((span,), market.warm(span, self._warmup))

    def advance(self, until: int) -> list[VenueMessage]:
        """Run every step that ends at or before `until` (market clock) and return what was said, in order."""
        market = self._market
        said = self.drain()
        while not market.ended and market.now + market.step_span <= until:
            self._step()
        said += self.drain()
        return said

    def reach(self, symbol: str) -> Reach | None:
        """Return how far a contract's bars may go without meeting anything: then they move nothing but prices.

        None: the next bar does more than that.
        """
        if self._marks is not None or self._live or self._execution.out or self._execution.moved:
            return None
        return self._replay.reach(self._desks[symbol])

    def leap(self, bar: Candle) -> None:
        """Stand at the close of a bar that the market has leapt to: no step of the leap has met anything.

        Candles are not kept of it, and nothing is said.
        """
        desk = self._desks[bar.symbol]
        desk.last = desk.mark = desk.index = bar.close
        desk.book = None

    def stake(self, symbol: str) -> tuple[Decimal, Holding]:
        """Return the wallet that a contract settles in, and what is held of it; one-way accounts only."""
        instrument = self._desks[symbol].instrument
        position = self._accounts.position(instrument, PositionSide.BOTH)
        return self._accounts.of(instrument).wallet, position.holding if position is not None else FLAT

    def drain(self) -> list[VenueMessage]:
        """Return what placing and cancelling said since the last look."""
        self._say_account()
        said = self._execution.out[:]
        self._execution.out.clear()
        return said

    def match(self) -> None:
        """Let accepted orders meet the book of this moment now, and stops fire whose condition holds already.

        What one order takes is gone until the next step.
        """
        for desk in self._desks.values():
            if desk.orders and desk.last is not None:
                self._matching.settle(desk, desk.last, self.now)

    def place(self, request: OrderRequest) -> OrderReport:
        """Accept an order, which works from the next bar's open on.

        Raises:
            VenueRefusal: the order breaks a rule; nothing happened and its client id is still free.
        """
        desk, leverage, closable, margin, covered = self._admitted(request)
        lots = request.lots
        if request.close_order:
            lots = closable if request.stop is None else 0
        order = VenueOrder(request, self._records.next_order(), lots, self.now, self.now, leverage=leverage)
        self._records.ids.add(request.client_id)
        desk.orders[request.client_id] = order
        self._execution.reserve(order, desk, margin, covered)
        report = order.report()
        self._execution.out.append(report)
        return report

    def check(self, request: OrderRequest) -> None:
        """Raise what `place` would raise, and do nothing."""
        self._admitted(request)

    def cancel(self, symbol: str, client_id: str) -> OrderReport:
        """End an order or a stop that waits.

        Raises:
            VenueRefusal: 100001 no such order, 100004 it is done already.
        """
        order = self._find(symbol, client_id)
        if order is None:
            raise VenueRefusal(
                UNKNOWN_ORDER, f"there is no order {client_id} of {symbol} (error.getOrder.orderNotExist)"
            )
        return self._cancel(order, client_id)

    def cancel_by_id(self, order_id: str) -> OrderReport:
        """End an order or a stop that waits, by the exchange's id.

        Raises:
            VenueRefusal: 100001 no such order, 100004 it is done already.
        """
        order = self._find_number(order_id)
        if order is None:
            raise VenueRefusal(UNKNOWN_ORDER, f"there is no order {order_id} (error.getOrder.orderNotExist)")
        return self._cancel(order, order_id)

    def pack(self) -> bytes:
        """Return everything but the closed candles, for `restore`."""
        return pack(
            VenueState(
                source=self.source,
                market=self._market.pack(),
                ledgers=self._accounts.ledgers,
                prices=self._prices(),
                modes=self._modes,
                orders=self._working(),
                records=self._records.pack(),
                said=[report for report in self._execution.out if isinstance(report, OrderReport)],
                moved=list(self._execution.moved),
                forming=self._chart.forming(),
                prints=self._tape.pack() if self._tape is not None else {},
                taken={symbol: desk.book.taken for symbol, desk in self._desks.items() if desk.book is not None},
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
        if self._marks is not None:
            self._marks.settle(known.prices)
        if self._tape is not None:
            self._tape.restore(known.prints)
        self._set_books(known.ledgers, Records(known.records, self._kept), known.modes)
        for symbol, desk in self._desks.items():
            if symbol in known.prices:
                desk.stand(known.prices[symbol])
            if symbol in known.taken and desk.last is not None:
                self._matching.moment(desk, desk.last).taken = known.taken[symbol]
            desk.orders = {order.request.client_id: order for order in known.orders if order.request.symbol == symbol}
        self._execution.out.extend(known.said)
        self._execution.moved.update(dict.fromkeys(known.moved))
        for span in self._chart.resume(known.forming, candles, self.now):
            self._chart.warm(span, self._market.warm(span, self._warmup))

    def _warm(self, spans: Sequence[int], bars: Sequence[Candle]) -> None:
        for span in spans:
            self._chart.warm(span, bars)
        for bar in bars:
            self._desks[bar.symbol].stand(Prices(bar.close, bar.close, bar.close))
        if self._marks is not None:
            self._marks.settle(self._prices())

    def _admitted(self, request: OrderRequest) -> tuple[Desk, int, int, Decimal, int]:
        """Return desk, leverage, closable lots, margin and lots it covers of an order that breaks no rule."""
        desk = self._desk(request.symbol)
        if request.client_id in self._records.ids:
            raise VenueRefusal(REPEATED_ID, f"the client order id {request.client_id} was used before: look it up")
        _, mark = self._trading(request.symbol)
        check_shape(request, desk.instrument)
        self._modes.check(request)
        closable = self._execution.closable(desk, request)
        leverage = self._modes.leverage(request, desk.instrument)
        ledger = self._accounts.of(desk.instrument)
        margin, covered = admit(request, desk, leverage, closable, ledger, self._slippage)
        if self._risk:
            self._check_risk(desk, request.side, request.price or mark, covered)
        return desk, leverage, closable, margin, covered

    def _cancel(self, order: VenueOrder, name: str) -> OrderReport:
        if not order.active:
            raise VenueRefusal(NOT_CANCELABLE, f"the order {name} is done already: it can not be cancelled")
        return self._execution.cancel(order, self._desks[order.request.symbol], "", self.now)

    def _step(self) -> None:
        bars = self._market.step()
        out = self._execution.out
        for bar in bars:
            self._play(self._desks[bar.symbol], bar)
            out.append(Ticked(bar.symbol, bar.close, bar.opened_at + bar.span))
        for currency in self._accounts.ledgers:
            self._accounts.remark(currency)
        if self._live:
            self.match()
        self._say_account()
        for bar in bars:
            out.extend(self._chart.fold(bar))

    def _play(self, desk: Desk, bar: Candle) -> None:
        bars = self._marks.follow(desk.instrument, bar) if self._marks is not None else None
        if bars is None:
            desk.last = desk.mark = desk.index = bar.close
            desk.book = None
        else:
            desk.stand(bars.closes)
        if self._tape is not None:
            self._execution.out.extend(self._tape.told(desk.instrument, bar))
        if desk.orders or self._accounts.holds(desk.instrument):
            self._replay.play(desk, bars or alike(bar))
            if self._accounts.holds(desk.instrument):
                self._fund(desk, bar)

    def _fund(self, desk: Desk, bar: Candle) -> None:
        for boundary in range(bar.opened_at // FUNDING_SPAN + 1, bar.closed_at // FUNDING_SPAN + 1):
            self._execution.fund(desk, FUNDING_RATE, desk.mark or bar.close, boundary * FUNDING_SPAN)

    def _prices(self) -> dict[str, Prices]:
        return {symbol: prices for symbol, desk in self._desks.items() if (prices := desk.prices) is not None}


def _check_setup(market: Market, balances: Mapping[str, Decimal], spans: tuple[int, ...], slippage: Decimal) -> None:
    wrong = [span for span in spans if span <= 0 or span % market.step_span]
    if wrong:
        raise ValueError(f"candles of {wrong[0]} ns cannot be made of steps of {market.step_span} ns")
    if min(balances.values()) < ZERO or not ZERO <= slippage <= _MOST_SLIPPAGE:
        given = ", ".join(f"{amount} {currency}" for currency, amount in balances.items())
        raise ValueError(f"the balance must be at least 0 and the slippage 0 to 0.01, not {given} and {slippage}")
