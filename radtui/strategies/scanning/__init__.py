"""Which of all contracts are worth a look, and what each is worth: pure, the scanner of the engine does the reading."""

from typing import Final

from radtui.core.market import TIMEFRAMES

HOURLY: Final = "1h"
"""The candles that are scored."""
FURTHER: Final = ("4h", "1d")
"""Those that must not contradict them."""
SPANS: Final = tuple(TIMEFRAMES[frame] for frame in (HOURLY, *FURTHER))
"""Nanoseconds of each."""
