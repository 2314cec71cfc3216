"""What can be read of a venue; reading changes nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, Candle
from radtui.core.order import Fill, OrderReport, Side
from radtui.venue.bars import Prices
from radtui.venue.book import Book, BookView, Look, Row
from radtui.venue.desk import Desk
from radtui.venue.interior import Interior
from radtui.venue.refusals import BAD_PARAMETER, SUSPENDED, VenueRefusal
from radtui.venue.statements import ClosedPosition, LedgerRow
from radtui.venue.tape import Print

FUNDING_RATE: Final = Decimal("0.0001")
"""Share of a position's value at the mark that longs pay to shorts."""
FUNDING_SPAN: Final = 8 * HOUR


class Readings(Interior):
    """The reading half of a venue."""

    @property
    def source(self) -> str:
        """The market's name: a packed venue continues only on the one it was packed on."""
        return self._market.source

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
        """The contracts that trade here, with the rules of their lowest risk level."""
        return self._market.instruments

    @property
    def currencies(self) -> tuple[str, ...]:
        """What the account can hold."""
        return tuple(self._accounts.ledgers)

    @property
    def everyone(self) -> Decimal:
        """All the USDT of the account and of everyone it deals with: nothing ever changes it."""
        return self.everyone_in("USDT")

    def everyone_in(self, currency: str) -> Decimal:
        """Return all the money of one currency: nothing ever changes it."""
        return self._accounts.ledgers[currency].everyone

    def order(self, symbol: str, client_id: str) -> OrderReport | None:
        """Return an order in any state; of done ones only the latest are kept."""
        order = self._find(symbol, client_id)
        return order.report() if order is not None else None

    def order_by_id(self, order_id: str) -> OrderReport | None:
        """Return an order in any state by the exchange's id; of done ones only the latest are kept."""
        order = self._find_number(order_id)
        return order.report() if order is not None else None

    def open_orders(self) -> list[OrderReport]:
        """Return every order that is not done, waiting stops included, in the order of their arrival."""
        return [order.report() for order in self._working()]

    def done_orders(self) -> list[OrderReport]:
        """Return the orders that are done, the first that ended first; only the latest are kept."""
        return [order.report() for order in self._records.all_done()]

    def fills(self, since: int) -> list[Fill]:
        """Return the fills at or after `since` (market clock), oldest first; only the latest are kept."""
        return [fill for fill in self._records.fills if fill.at >= since]

    def funding(self, since: int) -> list[FundingPaid]:
        """Return the funding settled at or after `since` (market clock), oldest first; only the latest are kept."""
        return [paid for paid in self._records.fundings if paid.at >= since]

    def positions(self) -> list[PositionReport]:
        """Return the open positions."""
        return self._accounts.position_reports()

    def account(self, currency: str = "USDT") -> AccountReport:
        """Return the account's money in one currency, at the last marks.

        Raises:
            VenueRefusal: 100001, the account holds no such currency.
        """
        if currency not in self._accounts.ledgers:
            raise VenueRefusal(BAD_PARAMETER, f"no account in {currency}; there are {', '.join(self.currencies)}")
        return self._accounts.report(currency)

    def risk_ratio(self, currency: str = "USDT") -> Decimal:
        """Return the risk ratio of a currency's cross positions: 1 liquidates; 0 without any."""
        return self._accounts.standing(currency).ratio

    def candles(self, symbol: str, span: int, limit: int) -> list[Candle]:
        """Return up to `limit` closed candles of `span` nanoseconds, oldest first, the warm-up included."""
        return self._chart.closed(symbol, span, limit)

    def forming(self) -> list[Candle]:
        """Return the candles of every symbol and span that are still open."""
        return self._chart.forming()

    def prices(self, symbol: str) -> Prices:
        """Return where a contract stands.

        Raises:
            VenueRefusal: 100003 no such contract, 300002 it has no price yet.
        """
        prices = self._desk(symbol).prices
        if prices is None:
            raise VenueRefusal(SUSPENDED, f"{symbol} does not trade: the market has not begun")
        return prices

    def book(self, symbol: str) -> BookView:
        """Return what an order of this moment would find, and our own resting orders.

        Raises:
            VenueRefusal: 100003 no such contract, 300002 it has no price yet.
        """
        last, desk = self.prices(symbol).last, self._desks[symbol]
        book = self._matching.moment(desk, last)
        taken = book.taken[Side.BUY], book.taken[Side.SELL]
        bids, asks = resting = _resting(desk, Side.BUY), _resting(desk, Side.SELL)
        known = self._looks.get(symbol)
        if known is None or known.book is not book or known.taken != taken or known.resting != resting:
            view = BookView(symbol, _rows(book, Side.BUY, bids), _rows(book, Side.SELL, asks))
            known = self._looks[symbol] = Look(book, taken, resting, view)
        return known.view

    def trades(self, symbol: str, limit: int) -> list[Print]:
        """Return up to `limit` public trades, the newest first; none where the venue has no tape."""
        return self._tape.last(symbol, limit) if self._tape is not None else []

    def funding_rate(self, symbol: str) -> Decimal:
        """Return the rate of the next settlement."""
        self._desk(symbol)
        return FUNDING_RATE

    def next_funding_at(self, symbol: str) -> int:
        """Return when funding is settled next, on the market clock."""
        self._desk(symbol)
        return (self.now // FUNDING_SPAN + 1) * FUNDING_SPAN

    def ledger_rows(self, currency: str) -> list[LedgerRow]:
        """Return what moved the wallet, oldest first; only the latest rows, where any are kept."""
        return [row for row in self._records.statements.rows if row.currency == currency]

    def closed_positions(self) -> list[ClosedPosition]:
        """Return the positions that ended, oldest first; only the latest, where any are kept."""
        return list(self._records.statements.closed)


def _rows(book: Book, side: Side, resting: list[Row]) -> list[Row]:
    held = dict(book.offers(side.opposite))
    for price, lots in resting:
        held[price] = held.get(price, 0) + lots
    return sorted(held.items(), reverse=side is Side.BUY)


def _resting(desk: Desk, side: Side) -> list[Row]:
    return [
        (price, order.remaining)
        for order in desk.orders.values()
        if order.side is side and not order.waits and not order.fresh and order.remaining
        if (price := order.request.price) is not None
    ]
