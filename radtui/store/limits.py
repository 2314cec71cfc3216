"""How much of what the journal hands back or keeps."""

from __future__ import annotations

from typing import Final

ORDERS_KNOWN: Final = 200
FILLS_KNOWN: Final = 200
RECEIPTS_KNOWN: Final = 200
ERRORS_KNOWN: Final = 100
"""Different ones; repeats are counted (row H5)."""
EQUITY_KNOWN: Final = 300
EQUITY_MONTH: Final = 9_000
"""Rows of a month: one in five minutes of the market clock."""
ALERTS_KNOWN: Final = 200
"""Beside those that were not over."""
EVALUATIONS_KEPT: Final = 100_000
"""About 60 MB: two months of three contracts on 5-minute candles, a fortnight of five on those of a minute."""
CANDLES_KEPT: Final = 600
"""Of the paper venue, for each symbol and span."""
QUEUE_LIMIT: Final = 100_000
"""Rows that may wait for a disk that does not answer, before those that can be missed are dropped."""
