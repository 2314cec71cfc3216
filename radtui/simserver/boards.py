"""The public side of a contract: its order book as numbered changes, its last trades, its ticker.

A contract has one counter. Snapshot, feed, ticker and trades all take their sequence from it, and it rises by exactly
one with each change of the book, so that a snapshot and the changes after its sequence always give the book.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, Protocol

import msgspec

from radtui.core.order import Fill, Side
from radtui.simserver.board import Board, Change, Rows
from radtui.venue.book import BookView
from radtui.venue.chance import stream
from radtui.venue.tape import Print

_KEPT_TRADES: Final = 100
_KEPT_OWN: Final = 20_000
"""Own fills whose number on the public tape is remembered."""
_FIRST_STRANGER: Final = 300_000_000_000_000_000
_FIRST: Final = 1_700_000_000_000
"""Below every timestamp in milliseconds: a well-known client compares the two."""


class BookSource(Protocol):
    """What the boards need of the venue."""

    def book(self, symbol: str) -> BookView:
        """Return the book of this moment."""
        ...

    def trades(self, symbol: str, limit: int) -> list[Print]:
        """Return the last prints, newest first."""
        ...


class Trade(msgspec.Struct, frozen=True):
    """One public trade. `side` is the taker's; `at` is the wall clock, nanoseconds UTC."""

    symbol: str
    sequence: int
    side: Side
    lots: int
    price: Decimal
    taker_order_id: str
    maker_order_id: str
    at: int

    @property
    def id(self) -> str:
        """The trade's id."""
        return str(self.sequence)


class Snapshot(msgspec.Struct, frozen=True):
    """A whole book, best price first; `at` is the wall clock, nanoseconds UTC."""

    symbol: str
    sequence: int
    bids: Rows
    asks: Rows
    at: int


class Ticker(msgspec.Struct, frozen=True):
    """The best of both sides and the last trade. A side without offers has price and size 0."""

    symbol: str
    sequence: int
    bid: Decimal
    bid_lots: int
    ask: Decimal
    ask_lots: int
    last: Trade | None
    at: int


BoardMessage = Change | Trade


class Boards:
    """The boards of all contracts.

    Args:
        seed: of the ids of other people's orders, and of where the sequences begin.
        order_id: the id on the wire of one of the account's orders.
        now: wall clock, nanoseconds UTC: when a book changed.
        wall: turns the market clock into the wall clock, for the trades of before the start.
    """

    def __init__(
        self,
        venue: BookSource,
        symbols: Iterable[str],
        *,
        seed: int,
        order_id: Callable[[str], str],
        now: Callable[[], int],
        wall: Callable[[int], int],
    ) -> None:
        self._venue = venue
        self._seed = seed
        self._order_id = order_id
        self._now = now
        self._boards = {symbol: Board(symbol, _FIRST + stream(seed, symbol, "book") % 10**10) for symbol in symbols}
        self._trades: dict[str, deque[Trade]] = {symbol: deque(maxlen=_KEPT_TRADES) for symbol in self._boards}
        self._seen: dict[str, BookView] = {}
        self._own: dict[str, int] = {}
        self._said: list[BoardMessage] = []
        for symbol in self._boards:
            self.hear(venue.trades(symbol, _KEPT_TRADES)[::-1], wall)
        self.take()

    def hear(self, messages: Sequence[object], stamp: Callable[[int], int]) -> None:
        """Take in what the venue said: prints and own fills get their numbers.

        `stamp` turns a message's time on the market clock into the wall clock.
        """
        fills: dict[str, deque[Fill]] = {}
        for message in messages:
            if isinstance(message, Fill):
                fills.setdefault(message.order_id, deque()).append(message)
        for message in messages:
            if isinstance(message, Print):
                own = fills.get(message.own_order_id)
                self._print(message, own.popleft() if own else None, stamp(message.at))
        for unprinted in fills.values():
            for fill in unprinted:
                self._remember(fill, self._number(fill.symbol, fill.price, _taker(fill)))

    def take(self) -> list[BoardMessage]:
        """Return the changes and trades since the last look, in order."""
        said, self._said = self._said, []
        return said

    def refresh(self, symbol: str) -> None:
        """Bring a board up to the book of this moment."""
        view = self._venue.book(symbol)
        if view is self._seen.get(symbol):
            return
        self._seen[symbol] = view
        self._said += self._boards[symbol].show(view.bids, view.asks, self._now())

    def snapshot(self, symbol: str) -> Snapshot:
        """Return the whole book of this moment."""
        self.refresh(symbol)
        board = self._boards[symbol]
        return Snapshot(symbol, board.sequence, board.bids, board.asks, self._now())

    def ticker(self, symbol: str) -> Ticker:
        """Return the best prices of this moment and the last trade."""
        self.refresh(symbol)
        board, trades = self._boards[symbol], self._trades[symbol]
        (bid, bid_lots), (ask, ask_lots) = board.best
        return Ticker(symbol, board.sequence, bid, bid_lots, ask, ask_lots, trades[0] if trades else None, self._now())

    def trades(self, symbol: str, limit: int = _KEPT_TRADES) -> list[Trade]:
        """Return the last trades, newest first."""
        return list(self._trades[symbol])[:limit]

    def trade_id(self, fill: Fill) -> str:
        """Return the id of an own fill on the wire: its number on the public tape."""
        return str(self._own.get(fill.trade_id, fill.trade_id))

    def _print(self, tick: Print, own: Fill | None, at: int) -> None:
        number = self._number(tick.symbol, tick.price, tick.side)
        if own is not None:
            self._remember(own, number)
        trade = Trade(tick.symbol, number, tick.side, tick.lots, tick.price, *self._parties(tick, own, number), at)
        self._trades[tick.symbol].appendleft(trade)
        self._said.append(trade)

    def _number(self, symbol: str, price: Decimal, taker: Side) -> int:
        """Return the sequence of a trade: the one of the change it makes in the book."""
        change = self._boards[symbol].touch(price, taker.opposite, self._now())
        self._said.append(change)
        return change.sequence

    def _remember(self, fill: Fill, number: int) -> None:
        self._own[fill.trade_id] = number
        if len(self._own) > _KEPT_OWN:
            del self._own[next(iter(self._own))]

    def _parties(self, tick: Print, own: Fill | None, number: int) -> tuple[str, str]:
        """Return the order ids of taker and maker; those of strangers are made up, and stay the same."""
        chance = stream(self._seed, tick.symbol, number)
        taker, maker = (str(_FIRST_STRANGER + each % _FIRST_STRANGER) for each in (chance, chance >> 3))
        if own is None:
            return taker, maker
        return (taker, self._order_id(own.order_id)) if own.maker else (self._order_id(own.order_id), maker)


def _taker(fill: Fill) -> Side:
    return fill.side.opposite if fill.maker else fill.side
