"""The contracts the simulated exchange lists: a table in KuCoin's own figures.

Source: KuCoin's public list of active contracts; only rules that decide about an order are kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.instrument import Instrument

_MAKER_FEE: Final = Decimal("0.0002")
_TAKER_FEE: Final = Decimal("0.0006")
_MAX_LOTS: Final = 1_000_000
_MAX_PRICE: Final = Decimal(1_000_000)

_TABLE: Final = (
    # base, tick, multiplier, initial margin, maintenance margin, highest leverage
    ("XBT", "0.1", "0.001", "0.008", "0.004", 125),
    ("ETH", "0.01", "0.01", "0.01", "0.005", 100),
    ("SOL", "0.001", "0.1", "0.014", "0.007", 75),
    ("LTC", "0.01", "0.1", "0.014", "0.007", 75),
    ("XRP", "0.0001", "10", "0.014", "0.007", 75),
    ("ADA", "0.00001", "10", "0.02", "0.01", 50),
    ("DOGE", "0.00001", "100", "0.014", "0.007", 75),
    ("TRX", "0.00001", "100", "0.02", "0.01", 50),
    ("ZRX", "0.0001", "10", "0.034", "0.017", 30),
)


def _contract(base: str, tick: str, multiplier: str, initial: str, maintenance: str, leverage: int) -> Instrument:
    return Instrument(
        symbol=f"{base}USDTM",
        base=base,
        tick=Decimal(tick),
        multiplier=Decimal(multiplier),
        maker_fee=_MAKER_FEE,
        taker_fee=_TAKER_FEE,
        initial_margin=Decimal(initial),
        maintenance_margin=Decimal(maintenance),
        max_leverage=leverage,
        max_lots=_MAX_LOTS,
        max_price=_MAX_PRICE,
    )


CONTRACTS: Final[dict[str, Instrument]] = {f"{row[0]}USDTM": _contract(*row) for row in _TABLE}
"""Every listed contract by its symbol: linear, perpetual, settled in USDT."""

DEFAULT_SYMBOLS: Final[tuple[str, ...]] = ("XBTUSDTM", "ETHUSDTM", "SOLUSDTM", "LTCUSDTM", "XRPUSDTM", "ADAUSDTM")
"""What trades where nobody says otherwise."""
