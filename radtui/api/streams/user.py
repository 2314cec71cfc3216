"""One line of ``/ws/user``: our orders, fills, positions and receipts, as far as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.api.streams.frames import (
    FillsSeen,
    NoTopics,
    OrdersSeen,
    PositionsSeen,
    Receipts,
    Topic,
    user_asked,
)
from radtui.api.streams.news import News
from radtui.core.facts import Receipted
from radtui.core.snapshot import Snapshot
from radtui.engine.wire import encode

_BATCH: Final = 200
"""Facts looked at in one go."""


class UserStream:
    """What one reader knows of the account: for each topic the picture it was told of, and no more."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._told: dict[Topic, Snapshot | None] = {}
        self._after = 0

    def heard(self, text: str) -> None:
        """Take a frame of the reader.

        Raises:
            msgspec.DecodeError: it is none.
        """
        said = user_asked(text)
        for topic in said.topics:
            if isinstance(said, NoTopics):
                self._told.pop(topic, None)
            else:
                self._told.setdefault(topic, None)

    def left(self) -> None:
        """The line has ended."""

    def greeting(self) -> Iterator[str]:
        """Say nothing before something is asked for."""
        yield from ()

    def due(self) -> Iterator[str]:
        """Say what is new."""
        for topic in tuple(self._told):
            if topic in self._told:  # while the frame before was taken, it may have gone
                had, now = self._told[topic], self._news.handle.snapshot()
                self._told[topic] = now
                yield from self._of(topic, had, now)

    def _of(self, topic: Topic, had: Snapshot | None, now: Snapshot) -> Iterator[str]:
        match topic:
            case "orders":
                yield from _orders(had, now)
            case "fills":
                yield from _fills(had, now)
            case "positions":
                yield from _positions(had, now)
            case "receipts":
                yield from self._receipts(had, now)

    def _receipts(self, had: Snapshot | None, now: Snapshot) -> Iterator[str]:
        if had is None:
            self._after = now.sequence
            yield _said(Receipts(receipts=() if now.receipt is None else (now.receipt,)))
            return
        while events := self._news.handle.events(self._after):
            missed = events[0].sequence > self._after + 1
            self._after = events[:_BATCH][-1].sequence
            found = tuple(each.fact.receipt for each in events[:_BATCH] if isinstance(each.fact, Receipted))
            if found or missed:
                yield _said(Receipts(receipts=found, missed=missed))


def _orders(had: Snapshot | None, now: Snapshot) -> Iterator[str]:
    if had is None:
        yield _said(OrdersSeen(orders=now.orders, whole=True))
    elif had.orders != now.orders:
        known = set(had.orders)
        yield _said(OrdersSeen(orders=tuple(order for order in now.orders if order not in known)))


def _fills(had: Snapshot | None, now: Snapshot) -> Iterator[str]:
    if had is not None and had.fills == now.fills:
        return
    known = {fill.trade_id for fill in had.fills} if had else set()
    new = tuple(fill for fill in now.fills if fill.trade_id not in known)
    whole = len(new) == len(now.fills)  # not one of them is known: some between may be gone already
    yield _said(FillsSeen(fills=new, whole=whole))


def _positions(had: Snapshot | None, now: Snapshot) -> Iterator[str]:
    if had is None:
        yield _said(PositionsSeen(positions=now.positions, whole=True))
    elif had.positions != now.positions:
        open_now = {position.symbol for position in now.positions}
        gone = tuple(sorted({position.symbol for position in had.positions} - open_now))
        new = tuple(position for position in now.positions if position not in had.positions)
        yield _said(PositionsSeen(positions=new, gone=gone))


def _said(frame: OrdersSeen | FillsSeen | PositionsSeen | Receipts) -> str:
    return encode(frame).decode()
