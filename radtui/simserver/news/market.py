"""Book, trades and ticker on the feed: every change in its order, and what is conflated at most every 100 ms."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Final

from radtui.core.market import SECOND
from radtui.simserver.board import Change
from radtui.simserver.boards import BoardMessage, Boards
from radtui.simserver.news.news import Audience, News
from radtui.simserver.push import market as push
from radtui.simserver.push.message import Message
from radtui.simserver.topics import DEPTH_5, DEPTH_50, EXECUTION, LEVEL2, TICKER, TICKER_V2, split

_PAUSE: Final = SECOND // 10
"""Between two messages of a conflated topic."""
_DEPTHS: Final = {DEPTH_5: 5, DEPTH_50: 50}
_BOARD: Final = frozenset({LEVEL2, EXECUTION, TICKER, TICKER_V2, *_DEPTHS})


class MarketNews:
    """Turns boards into what is said of them; what nobody listens to is not even made."""

    def __init__(self, boards: Boards, audience: Audience) -> None:
        self._boards = boards
        self._audience = audience
        self._states: dict[str, tuple[Hashable, int]] = {}

    def look(self, at: int) -> Iterator[News]:
        """Yield what changed since the last look."""
        topics = [(topic, *split(topic)) for topic in self._audience.wanted]
        for symbol in dict.fromkeys(symbol for _, prefix, symbol in topics if prefix in _BOARD):
            self._boards.refresh(symbol)
        books = {symbol for _, prefix, symbol in topics if prefix == LEVEL2}
        for said in self._boards.take():
            if not isinstance(said, Change) or said.symbol in books:
                yield from self._said(said)
        for topic, prefix, symbol in topics:
            if prefix == TICKER_V2 or prefix in _DEPTHS:
                yield from self._conflated(topic, prefix, symbol, at)

    def present(self, topic: str) -> Message | None:
        """Return what a listener who just joined should know; None where it waits for what comes."""
        prefix, symbol = split(topic)
        return self._message(prefix, symbol) if prefix in _BOARD else None

    def _said(self, said: BoardMessage) -> Iterator[News]:
        wants = self._audience.wants
        if isinstance(said, Change):
            yield News(f"{LEVEL2}:{said.symbol}", push.level2(said))
            return
        if wants(topic := f"{EXECUTION}:{said.symbol}"):
            yield News(topic, push.match(said))
        if wants(topic := f"{TICKER}:{said.symbol}"):
            yield News(topic, push.ticker_v1(self._boards.ticker(said.symbol), said))

    def _conflated(self, topic: str, prefix: str, symbol: str, at: int) -> Iterator[News]:
        last, said_at = self._states.get(topic, (None, -_PAUSE))
        if at - said_at < _PAUSE:
            return
        state = self._state(prefix, symbol)
        message = self._message(prefix, symbol) if state != last else None
        if message is not None:
            self._states[topic] = state, at
            yield News(topic, message)

    def _state(self, prefix: str, symbol: str) -> Hashable:
        """Return what a conflated topic shows now: only what is new is said."""
        if prefix in _DEPTHS:
            book, levels = self._boards.snapshot(symbol), _DEPTHS[prefix]
            return book.bids[:levels], book.asks[:levels]
        ticker = self._boards.ticker(symbol)
        return ticker.bid, ticker.bid_lots, ticker.ask, ticker.ask_lots

    def _message(self, prefix: str, symbol: str) -> Message | None:
        if prefix in _DEPTHS:
            return push.depth(self._boards.snapshot(symbol), _DEPTHS[prefix])
        ticker = self._boards.ticker(symbol)
        if prefix == TICKER_V2:
            return push.ticker_v2(ticker)
        return push.ticker_v1(ticker, ticker.last) if prefix == TICKER and ticker.last is not None else None
