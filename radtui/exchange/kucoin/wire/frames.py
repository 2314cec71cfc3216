"""Frames as the feed's hot path reads them, and the requests it writes.

Decoding one must cost next to nothing: only what is named here is looked at, fields come in any order with others
between them, and what these cannot read is read again, kindly, by `wire.common.decode`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.exchange.kucoin.wire.common import Wire
from radtui.exchange.kucoin.wire.feed import Frame, LevelChange, TickerPush


class TickerFrame(msgspec.Struct, frozen=True, gc=False):
    """A frame of ``tickerV2`` or ``ticker``."""

    data: TickerPush


class LevelFrame(msgspec.Struct, frozen=True, gc=False):
    """A frame of ``level2``."""

    data: LevelChange


class Ping(Wire, frozen=True):
    """Asks for a pong with the same id."""

    id: str
    type: str = "ping"


class Request(Wire, frozen=True):
    """Asks for a topic, or for its end; `topic` names several symbols with commas between them."""

    id: str
    type: str
    topic: str
    private_channel: bool
    response: bool = True


ticker_frame: Final = msgspec.json.Decoder(TickerFrame, strict=False).decode
level_frame: Final = msgspec.json.Decoder(LevelFrame, strict=False).decode
any_frame: Final = msgspec.json.Decoder(Frame, strict=False).decode
_encode: Final = msgspec.json.Encoder().encode


def text(request: Ping | Request) -> str:
    """Return a request as it is sent."""
    return _encode(request).decode()
