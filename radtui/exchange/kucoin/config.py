"""What the adapter has to be told beside its ports."""

from __future__ import annotations

import msgspec

from radtui.core.market import MINUTE
from radtui.core.order import MarginMode
from radtui.exchange.kucoin.rest.transport import Hosts


class KucoinConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one account on KuCoin Futures is traded.

    Attributes:
        symbols: what is traded; empty for the usual ones that exist there.
        spans: of the candles that the market feed tells, nanoseconds.
        margin_mode: of new positions. An exit takes the mode its symbol has at the exchange, whatever that is.
        topics: on one connection of the feed, at most.
    """

    symbols: tuple[str, ...] = ()
    spans: tuple[int, ...] = (MINUTE,)
    margin_mode: MarginMode = MarginMode.ISOLATED
    hosts: Hosts = Hosts()
    topics: int = 100
