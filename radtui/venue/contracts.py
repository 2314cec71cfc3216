"""The contracts the simulated exchange lists: a table in KuCoin's own figures.

Source: KuCoin's public list of active contracts; only rules that decide about an order are kept. Multiplier and tick of
the smaller coins follow its habits rather than its list of one certain day.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from radtui.core.instrument import Instrument

_MAKER_FEE: Final = Decimal("0.0002")
_TAKER_FEE: Final = Decimal("0.0006")
_MAX_LOTS: Final = 1_000_000
_MAX_INVERSE_LOTS: Final = 10_000_000
_MAX_PRICE: Final = Decimal(1_000_000)

_MARGINS: Final = {
    125: ("0.008", "0.004"),
    100: ("0.01", "0.005"),
    75: ("0.014", "0.007"),
    50: ("0.02", "0.01"),
    30: ("0.034", "0.017"),
    20: ("0.05", "0.025"),
}
"""Initial and maintenance margin by highest leverage."""

_LINEAR: Final = (
    # base, tick, multiplier, highest leverage, first risk limit
    ("XBT", "0.1", "0.001", 125, 100_000),
    ("ETH", "0.01", "0.01", 100, 300_000),
    ("SOL", "0.001", "0.1", 75, 100_000),
    ("LTC", "0.01", "0.1", 75, 50_000),
    ("XRP", "0.0001", "10", 75, 100_000),
    ("ADA", "0.00001", "10", 50, 50_000),
    ("DOGE", "0.00001", "100", 75, 100_000),
    ("TRX", "0.00001", "100", 50, 50_000),
    ("ZRX", "0.0001", "10", 30, 10_000),
    ("BNB", "0.01", "0.01", 75, 50_000),
    ("BCH", "0.01", "0.01", 75, 50_000),
    ("LINK", "0.001", "0.1", 75, 50_000),
    ("AVAX", "0.001", "0.1", 75, 50_000),
    ("DOT", "0.001", "1", 75, 50_000),
    ("NEAR", "0.001", "0.1", 50, 20_000),
    ("ATOM", "0.001", "0.1", 50, 20_000),
    ("UNI", "0.001", "1", 50, 20_000),
    ("FIL", "0.001", "0.1", 50, 20_000),
    ("ETC", "0.001", "0.1", 50, 20_000),
    ("XLM", "0.00001", "10", 50, 20_000),
    ("APT", "0.001", "0.1", 50, 20_000),
    ("ARB", "0.0001", "1", 50, 20_000),
    ("OP", "0.0001", "1", 50, 20_000),
    ("SUI", "0.0001", "1", 75, 50_000),
    ("TON", "0.0001", "1", 50, 20_000),
    ("INJ", "0.001", "1", 50, 20_000),
    ("AAVE", "0.01", "0.01", 50, 20_000),
    ("SEI", "0.0001", "10", 30, 10_000),
    ("SHIB", "0.000000001", "100000", 50, 20_000),
    ("PEPE", "0.0000000001", "100000", 50, 20_000),
    ("OMNI", "0.001", "0.1", 30, 10_000),
    ("DASH", "0.01", "0.01", 20, 10_000),
)


def _linear(row: tuple[str, str, str, int, int], quote: str = "USDT") -> Instrument:
    base, tick, multiplier, leverage, risk_limit = row
    initial, maintenance = _MARGINS[leverage]
    return Instrument(
        symbol=f"{base}{quote}M",
        base=base,
        quote=quote,
        settle=quote,
        tick=Decimal(tick),
        multiplier=Decimal(multiplier),
        maker_fee=_MAKER_FEE,
        taker_fee=_TAKER_FEE,
        initial_margin=Decimal(initial),
        maintenance_margin=Decimal(maintenance),
        max_leverage=leverage,
        max_lots=_MAX_LOTS,
        max_price=_MAX_PRICE,
        risk_limit=Decimal(risk_limit),
    )


def _inverse(base: str, tick: str, leverage: int, risk_limit: int) -> Instrument:
    """Return a contract of one dollar a lot, settled in its coin; `risk_limit` is in coins."""
    initial, maintenance = _MARGINS[leverage]
    return Instrument(
        symbol=f"{base}USDM",
        base=base,
        quote="USD",
        settle=base,
        tick=Decimal(tick),
        multiplier=Decimal(-1),
        maker_fee=_MAKER_FEE,
        taker_fee=_TAKER_FEE,
        initial_margin=Decimal(initial),
        maintenance_margin=Decimal(maintenance),
        max_leverage=leverage,
        max_lots=_MAX_INVERSE_LOTS,
        max_price=_MAX_PRICE,
        inverse=True,
        risk_limit=Decimal(risk_limit),
    )


_ALL: Final = (
    *map(_linear, _LINEAR),
    *(_linear(row, "USDC") for row in _LINEAR[:2]),
    _inverse("XBT", "0.1", 50, 40),
    _inverse("ETH", "0.01", 50, 400),
)

CONTRACTS: Final[dict[str, Instrument]] = {contract.symbol: contract for contract in _ALL}
"""Every listed contract by its symbol; all are perpetual. Linear ones in USDT come first, then USDC, then inverse."""

_MADE_UP: Final = re.compile(r"MU(\d{3})USDTM")
_MADE_UP_GRIDS: Final = (("0.1", "0.001"), ("0.01", "0.01"), ("0.001", "0.1"), ("0.0001", "10"))
"""Tick and multiplier; the price follows the tick."""
MOST_MADE_UP: Final = 999


def contract(symbol: str) -> Instrument | None:
    """Return a contract by its symbol, listed or made up; None where there is none."""
    made_up = _MADE_UP.fullmatch(symbol)
    if made_up is None:
        return CONTRACTS.get(symbol)
    tick, multiplier = _MADE_UP_GRIDS[int(made_up[1]) % len(_MADE_UP_GRIDS)]
    return _linear((f"MU{made_up[1]}", tick, multiplier, 20, 10_000))


def so_many(count: int) -> tuple[str, ...]:
    """Return the symbols of `count` contracts: those that are listed, then made-up ones on coins MU001, MU002 …

    Raises:
        ValueError: so many there are not.
    """
    most = len(CONTRACTS) + MOST_MADE_UP
    if not 1 <= count <= most:
        raise ValueError(f"{count} contracts: from 1 to {most} are possible")
    made_up = (f"MU{number:03}USDTM" for number in range(1, count - len(CONTRACTS) + 1))
    return (*list(CONTRACTS)[:count], *made_up)


DEFAULT_SYMBOLS: Final[tuple[str, ...]] = ("XBTUSDTM", "ETHUSDTM", "SOLUSDTM", "LTCUSDTM", "XRPUSDTM", "ADAUSDTM")
"""What trades where nobody says otherwise."""
