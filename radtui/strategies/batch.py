"""A strategy's whole history at once: what it would say candle by candle, told in one call.

Who flies live is asked at each close; a search over years would ask a hundred million times. A strategy that does not
look at the account may offer `foretell` beside `on_candle`: it is used where history is flown, and nowhere else. Both
must say the same, to the last bit. It is handed candles that its own earlier words must not know of: one that looks
ahead would lie about the past, so have a test compare both forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from radtui.core.signal import Signal
from radtui.strategies.base import Strategy

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class History:
    """Closed candles of one contract, oldest first, in columns: prices as the nearest floats.

    Attributes:
        ticks: the closes in units of `tick`, exactly.
    """

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    ticks: NDArray[np.int64]
    tick: Decimal

    def __len__(self) -> int:
        return len(self.close)

    def price(self, at: int) -> Decimal:
        """Return the close of one candle."""
        return int(self.ticks[at]) * self.tick


class Batched(Strategy, Protocol):
    """A strategy that can tell a whole history at once."""

    def foretell(self, history: History) -> Mapping[int, Signal]:
        """Return what `on_candle` would return for each candle, fed from the first on, where that is not `HOLD`."""
        ...
