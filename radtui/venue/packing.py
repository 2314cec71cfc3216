"""The exchange as it stands, in a few kilobytes: MessagePack, compressed."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import Final

import msgspec

from radtui.core.market import Candle
from radtui.core.order import OrderReport, Side
from radtui.venue.bars import Prices
from radtui.venue.desk import VenueOrder
from radtui.venue.ledger import Ledger
from radtui.venue.modes import Modes
from radtui.venue.records import RecordsState
from radtui.venue.tape import Print

VERSION: Final = 2
_TO_DO: Final = "start a fresh one with --fresh; the orders and money of the old one are play money and end with it"


class StateUnreadable(ValueError):
    """A packed exchange that cannot be continued here; the message says why and what to do."""


class VenueState(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Everything but closed candles.

    Attributes:
        source, market: the market's name and its own packed position.
        ledgers: by currency. prices: where each symbol stands.
        orders: not done, in the order of their arrival.
        said: reports of placing and cancelling that nobody has read yet.
        moved: currencies whose account report is due.
        forming: candles that are still open.
        prints: the tape, where there is one.
        taken: what is gone of the present moment's books.
    """

    version: int = VERSION
    source: str
    market: bytes
    ledgers: dict[str, Ledger]
    prices: dict[str, Prices]
    modes: Modes
    orders: list[VenueOrder]
    records: RecordsState
    said: list[OrderReport]
    moved: list[str]
    forming: list[Candle]
    prints: dict[str, list[Print]] = {}
    taken: dict[str, dict[Side, int]] = {}


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(VenueState)


def pack(state: VenueState) -> bytes:
    """Return the state as bytes."""
    return zlib.compress(_ENCODER.encode(state), level=1)


def unpack(packed: bytes, source: str, symbols: Collection[str]) -> VenueState:
    """Return the state a venue on the market `source`, with these symbols, continues from.

    Raises:
        StateUnreadable: damaged, of another version, or of another market or other symbols.
    """
    try:
        state = _DECODER.decode(zlib.decompress(packed))
    except (zlib.error, msgspec.DecodeError) as broken:
        raise StateUnreadable(f"the saved paper exchange is damaged ({broken}): {_TO_DO}") from broken
    if state.version != VERSION:
        raise StateUnreadable(f"the saved paper exchange has version {state.version}, not {VERSION}: {_TO_DO}")
    if state.source != source:
        raise StateUnreadable(f"the saved paper exchange runs on {state.source}, not on {source}: {_TO_DO}")
    if strangers := state.prices.keys() - set(symbols):
        raise StateUnreadable(f"the saved paper exchange trades {', '.join(sorted(strangers))} as well: {_TO_DO}")
    return state
