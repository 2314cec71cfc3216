"""A bot that runs and holds positions, and readings of its venue with some of it told otherwise."""

from __future__ import annotations

from typing import Any

from radtui.core.events import ExchangeShown
from radtui.core.instruction import Ask
from tests.core.rim import SYMBOLS, Rim


def holding(*symbols: str) -> Rim:
    """Return a bot with a position in each of `symbols`, in the first contract where none is named, and their stops."""
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    wanted = symbols or SYMBOLS[:1]
    for symbol in wanted:
        rim.signal(symbol, 0.9)
    rim.calm(4)
    assert len(rim.venue.positions()) == len(rim.venue.open_orders()) == len(wanted)
    return rim


def read(rim: Rim, **changed: Any) -> None:
    """Read all that the venue shows, but for what is told otherwise."""
    venue, since = rim.venue, rim.core.trading.read_since
    shown: dict[str, Any] = {
        "orders": tuple(venue.open_orders()),
        "fills": tuple(venue.fills(since)),
        "positions": tuple(venue.positions()),
        "account": venue.account(),
        "funding": tuple(venue.funding(since)),
    }
    rim.feed(ExchangeShown(rim.at, rim.at, **{**shown, **changed}))
