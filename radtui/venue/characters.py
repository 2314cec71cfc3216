"""How the coins of the seeded market behave: usual price, volatility, turnover."""

from __future__ import annotations

from typing import Final
from zlib import crc32

import msgspec

from radtui.core.instrument import Instrument


class Character(msgspec.Struct, frozen=True):
    """How a symbol behaves.

    Attributes:
        price: its usual price, in dollars.
        hourly: standard deviation of an hour's return.
        turnover: traded a second, in dollars.
    """

    price: float
    hourly: float
    turnover: float


_CHARACTERS: Final = {
    "XBT": Character(65_000.0, 0.0060, 20_000.0),
    "ETH": Character(3_200.0, 0.0075, 12_000.0),
    "SOL": Character(150.0, 0.0095, 6_000.0),
    "LTC": Character(85.0, 0.0085, 1_500.0),
    "XRP": Character(0.6, 0.0085, 3_000.0),
    "ADA": Character(0.45, 0.0090, 1_500.0),
    "DOGE": Character(0.12, 0.0105, 2_500.0),
    "TRX": Character(0.2, 0.0060, 1_000.0),
    "ZRX": Character(0.35, 0.0100, 300.0),
    "BNB": Character(580.0, 0.0070, 3_000.0),
    "BCH": Character(420.0, 0.0085, 1_200.0),
    "LINK": Character(14.0, 0.0095, 1_500.0),
    "AVAX": Character(28.0, 0.0100, 1_200.0),
    "DOT": Character(5.5, 0.0090, 800.0),
    "NEAR": Character(4.5, 0.0105, 800.0),
    "ATOM": Character(6.5, 0.0090, 500.0),
    "UNI": Character(8.5, 0.0105, 600.0),
    "FIL": Character(4.5, 0.0095, 500.0),
    "ETC": Character(21.0, 0.0090, 500.0),
    "XLM": Character(0.11, 0.0090, 500.0),
    "APT": Character(8.0, 0.0105, 600.0),
    "ARB": Character(0.7, 0.0105, 700.0),
    "OP": Character(1.7, 0.0105, 600.0),
    "SUI": Character(1.8, 0.0115, 1_500.0),
    "TON": Character(5.5, 0.0085, 600.0),
    "INJ": Character(22.0, 0.0110, 500.0),
    "AAVE": Character(140.0, 0.0105, 600.0),
    "SEI": Character(0.4, 0.0115, 400.0),
    "SHIB": Character(0.000018, 0.0100, 900.0),
    "PEPE": Character(0.0000095, 0.0125, 1_500.0),
    "OMNI": Character(8.0, 0.0120, 200.0),
    "DASH": Character(26.0, 0.0090, 200.0),
}
"""By base coin."""
_ANY_TICKS: Final = 20_000
"""What a contract that is not in the table costs, in ticks."""
_SPREAD: Final = 997
_LEAST_TURNOVER: Final = 5.0
_REACH: Final = 400.0
"""Dollars a second that the stillest of them turns over, and how many times that the busiest does."""


def character_of(instrument: Instrument) -> Character:
    """Return how a contract behaves: as its coin does, or, where that is not in the table, as a middling one."""
    return _CHARACTERS.get(instrument.base) or _middling(instrument)


def _middling(instrument: Instrument) -> Character:
    """Return a character by the coin's name: of those that are made up many are liquid, and some are not."""
    spread = crc32(instrument.base.encode()) % _SPREAD / _SPREAD
    return Character(float(instrument.tick) * _ANY_TICKS, 0.006 + 0.007 * spread, _LEAST_TURNOVER * _REACH**spread)
