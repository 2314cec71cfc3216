"""What a configuration takes from the market that is flown."""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.core.config import CoreConfig
from radtui.core.market import DAY
from radtui.venue.market import Market

STALE_INTERVALS: Final = 3
"""Steps of a market after which its silence forbids an entry, where that is longer than what is configured."""


def fitted(config: CoreConfig, market: Market, strategy: str, symbols: tuple[str, ...] = ()) -> CoreConfig:
    """Return the configuration with the strategy's own name, its symbols, and how often the market can move.

    Args:
        symbols: of one of several bots; without them all that the market has.
    """
    step = market.step_span // config.speed
    return msgspec.structs.replace(
        config,
        strategy=strategy,
        symbols=symbols or tuple(instrument.symbol for instrument in market.instruments),
        stale_after=min(max(config.stale_after, STALE_INTERVALS * step), DAY),
    )
