"""What is said on ``/ws/market`` and ``/ws/user``: text frames of JSON, each a tagged value (row A2)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from radtui.core.instruction import Receipt
from radtui.core.market import Candle, Ticked
from radtui.core.order_view import FillView, OrderView
from radtui.core.position_view import PositionView
from radtui.engine.wire import Frame, Key

TOPICS: Final = ("orders", "fills", "positions", "receipts")
FEW: Final = 200
"""Names in one frame."""

Topic = Literal["orders", "fills", "positions", "receipts"]


class Contracts(Frame, frozen=True, kw_only=True, tag=True):
    """First on ``/ws/market``: what can be subscribed to. Also the answer to what cannot.

    Attributes:
        unknown: what was asked for and is not there.
    """

    symbols: tuple[str, ...]
    timeframe: str
    unknown: tuple[str, ...] = ()


class Market(Frame, frozen=True, kw_only=True, tag=True):
    """One contract as it stands: first after a subscription, and again where candles were missed.

    Attributes:
        last: None before the first price. heard_at: wall clock of it.
        candles: closed ones of the bot's timeframe, oldest first.
    """

    symbol: str
    last: Ticked | None
    heard_at: int | None
    candles: tuple[Candle, ...]


class Tick(Frame, frozen=True, kw_only=True, tag=True):
    """A new price; a slow reader gets the latest only."""

    tick: Ticked
    heard_at: int


class Closed(Frame, frozen=True, kw_only=True, tag=True):
    """Candles that closed, oldest first, none left out."""

    candles: tuple[Candle, ...]


class Symbols(Frame, frozen=True, kw_only=True, tag="Subscribe"):
    """From a client of ``/ws/market``: begin to hear of these contracts."""

    symbols: Annotated[tuple[Key, ...], msgspec.Meta(max_length=FEW)]


class NoSymbols(Frame, frozen=True, kw_only=True, tag="Unsubscribe"):
    """From a client of ``/ws/market``: hear of these no more."""

    symbols: Annotated[tuple[Key, ...], msgspec.Meta(max_length=FEW)]


class Topics(Frame, frozen=True, kw_only=True, tag="Subscribe"):
    """From a client of ``/ws/user``: begin to hear of these."""

    topics: Annotated[tuple[Topic, ...], msgspec.Meta(max_length=len(TOPICS))]


class NoTopics(Frame, frozen=True, kw_only=True, tag="Unsubscribe"):
    """From a client of ``/ws/user``: hear of these no more."""

    topics: Annotated[tuple[Topic, ...], msgspec.Meta(max_length=len(TOPICS))]


class OrdersSeen(Frame, frozen=True, kw_only=True, tag="Orders"):
    """Our orders: `whole` says that these are all of them, else they are those that are new or changed."""

    orders: tuple[OrderView, ...]
    whole: bool = False


class FillsSeen(Frame, frozen=True, kw_only=True, tag="Fills"):
    """Our fills, newest first: with `whole` the latest ones, else those that are new, none left out."""

    fills: tuple[FillView, ...]
    whole: bool = False


class PositionsSeen(Frame, frozen=True, kw_only=True, tag="Positions"):
    """What is open: with `whole` all of it, else what is new or changed, and `gone`, the symbols of what is closed."""

    positions: tuple[PositionView, ...]
    whole: bool = False
    gone: tuple[str, ...] = ()


class Receipts(Frame, frozen=True, kw_only=True, tag=True):
    """What came of instructions, oldest first; `missed` says that earlier ones are no longer kept."""

    receipts: tuple[Receipt, ...]
    missed: bool = False


market_asked: Final = msgspec.json.Decoder(Symbols | NoSymbols).decode
user_asked: Final = msgspec.json.Decoder(Topics | NoTopics).decode
