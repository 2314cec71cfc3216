"""When the next candle closes: a rehearsal's candles may come faster than the clock of its exchange runs."""

from __future__ import annotations


class CandleClock:
    """Tells it by the market clock; where candles run ahead of that one, by the time between the last two of them.

    All times in nanoseconds: `at` on the wall clock, `market_at` and closes on the market clock.
    """

    def __init__(self) -> None:
        self._at = self._closed_at = 0
        self._wall = self._market = 0
        """Time between the last two closes on either clock; 0 before the second one."""

    def closed(self, at: int, closed_at: int) -> None:
        """Note that a candle which closed at `closed_at` was seen; one that is not newer tells nothing."""
        if closed_at <= self._closed_at:
            return
        if self._closed_at:
            self._wall, self._market = max(0, at - self._at), closed_at - self._closed_at
        self._at, self._closed_at = at, closed_at

    def next_close(self, at: int, market_at: int, span: int, speed: int) -> int:
        """Return when the next candle of `span` closes on the wall clock.

        Args:
            speed: market seconds in a wall second, as the exchange declares it.
        """
        if self._closed_at <= market_at or not self._market:
            return at + (span - market_at % span) // speed
        return max(at, self._at + self._wall * span // self._market)
