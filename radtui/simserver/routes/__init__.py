"""Every endpoint the server answers, one table a subject."""

from __future__ import annotations

from typing import Final

from radtui.simserver.endpoints import Endpoint
from radtui.simserver.routes import (
    account,
    funding_account,
    margin,
    market,
    orders,
    positions,
    reading,
    spot,
    tokens,
    transfers,
    unified,
    unified_market,
)

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *market.ENDPOINTS,
    *tokens.ENDPOINTS,
    *orders.ENDPOINTS,
    *reading.ENDPOINTS,
    *positions.ENDPOINTS,
    *margin.ENDPOINTS,
    *account.ENDPOINTS,
    *transfers.ENDPOINTS,
    *unified.ENDPOINTS,
    *unified_market.ENDPOINTS,
    *funding_account.ENDPOINTS,
    *spot.ENDPOINTS,
)
"""The table of the whole REST side."""
